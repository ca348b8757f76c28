/** A list answers while one types: what stands around its search field is fetched and put in place. */
import htmx from "htmx.org";
import { waitForList } from "./late";
import { keepRows } from "./neighbours";

const WAIT = 250;

export function attachLiveSearch(form: HTMLElement): void {
  const field = form.querySelector<HTMLInputElement>("input[type=search]");
  if (!(form instanceof HTMLFormElement) || !field) return;
  let shown = field.value.trim();
  let wait = 0;
  let asked: AbortController | undefined;
  const stop = () => {
    window.clearTimeout(wait);
    asked?.abort();
  };
  const show = async () => {
    const text = field.value.trim();
    const address = addressOf(form);
    asked = new AbortController();
    const { signal } = asked;
    const isThere = waitForList();
    try {
      const answer = await fetch(address, { signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      shown = text;
      putAround(form, page);
      history.replaceState(history.state, "", address);
    } catch {
      // Enter still sends the form.
    } finally {
      isThere();
    }
  };
  field.addEventListener("input", () => {
    stop();
    if (field.value.trim() !== shown) wait = window.setTimeout(() => void show(), WAIT);
  });
  form.addEventListener("submit", stop);
}

function addressOf(form: HTMLFormElement): URL {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && (value || name !== "q")) address.searchParams.append(name, value);
  }
  return address;
}

/** The field itself stays, so that focus, caret and what was typed meanwhile stay too. */
function putAround(form: HTMLElement, page: Document): void {
  const main = form.closest("main");
  const fresh = page.querySelector<HTMLElement>("main form[data-behaviour~=live-search]");
  if (!main || !fresh) return;
  keepTabCounts(page);
  const left = document.activeElement?.closest<HTMLElement>("tr[data-row]");
  let [here, there]: [Element, Element] = [form, fresh];
  while (here !== main && here.parentElement && there.parentElement) {
    putBeside(here, there);
    [here, there] = [here.parentElement, there.parentElement];
  }
  document.body.classList.remove("p-bulk-open");
  htmx.process(main);
  document.dispatchEvent(new Event("htmx:afterSettle"));
  keepRows();
  if (left && !left.isConnected) comeBack(main, left.dataset.id ?? "");
}

/** Who went down into the list before the answer came stays in it: in the same row, else in the first. */
function comeBack(main: HTMLElement, id: string): void {
  const same = main.querySelector(`tr[data-row][data-id="${CSS.escape(id)}"] .p-name-link`);
  const place = same ?? main.querySelector("tr[data-row] .p-name-link");
  if (place instanceof HTMLElement) place.focus();
}

/** Gives `here` the neighbours of `there`; a live region between them stays and says its new text. */
function putBeside(here: Element, there: Element): void {
  const parent = here.parentElement;
  const said = parent?.querySelector(":scope > [role=status]");
  const counted = there.parentElement?.querySelector(":scope > [role=status]");
  const stays = new Map<Element, Element>([[there, here]]);
  if (said && counted) {
    said.textContent = counted.textContent;
    stays.set(counted, said);
  }
  const kept = new Set(stays.values());
  for (const old of [...(parent?.children ?? [])]) if (!kept.has(old)) old.remove();
  let last: Element | undefined;
  for (const next of [...(there.parentElement?.children ?? [])]) {
    const placed = stays.get(next) ?? next;
    if (placed === next) last ? last.after(next) : parent?.prepend(next);
    last = placed;
  }
}

/** The numbers at the tabs do not depend on what is searched for, so they are not asked for again. */
function keepTabCounts(page: Document): void {
  page.querySelector(".p-view-tabs")?.removeAttribute("hx-get");
  for (const count of page.querySelectorAll<HTMLElement>(".p-tab-count[id]")) {
    count.textContent = document.getElementById(count.id)?.textContent ?? "";
  }
}
