/** The theme changes at once; the choice is sent in the background. */
export function attachTheme(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  element.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const body = new FormData(element, button);
    document.documentElement.dataset.bsTheme = button.value;
    for (const other of element.querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    void fetch(element.action, { method: "POST", body, redirect: "manual" });
  });
}
