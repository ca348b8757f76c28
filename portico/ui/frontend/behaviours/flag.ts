/** Yes or no in a list, turned round by one press: shown at once, taken back when it was not saved. */
import htmx from "htmx.org";
import { addressOf } from "./cells";

export function attachFlags(table: HTMLElement): void {
  table.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-flag]") : null;
    if (button && button.ariaBusy !== "true") turn(button);
  });
  table.addEventListener("htmx:afterRequest", (event) => {
    const button = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-flag]") : null;
    const answer = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    if (!button) return;
    button.ariaBusy = null;
    if (answer.status !== 204) show(button, button.dataset.on === "1" ? "0" : "1");
  });
}

function turn(button: HTMLButtonElement): void {
  const row = button.closest<HTMLElement>("tr[data-row]");
  const name = button.dataset.flag ?? "";
  const before = button.dataset.on ?? "";
  if (!row) return;
  const after = before === "1" ? "0" : "1";
  show(button, after);
  button.ariaBusy = "true";
  const values = { cell: "1", version: row.dataset.version ?? "", [name]: after, [`initial-${name}`]: before };
  const target = { source: button, target: "#p-cell-slot", swap: "innerHTML", values } as const;
  // What goes wrong on the way is told by htmx:sendError and htmx:responseError.
  htmx.ajax("post", addressOf(row, name), target).catch(() => undefined);
}

function show(button: HTMLElement, value: string): void {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-flag-shown="${value}"]`);
  const name = button.closest("tr")?.querySelector(".p-name-link")?.textContent ?? "";
  if (!template) return;
  button.dataset.on = value;
  button.replaceChildren(template.content.cloneNode(true));
  button.ariaLabel = (template.dataset.label ?? "").replace("{name}", () => name);
}
