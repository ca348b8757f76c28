/**
 * The small form over a cell: Enter saves, Esc gives back what was there and says so, F2 and Tab go on to the next
 * cell of the row. After saving, the row is fetched again as the list shows it now; one that no longer belongs on the
 * page stays until the last of its cells is left, so that nobody types into another row.
 */
import { drop, hold } from "./ahead";
import { besides, cellOf, dress, findRow, openField } from "./cells";

const EDGE = 8;
const LEAST_WIDTH = 288;
const ROOM_FOR_CHOICES = 260;
const TICKED = 2500;
const FOCUSABLE = "input:not([type=hidden]), select:not([hidden]), textarea, button, a[href]";

interface Saved {
  id: string;
  field: string;
  text: string;
  undo_url: string | null;
  gone: string;
}

let goOn = "";

export function attachCellEditor(element: HTMLElement): void {
  const form = element.querySelector("form");
  if (!(element instanceof HTMLDialogElement) || !form) return;
  const opened = contentOf(form);
  const isChanged = () => contentOf(form) !== opened || element.querySelector(".p-field-error") !== null;
  goOn = "";
  element.show();
  bringIntoView(element);
  place(element);
  // The fields build themselves after this one, and before the next key; the one that has the focus keeps it.
  queueMicrotask(() => {
    place(element);
    const fields = focusables(element);
    if (!fields.some((field) => field === document.activeElement)) fields[0]?.focus();
  });
  element.querySelector("[data-detail-cancel]")?.addEventListener("click", () => leave(element));
  element.addEventListener("keydown", (event) => onKey(event, element, isChanged));
  element.addEventListener("input", () => place(element));
  const outside = (event: Event) => {
    if (!element.isConnected) document.removeEventListener("pointerdown", outside);
    else if (!element.contains(event.target as Node) && !isChanged()) close(element);
  };
  document.addEventListener("pointerdown", outside);
}

export function listenForCells(): void {
  const again = () => {
    const editor = document.querySelector<HTMLDialogElement>(".p-cell-editor");
    if (editor) place(editor);
  };
  window.addEventListener("resize", again);
  document.addEventListener("scroll", again, { capture: true, passive: true });
  document.addEventListener("cell-saved", (event) => void refresh((event as CustomEvent<Saved>).detail));
}

function onKey(event: KeyboardEvent, editor: HTMLDialogElement, isChanged: () => boolean): void {
  if (event.isComposing || event.defaultPrevented) return;
  const form = editor.querySelector("form");
  if (form?.method === "dialog") return; // only told, with nothing left to save
  const atEdge = event.target === (event.shiftKey ? focusables(editor)[0] : lastStop(editor));
  if (event.key === "F2" || (event.key === "Tab" && atEdge)) {
    event.preventDefault();
    step(editor, event.key === "Tab" && event.shiftKey ? -1 : 1, isChanged());
  } else if (event.key === "Enter" && event.target instanceof HTMLSelectElement) {
    event.preventDefault();
    form?.requestSubmit();
  }
}

/** Save and Cancel are on Enter and Esc, so Tab need not pass them, but where the form asks or refuses something. */
function lastStop(editor: HTMLElement): HTMLElement | undefined {
  const stops = focusables(editor);
  const asks = editor.querySelector(".p-field-error, .p-detail-warning") !== null;
  return asks ? stops.at(-1) : stops.filter((stop) => !stop.closest(".p-detail-buttons")).at(-1);
}

/** To the cell beside this one, saving first what was typed; behind the last one back to the row. */
function step(editor: HTMLDialogElement, by: number, isChanged: boolean): void {
  const row = findRow(editor.dataset.cellOf ?? "");
  const next = row ? besides(row, editor.dataset.cellField ?? "", by) : undefined;
  if (isChanged) {
    const form = editor.querySelector("form");
    goOn = next ?? "";
    if (next && form?.checkValidity()) hold(true);
    form?.requestSubmit();
  } else if (row && next) {
    openField(row, next);
  } else {
    leave(editor);
  }
}

function leave(editor: HTMLDialogElement): void {
  const { cellOf: id, cellField: field } = editor.dataset;
  close(editor);
  focusRow(id ?? "", field ?? "");
  say("unchanged");
  const row = findRow(id ?? "");
  if (row?.dataset.gone) void fetchList().then((list) => list && remove(row, list));
}

function close(editor: HTMLDialogElement): void {
  editor.close();
  editor.remove();
}

async function refresh(saved: Saved): Promise<void> {
  document.querySelector(".p-cell-editor")?.remove();
  const old = findRow(saved.id);
  const answer = await fetchList();
  const fresh = answer?.querySelector<HTMLTableRowElement>(`tr[data-row][data-id="${CSS.escape(saved.id)}"]`);
  const isGone = answer !== null && !fresh;
  if (old && fresh) replace(old, fresh, saved.field);
  if (isGone && !goOn) remove(old, answer);
  if (isGone && old) old.dataset.gone = "1";
  tell(saved, isGone);
  const row = findRow(saved.id);
  if (goOn && row) openField(row, goOn);
  else {
    drop();
    // Who went on meanwhile, to another row or to the search, is left there.
    if (document.activeElement === document.body) focusRow(saved.id, saved.field);
  }
  goOn = "";
}

/** The list as its address shows it now, with its count; null when it can't be had. */
async function fetchList(): Promise<Document | null> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    const list = new DOMParser().parseFromString(await answer.text(), "text/html");
    const count = document.querySelector(".p-result-count");
    const counted = list.querySelector(".p-result-count")?.textContent;
    if (count && counted && count.textContent !== counted) count.textContent = counted;
    return list;
  } catch {
    return null;
  }
}

function replace(old: HTMLTableRowElement, fresh: HTMLTableRowElement, field: string): void {
  const wasChosen = old.querySelector<HTMLInputElement>("input[name=ids]")?.checked ?? false;
  const box = fresh.querySelector<HTMLInputElement>("input[name=ids]");
  if (box) box.checked = wasChosen;
  fresh.classList.toggle("p-row-current", old.classList.contains("p-row-current"));
  old.replaceWith(fresh);
  dress(fresh);
  const tick = document.querySelector<HTMLTemplateElement>("template[data-cell-tick]");
  const mark = tick?.content.firstElementChild?.cloneNode(true);
  if (!(mark instanceof HTMLElement)) return;
  cellOf(fresh, field).append(mark);
  window.setTimeout(() => mark.remove(), TICKED);
}

/** Without a row left, the list says what it says when it is empty. */
function remove(row: HTMLTableRowElement | null, list: Document): void {
  const table = row?.closest("table");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  row?.remove();
  table?.dispatchEvent(new Event("change", { bubbles: true }));
  if (!table?.querySelector("tr[data-row]")) {
    document.querySelector(".p-region")?.replaceChildren(...(list.querySelector(".p-region")?.childNodes ?? []));
    document.getElementById("main")?.focus();
  }
  beside?.querySelector<HTMLElement>(".p-name-link")?.focus();
}

function tell(saved: Saved, isGone: boolean): void {
  if (!saved.text) {
    say("unchanged");
    return;
  }
  const text = isGone ? `${saved.text} ${saved.gone}` : saved.text;
  const detail = { text, undo_url: saved.undo_url ?? undefined };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

/** Back to where one was: the pencil of the cell if it shows, else the name of the row. */
function focusRow(id: string, field: string): void {
  const row = findRow(id);
  if (!row) return;
  const name = row.querySelector<HTMLElement>(".p-name-link");
  name?.focus();
  row.querySelector<HTMLElement>(`[data-cell-edit="${CSS.escape(field)}"]`)?.focus();
}

function say(what: "unchanged"): void {
  const region = document.getElementById("p-cell-said");
  if (!region) return;
  region.textContent = "";
  window.setTimeout(() => (region.textContent = region.dataset[what] ?? ""), 50);
}

/** In a wide list the next cell may stand beside the window: its head and what it held are to be seen. */
function bringIntoView(editor: HTMLDialogElement): void {
  const row = findRow(editor.dataset.cellOf ?? "");
  if (row) cellOf(row, editor.dataset.cellField ?? "").scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Over its cell, beside the names that stay, inside the window, with room below for the choices of a list. */
function place(editor: HTMLDialogElement): void {
  const row = findRow(editor.dataset.cellOf ?? "");
  if (!row) return;
  const shown = cellOf(row, editor.dataset.cellField ?? "");
  const cell = shown.getBoundingClientRect();
  const width = Math.min(Math.max(LEAST_WIDTH, cell.width), window.innerWidth - 2 * EDGE);
  const room = editor.querySelector(".p-combobox") ? ROOM_FOR_CHOICES : 0;
  editor.style.width = `${width}px`;
  const left = Math.max(EDGE, Math.min(Math.max(cell.left, besideNames(row, shown)), window.innerWidth - EDGE - width));
  const lowest = window.innerHeight - EDGE - editor.offsetHeight - room;
  editor.style.left = `${left}px`;
  editor.style.top = `${Math.max(EDGE, Math.min(cell.top, lowest))}px`;
}

/** Where a cell begins that goes by behind the name of its row; the name and what stands before it have no such edge. */
function besideNames(row: HTMLElement, cell: HTMLElement): number {
  const name = row.querySelector(".p-col-name");
  const isAfter = name !== null && name.compareDocumentPosition(cell) === Node.DOCUMENT_POSITION_FOLLOWING;
  return isAfter && getComputedStyle(name).position === "sticky" ? name.getBoundingClientRect().right : 0;
}

function focusables(editor: HTMLElement): HTMLElement[] {
  return [...editor.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.getClientRects().length > 0);
}

function contentOf(form: HTMLFormElement): string {
  const own = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(own);
}
