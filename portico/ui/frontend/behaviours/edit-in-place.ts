/** A field that is edited where it stands: Esc gives back what was there, Ctrl or Cmd with Enter saves. */
export function attachEditInPlace(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      form.querySelector<HTMLElement>("[data-detail-cancel]")?.click();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit();
    }
  });
  const first = form.querySelector<HTMLInputElement>("input[autofocus]");
  if (first && !first.closest(".p-combobox")) {
    first.focus();
    first.select();
    return;
  }
  // A field with chips builds itself after this one.
  requestAnimationFrame(() => form.querySelector<HTMLElement>(".p-combobox-input")?.focus());
}
