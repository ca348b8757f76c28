/** A form is sent once; the form token stays, so that a second try is recognized by the server. */
const WAIT = 8000;

export function attachSubmitOnce(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  let busy = false;
  const free = () => {
    busy = false;
    element.removeAttribute("aria-busy");
  };
  element.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    busy = true;
    element.setAttribute("aria-busy", "true");
    window.setTimeout(free, WAIT);
  });
  element.addEventListener("htmx:afterRequest", free);
  window.addEventListener("pageshow", free);
}
