/** The row that the keyboard is at: the focus stands on its name, so that Enter opens it natively. */
export function moveRow(step: number): boolean {
  const all = [...document.querySelectorAll<HTMLElement>("tr[data-row]")];
  if (!all.length) return false;
  const now = currentRow();
  const next = all[Math.min(Math.max((now ? all.indexOf(now) : -1) + step, 0), all.length - 1)];
  if (next) setCurrent(next);
  return true;
}

/** Whether arrow keys belong to the list now: the focus is in a row, or nowhere after J and K. */
export function isInList(): boolean {
  const active = document.activeElement;
  if (active?.closest("tr[data-row]")) return true;
  return active === document.body && currentRow() !== null;
}

export function selectRow(shift: boolean): boolean {
  const box = currentRow()?.querySelector<HTMLInputElement>("input[name=ids]");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: shift }));
  return box !== null && box !== undefined;
}

/** The page; pressed again, everything that matches. */
export function selectPage(): boolean {
  const page = document.querySelector<HTMLInputElement>("[data-select-page]");
  if (!page) return false;
  if (page.checked) {
    document.querySelector<HTMLElement>("[data-bulk-select-all]")?.click();
    return true;
  }
  page.checked = true;
  page.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

/** The link of the row that the keyboard is at, while nothing else has the focus that Space belongs to. */
export function linkToLookAt(): HTMLAnchorElement | null {
  const active = document.activeElement;
  if (active !== document.body && !active?.matches("tr[data-row] a.p-name-link")) return null;
  return currentRow()?.querySelector<HTMLAnchorElement>("a.p-name-link") ?? null;
}

export function openRow(): boolean {
  const active = document.activeElement;
  if (active !== document.body && !active?.matches("tr[data-row] input")) return false;
  const link = currentRow()?.querySelector<HTMLElement>("a.p-name-link");
  link?.click();
  return link !== null && link !== undefined;
}

/** With nothing chosen, the row the keyboard is at is what an act is about. */
export function selectForAct(): void {
  const isChosen = document.querySelector("tr[data-row] input[name=ids]:checked") !== null;
  if (!isChosen) selectRow(false);
}

export function listenForRows(): void {
  document.addEventListener("focusin", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-row]");
    if (row && row !== currentRow()) mark(row);
  });
}

function currentRow(): HTMLElement | null {
  return document.querySelector<HTMLElement>("tr.p-row-current");
}

function setCurrent(row: HTMLElement): void {
  mark(row);
  (row.querySelector<HTMLElement>("a.p-name-link") ?? row.querySelector<HTMLElement>("input"))?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function mark(row: HTMLElement): void {
  currentRow()?.classList.remove("p-row-current");
  row.classList.add("p-row-current");
}
