/** What was ticked stays ticked on the other pages of a list and in another order (edge case 53). */
const PLACE = "selection";
const STEPS = "a.p-pager-link, a.p-sort";
const ORDER = ["cursor", "sort", "columns"];

export interface Kept {
  ids: string[];
  isAll: boolean;
}

interface Stored extends Kept {
  list: string;
  isStep: boolean;
}

let isAsked = false;

/** What was chosen in this list before this page of it; any other way to it begins anew. */
export function keptIn(form: HTMLFormElement): Kept {
  const stored = read();
  const isHere = stored.list === listOf(form) && (isAsked || stored.isStep || cameBack());
  isAsked = true;
  if (!isHere) forget();
  return isHere ? stored : { ids: [], isAll: false };
}

export function keep(form: HTMLFormElement, chosen: Kept): void {
  if (!chosen.isAll && !chosen.ids.length) forget();
  else write({ ...chosen, list: listOf(form), isStep: false });
}

/** A step along the list takes the selection with it; what was done to it, and its end, does not. */
export function listenForSteps(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(STEPS)) return;
    const stored = read();
    if (stored.list) write({ ...stored, isStep: true });
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = (event as CustomEvent).detail;
    const sent: FormData | undefined = requestConfig.formData;
    if (xhr.getResponseHeader("HX-Redirect") && (sent?.has("ids") || sent?.has("all"))) forget();
  });
}

/** Whether this page was come back to, or loaded again. */
export function cameBack(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && ["reload", "back_forward"].includes(entry.type);
}

function listOf(form: HTMLFormElement): string {
  const sent = form.elements.namedItem("filters");
  const filters = new URLSearchParams(sent instanceof HTMLInputElement ? sent.value : "");
  for (const name of ORDER) filters.delete(name);
  filters.sort();
  return `${location.pathname}?${filters}`;
}

function read(): Stored {
  const nothing = { list: "", ids: [], isAll: false, isStep: false };
  try {
    return { ...nothing, ...(JSON.parse(sessionStorage.getItem(PLACE) ?? "{}") as Partial<Stored>) };
  } catch {
    return nothing;
  }
}

function write(stored: Stored): void {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(stored));
  } catch {
    // Without storage a selection ends with its page.
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // Nothing was kept.
  }
}
