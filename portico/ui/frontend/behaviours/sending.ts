/** Ctrl Enter sends the form one is in, Ctrl S saves and stays, Z takes the last act back. */
const MAIN_VERB = ".p-button-primary[type=submit]:not([disabled])";

export function sendForm(): boolean {
  const form = formHere();
  const button = form?.querySelector<HTMLButtonElement>(MAIN_VERB);
  if (!form || !button) return false;
  form.requestSubmit(button);
  return true;
}

export function saveAndStay(): boolean {
  const form = formHere();
  if (!form || !form.matches("main form")) return false;
  if (form.dataset.saveStay !== undefined && !form.elements.namedItem("stay")) {
    const stay = document.createElement("input");
    Object.assign(stay, { type: "hidden", name: "stay", value: "1" });
    form.append(stay);
  }
  return sendForm();
}

export function undoLast(): boolean {
  const shown = [...document.querySelectorAll<HTMLElement>("[data-toast] .p-toast-undo")].at(-1);
  const undo = shown ?? document.querySelector<HTMLElement>("[data-undo-last]");
  undo?.click();
  return undo !== null;
}

/** The form that has the focus; without one, the only form that the page or its dialog is about. */
function formHere(): HTMLFormElement | null {
  const open = document.querySelector<HTMLElement>("dialog[open]");
  const own = document.activeElement?.closest("form");
  if (own && own.method === "post" && (!open || open.contains(own))) return own;
  const forms = (open ?? document).querySelectorAll<HTMLFormElement>(open ? "form" : "main form.p-form");
  const sending = [...forms].filter((form) => form.method === "post");
  return sending.length === 1 ? (sending[0] ?? null) : null;
}
