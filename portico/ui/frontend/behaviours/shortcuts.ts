/**
 * Keys. Those with Ctrl or Cmd and the arrows work always; single letters only outside text fields, and not when
 * the reader switched them off (WCAG 2.1.4). Letters count as printed on the key, whatever the layout.
 */
import { isHeld } from "./ahead";
import { editHere } from "./cells";
import { openKeys } from "./keys";
import { lookAtRow } from "./look";
import { openPalette } from "./palette";
import { isInList, linkToLookAt, listenForRows, moveRow, openRow, selectForAct, selectPage, selectRow } from "./rows";
import { saveAndStay, sendForm, undoLast } from "./sending";

const SEQUENCE_TIME = 1500;
let goUntil = 0;

export function listenForShortcuts(): void {
  const hasLetters = document.body.dataset.shortcuts !== "off";
  listenForRows();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const isChord = event.ctrlKey || event.metaKey;
    const isWaiting = !isChord && isHeld(event, inField(event) || hasDialog());
    const done = isWaiting || (isChord ? chord(event) : plain(event) || (hasLetters && letter(event)));
    if (done) event.preventDefault();
  });
}

function chord(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (event.shiftKey) return false;
  if (key === "k") return openPalette();
  if (key === "enter") return sendForm();
  if (key === "s") return saveAndStay();
  if (key === "a") return !inField(event) && !hasDialog() && selectPage();
  return false;
}

function plain(event: KeyboardEvent): boolean {
  if (event.key === "ArrowDown" && isListSearch(event.target) && !hasDialog()) return moveRow(1);
  if (inField(event) || hasDialog() || event.shiftKey) return false;
  if (event.key === "ArrowDown") return isInList() && moveRow(1);
  if (event.key === "ArrowUp") return isInList() && moveRow(-1);
  if (event.key === "F2") return editHere();
  return event.key === "Enter" && openRow();
}

function letter(event: KeyboardEvent): boolean {
  if (inField(event) || hasDialog()) return false;
  const key = event.key.toLowerCase();
  if (goUntil > event.timeStamp && go(key)) return true;
  goUntil = key === "g" ? event.timeStamp + SEQUENCE_TIME : 0;
  if (event.key === "?") return openKeys();
  if (event.key === " ") return !event.shiftKey && lookAtRow(linkToLookAt());
  if (key === "j") return moveRow(1);
  if (key === "k") return moveRow(-1);
  if (key === "x") return selectRow(event.shiftKey);
  if (key === "z") return undoLast();
  if (key === "e") selectForAct();
  return focusField(key) || pressControl(key);
}

function go(key: string): boolean {
  goUntil = 0;
  const entry = document.querySelector<HTMLElement>(`[data-go="${CSS.escape(key)}"]`);
  entry?.click();
  return entry !== null;
}

function focusField(key: string): boolean {
  const fields = document.querySelectorAll<HTMLElement>(`[data-shortcut-focus="${CSS.escape(key)}"]`);
  const field = [...fields].reverse().find(isShown);
  field?.focus();
  return field !== undefined;
}

/**
 * A control that shows, of several the last: that of the tab comes after that of the record's head. Else one in a
 * closed menu of the record; else what stands in for the page.
 */
function pressControl(key: string): boolean {
  const name = CSS.escape(key);
  const named = [...document.querySelectorAll<HTMLElement>(`[data-shortcut="${name}"]`)];
  const instead = document.querySelector<HTMLElement>(`[data-shortcut-else="${name}"]`);
  const inMenu = named.find((control) => control.closest(".p-record-buttons details"));
  const target = [...named].reverse().find(isShown) ?? inMenu ?? instead;
  target?.click();
  return target !== null && target !== undefined;
}

/** A field of a dialog that was just closed has the focus until the next frame: nobody types into that. */
function inField(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement) || !isShown(target)) return false;
  if (target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type)) return false;
  return target.matches("input, textarea, select, [contenteditable]");
}

/** From the search of the list the arrow leads on to what it found. */
function isListSearch(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(".p-main input[data-shortcut-focus='/']");
}

function hasDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}
