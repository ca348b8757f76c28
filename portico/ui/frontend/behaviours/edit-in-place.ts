/**
 * A field that is edited where it stands: Esc gives back what was there, Ctrl or Cmd with Enter saves; in a select
 * Enter alone does, as in a text of one line.
 */
export function attachEditInPlace(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      form.querySelector<HTMLElement>("[data-detail-cancel]")?.click();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target instanceof HTMLSelectElement)) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit();
    }
  });
  const first = form.querySelector<HTMLInputElement>("input[autofocus]");
  if (first && !first.closest(".p-combobox")) {
    // The field has the focus since it came; who is fast has typed already, and must not type over that.
    if (first.value === first.defaultValue) {
      first.focus();
      first.select();
    }
    return;
  }
  // A field with chips builds itself after this one, and before the next key.
  queueMicrotask(() => {
    if (!form.contains(document.activeElement)) form.querySelector<HTMLElement>(".p-combobox-input")?.focus();
  });
}
