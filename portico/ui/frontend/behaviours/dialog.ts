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
  if (arrived || element.dataset.dialogNow !== undefined) open(element);
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
  first?.focus();
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

function returnFocus(dialog: HTMLDialogElement): void {
  const opener = openers.get(dialog);
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  if (dialog.closest("[data-dialog-slot]")) dialog.remove();
}
