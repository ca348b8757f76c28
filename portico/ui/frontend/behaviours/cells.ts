/**
 * Cells of a list that are edited where they stand: F2, a double click or the pencil of the cell; the row's menu
 * where fingers point or cells do not show. The form is that of the record's page; see cell-editor.ts.
 */
import htmx from "htmx.org";
import { attachMenu } from "./menu";

const MENUS = "(hover: none), (max-width: 767.98px)";

interface Field {
  name: string;
  label: string;
  place: number;
}

export function attachCells(element: HTMLElement): void {
  if (!(element instanceof HTMLTableElement)) return;
  for (const kind of ["pointerover", "focusin"]) element.addEventListener(kind, (event) => dress(rowOf(event.target)));
  element.addEventListener("dblclick", (event) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("td, th") : null;
    const row = rowOf(event.target);
    const field = cell && fieldsOf(element).find((one) => one.place === cell.cellIndex);
    const onControl = event.target instanceof Element && event.target.closest("button, input, label, summary");
    if (!row || !field || onControl) return;
    event.preventDefault();
    openField(row, field.name);
  });
  const narrow = window.matchMedia(MENUS);
  const addMenus = () => narrow.matches && element.querySelectorAll<HTMLElement>("tr[data-row]").forEach(addMenu);
  narrow.addEventListener("change", addMenus);
  addMenus();
}

/** F2: the cell that has the focus, else the first one of the row. */
export function editHere(): boolean {
  const active = document.activeElement;
  const row = rowOf(active) ?? document.querySelector<HTMLElement>("tr.p-row-current");
  const first = row && shownFields(row)[0];
  if (!row || !first) return false;
  const pencil = active?.closest<HTMLElement>("[data-cell-edit]");
  openField(row, pencil?.dataset.cellEdit ?? first.name);
  return true;
}

export function openField(row: HTMLElement, name: string): void {
  const address = addressOf(row, name);
  void htmx.ajax("get", `${address}${address.includes("?") ? "&" : "?"}cell=1`, { target: "#p-cell-slot", swap: "innerHTML" });
}

export function addressOf(row: HTMLElement, name: string): string {
  const pattern = row.closest("table")?.dataset.editUrl ?? "";
  return pattern.replace("{id}", row.dataset.id ?? "").replace("{field}", encodeURIComponent(name));
}

export function findRow(id: string): HTMLTableRowElement | null {
  return document.querySelector(`tr[data-row][data-id="${CSS.escape(id)}"]`);
}

/** The cell of a field if it shows now, else the row's first cell. */
export function cellOf(row: HTMLTableRowElement, name: string): HTMLElement {
  const table = row.closest("table");
  const field = table && fieldsOf(table).find((one) => one.name === name);
  const cell = field && row.cells[field.place];
  return cell && isShown(cell) ? cell : (row.querySelector<HTMLElement>(".p-col-name") ?? row);
}

/** The next or the one before among the fields that show in this row. */
export function besides(row: HTMLElement, name: string, step: number): string | undefined {
  const names = shownFields(row).map((field) => field.name);
  const place = names.indexOf(name);
  return place < 0 ? undefined : names[place + step];
}

/** Pencils and the menu of a row; they are added when the row is first pointed at or reached. */
export function dress(row: HTMLElement | null): void {
  const template = document.querySelector<HTMLTemplateElement>("template[data-cell-pencil]");
  if (!row || !template || row.dataset.dressed) return;
  row.dataset.dressed = "1";
  for (const field of shownFields(row)) {
    const pencil = template.content.firstElementChild?.cloneNode(true);
    const cell = (row as HTMLTableRowElement).cells[field.place];
    if (!(pencil instanceof HTMLElement) || !cell) continue;
    pencil.dataset.cellEdit = field.name;
    pencil.ariaLabel = pencil.title = labelOf(row, field.label);
    pencil.addEventListener("click", () => openField(row, field.name));
    cell.append(pencil);
  }
  if (window.matchMedia(MENUS).matches) addMenu(row);
}

function addMenu(row: HTMLElement): void {
  const table = row.closest("table");
  const template = document.querySelector<HTMLTemplateElement>("template[data-cell-menu]");
  const menu = template?.content.firstElementChild?.cloneNode(true);
  const place = row.querySelector(".p-col-name");
  if (!table || !(menu instanceof HTMLElement) || !place || row.querySelector(".p-cell-menu")) return;
  menu.classList.add("p-cell-menu");
  for (const field of fieldsOf(table)) {
    const entry = document.createElement("button");
    entry.type = "button";
    entry.className = "p-menu-entry";
    entry.textContent = labelOf(row, field.label);
    entry.addEventListener("click", () => openField(row, field.name));
    menu.querySelector(".p-menu-list")?.append(entry);
  }
  for (const page of row.querySelectorAll<HTMLAnchorElement>(".p-col-actions a")) {
    menu.querySelector(".p-menu-list")?.append(asEntry(page));
  }
  place.append(menu);
  attachMenu(menu);
}

/** A link to a whole form, which has no room beside the name on the phone. */
function asEntry(link: HTMLAnchorElement): HTMLAnchorElement {
  const entry = document.createElement("a");
  entry.className = "p-menu-entry";
  entry.href = link.href;
  entry.textContent = link.ariaLabel || link.textContent;
  return entry;
}

/** One click on a name opens the record, two edit the name: a mouse waits a moment for the second. */
function fieldsOf(table: HTMLTableElement): Field[] {
  const heads = table.querySelectorAll<HTMLTableCellElement>("th[data-edits]");
  return [...heads].map((head) => ({
    name: head.dataset.edits ?? "",
    label: head.dataset.editsLabel ?? "",
    place: head.cellIndex,
  }));
}

function shownFields(row: HTMLElement): Field[] {
  const table = row.closest("table");
  const cells = (row as HTMLTableRowElement).cells;
  return table?.dataset.editUrl ? fieldsOf(table).filter((field) => isShown(cells[field.place])) : [];
}

function labelOf(row: HTMLElement, field: string): string {
  const name = row.querySelector(".p-name-link")?.textContent ?? "";
  const pattern = row.closest("table")?.dataset.editLabel ?? "";
  return pattern.replace("{field}", () => field).replace("{name}", () => name);
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("tr[data-row]") : null;
}

function isShown(cell: HTMLElement | undefined): boolean {
  return cell !== undefined && cell.getClientRects().length > 0;
}
