/**
 * Keys typed ahead: between the key that opens a form and the form, which the server sends, a letter would be lost,
 * or press what it stands for on the page. What is typed then waits, and stands in the form's first field.
 */
const SLOTS = ["p-dialog-slot", "p-cell-slot"];
const LONGEST = 5000;
const TEXT = "input:not([type=checkbox], [type=radio], [type=hidden], [type=file]), textarea";

interface Asked {
  target?: HTMLElement;
  requestConfig?: { verb: string };
  successful?: boolean;
  xhr?: XMLHttpRequest;
}

let held: string | null = null;
let isFromField = false;
let since = 0;

/** Registered after what attaches to a form that has come, so that its field has the focus already. */
export function listenForOpening(): void {
  on("htmx:beforeSend", (asked) => asked.requestConfig?.verb === "get" && hold(isFromField));
  on("htmx:afterRequest", (asked) => {
    const isGet = asked.requestConfig?.verb === "get";
    const hasNothing = !asked.successful || asked.xhr?.status === 204;
    if (isGet ? hasNothing : asked.xhr?.status !== 204) drop();
  });
  // A microtask: the fields that build themselves take the focus in one, too.
  on("htmx:afterSettle", () => queueMicrotask(release));
}

/** Begins to hold what is typed; with `fromField` also what is typed in the field that is about to go. */
export function hold(fromField: boolean): void {
  held ??= "";
  isFromField = fromField;
  since = performance.now();
}

export function drop(): void {
  held = null;
  isFromField = false;
}

/** Whether this key waits for the form that is to come. */
export function isHeld(event: KeyboardEvent, isInUse: boolean): boolean {
  if (held === null || performance.now() - since > LONGEST) drop();
  if (held === null || (isInUse && !isFromField)) return false;
  if (event.key.length === 1) held += event.key;
  return event.key.length === 1 || event.key === "Enter";
}

function release(): void {
  const text = held;
  drop();
  if (text && document.activeElement?.matches(TEXT)) document.execCommand("insertText", false, text);
}

function on(kind: string, act: (asked: Asked) => void): void {
  document.addEventListener(kind, (event) => {
    const asked = (event as CustomEvent<Asked | undefined>).detail;
    if (asked && SLOTS.includes(asked.target?.id ?? "")) act(asked);
  });
}
