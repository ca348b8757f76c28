/**
 * Toasts stay ten seconds, longer while looked at; errors stay until closed. They never take the focus. What was done
 * is told by one toast: the next takes its place and counts those before it, unless somebody is about to use it.
 */
const SHOWN = 10_000;

interface Link {
  label: string;
  url: string;
}

interface Message {
  text: string;
  undo_url?: string;
  undo_label?: string;
  links?: Link[];
  tone?: "done" | "error";
}

export function attachToasts(region: HTMLElement): void {
  region.querySelectorAll<HTMLElement>("[data-toast]").forEach(watch);
  document.addEventListener("toast", (event) => {
    const message = (event as CustomEvent<Message>).detail;
    const toast = build(region, message);
    if (!toast) return;
    if (message.tone !== "error") takePlace(region, toast);
    region.append(toast);
    watch(toast);
  });
}

/** Quick acts one after another would pile up: each can be undone in Recent changes, where the count leads. */
function takePlace(region: HTMLElement, toast: HTMLElement): void {
  let earlier = 0;
  for (const told of region.querySelectorAll<HTMLElement>("[data-toast]:not([role=alert])")) {
    if (told.matches(":hover, :focus-within")) continue;
    earlier += Number(told.dataset.earlier ?? 0) + (told.querySelector("form") ? 1 : 0);
    told.remove();
  }
  const { changes, earlierOne, earlierMany } = region.dataset;
  if (!earlier || !changes) return;
  toast.dataset.earlier = String(earlier);
  const label = (earlier === 1 ? earlierOne : earlierMany) ?? "";
  toast.querySelector("[data-toast-close]")?.before(buildLink({ label: label.replace("{n}", String(earlier)), url: changes }));
}

function watch(toast: HTMLElement): void {
  let timer = 0;
  const stop = () => window.clearTimeout(timer);
  const start = () => {
    stop();
    if (toast.getAttribute("role") !== "alert") timer = window.setTimeout(() => toast.remove(), SHOWN);
  };
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
  start();
}

function build(region: HTMLElement, message: Message): HTMLElement | null {
  const template = region.querySelector<HTMLTemplateElement>("[data-toast-template]");
  const toast = template?.content.querySelector<HTMLElement>("[data-toast]")?.cloneNode(true);
  if (!(toast instanceof HTMLElement)) return null;
  const text = toast.querySelector(".p-toast-text");
  const undo = toast.querySelector("form");
  if (text) text.textContent = message.text;
  if (message.tone === "error") toast.setAttribute("role", "alert");
  if (undo && message.undo_url) undo.action = message.undo_url;
  else undo?.remove();
  const label = toast.querySelector(".p-toast-undo");
  if (label && message.undo_label) label.textContent = message.undo_label;
  toast.querySelector("[data-toast-close]")?.before(...(message.links ?? []).map(buildLink));
  return toast;
}

function buildLink(link: Link): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.className = "p-link";
  anchor.href = link.url;
  anchor.textContent = link.label;
  return anchor;
}
