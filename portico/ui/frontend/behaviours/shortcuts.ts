/** Single keys, outside text fields only; off when the reader switched them off (WCAG 2.1.4). */
export function listenForShortcuts(): void {
  if (document.body.dataset.shortcuts === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event)) return;
    if (document.querySelector("dialog[open]")) return;
    if (press(event.key, event.shiftKey)) event.preventDefault();
  });
}

function inField(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type)) return false;
  return target.matches("input, textarea, select, [contenteditable]");
}

function press(key: string, shift: boolean): boolean {
  const letter = key.toLowerCase();
  if (key === "?") return openKeys();
  if (letter === "j") return moveRow(1);
  if (letter === "k") return moveRow(-1);
  if (letter === "x") return selectRow(shift);
  if (key === "Enter") return openRow();
  const focus = document.querySelectorAll<HTMLElement>(`[data-shortcut-focus="${CSS.escape(letter)}"]`);
  const field = [...focus].reverse().find(isShown);
  if (field) {
    field.focus();
    return true;
  }
  const named = document.querySelectorAll<HTMLElement>(`[data-shortcut="${CSS.escape(letter)}"]`);
  const target = [...named].find(isShown);
  target?.click();
  return target !== undefined;
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

function openKeys(): boolean {
  const keys = document.getElementById("p-keys");
  if (!(keys instanceof HTMLDialogElement)) return false;
  keys.showModal();
  return true;
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("tr[data-row]")];
}

function currentRow(): HTMLElement | null {
  return document.querySelector<HTMLElement>("tr.p-row-current");
}

function moveRow(step: number): boolean {
  const all = rows();
  if (!all.length) return false;
  const now = currentRow();
  const next = all[Math.min(Math.max((now ? all.indexOf(now) : -1) + step, 0), all.length - 1)];
  now?.classList.remove("p-row-current");
  next?.classList.add("p-row-current");
  next?.querySelector<HTMLElement>(".p-name-link, input")?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function selectRow(shift: boolean): boolean {
  const box = currentRow()?.querySelector<HTMLInputElement>("input[name=ids]");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: shift }));
  return box !== null && box !== undefined;
}

function openRow(): boolean {
  if (document.activeElement !== document.body) return false;
  const link = currentRow()?.querySelector<HTMLElement>("a.p-name-link");
  link?.click();
  return link !== null && link !== undefined;
}
