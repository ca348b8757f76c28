/** Native dialogs: opened by data-dialog-open or by arriving in the slot; the focus returns to the opener. */
const openers = new WeakMap<HTMLDialogElement, Element | null>();

export function attachDialog(element: HTMLElement): void {
  if (!(element instanceof HTMLDialogElement)) return;
  element.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    if (target.closest("[data-dialog-close]")) element.close();
  });
  element.addEventListener("close", () => returnFocus(element));
  const arrived = element.closest("[data-dialog-slot]") !== null;
  if (arrived) giveOwnIds(element);
  if (arrived || element.dataset.dialogNow !== undefined) open(element);
}

const REFERENCES = ["for", "form", "aria-describedby", "aria-labelledby", "aria-controls", "data-target"];

/** A dialog may arrive over a page whose fields have the same ids: labels would name the wrong ones. */
function giveOwnIds(dialog: HTMLDialogElement): void {
  for (const element of dialog.querySelectorAll<HTMLElement>("[id]")) {
    const id = element.id;
    const twins = document.querySelectorAll(`[id="${CSS.escape(id)}"]`);
    if (twins.length < 2) continue;
    element.id = `dialog-${id}`;
    for (const name of REFERENCES) {
      for (const user of dialog.querySelectorAll(`[${name}~="${CSS.escape(id)}"]`)) {
        const words = (user.getAttribute(name) ?? "").split(" ");
        user.setAttribute(name, words.map((word) => (word === id ? element.id : word)).join(" "));
      }
    }
    for (const link of dialog.querySelectorAll(`a[href="#${CSS.escape(id)}"]`)) link.setAttribute("href", `#${element.id}`);
  }
}

export function listenForDialogs(): void {
  document.addEventListener("click", (event) => {
    const opener = (event.target as HTMLElement).closest<HTMLElement>("[data-dialog-open]");
    const dialog = document.getElementById(opener?.dataset.dialogOpen ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    openers.set(dialog, opener?.closest("details")?.querySelector("summary") ?? opener);
    open(dialog);
  });
  document.addEventListener("dialog-close", () => {
    document.querySelectorAll<HTMLDialogElement>("dialog[open]").forEach((dialog) => dialog.close());
  });
}

function open(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  if (!openers.has(dialog)) openers.set(dialog, openerNow());
  dialog.showModal();
  const first = dialog.querySelector<HTMLElement>("[autofocus], [aria-invalid=true]") ?? firstField(dialog);
  (first ?? answer(dialog))?.focus();
}

/** A menu closes when its entry opens a dialog, so the focus goes back to the menu's button. */
function openerNow(): Element | null {
  const active = document.activeElement;
  return active?.closest("details")?.querySelector("summary") ?? active;
}

function firstField(dialog: HTMLDialogElement): HTMLElement | null {
  return dialog.querySelector<HTMLElement>(
    ".p-dialog-body :is(input:not([type=hidden]), textarea, select, a[href], button)",
  );
}

/** A bare question: Enter answers it where the act can be undone, else it keeps things as they are. */
function answer(dialog: HTMLDialogElement): HTMLElement | null {
  const foot = dialog.querySelector("footer");
  return foot?.querySelector<HTMLElement>(".p-button-primary") ?? foot?.querySelector<HTMLElement>("[data-dialog-close]") ?? null;
}

function returnFocus(dialog: HTMLDialogElement): void {
  const opener = openers.get(dialog);
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  if (dialog.closest("[data-dialog-slot]")) dialog.remove();
}
