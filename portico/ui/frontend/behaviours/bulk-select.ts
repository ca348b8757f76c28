/** Rows are chosen in a table; the bar of the form named in data-form shows what can be done with them. */
import { keep, keptIn } from "./kept-selection";
import { fitVerbs } from "./overflow";

interface Bar {
  form: HTMLFormElement;
  count: HTMLElement;
  all: HTMLInputElement;
  selectAll: HTMLButtonElement;
}

export function attachBulkSelect(table: HTMLElement): void {
  const bar = findBar(table.dataset.form ?? "");
  if (!bar) return;
  let last: HTMLInputElement | null = null;
  const boxes = () => [...table.querySelectorAll<HTMLInputElement>("input[name=ids]")];
  const page = table.querySelector<HTMLInputElement>("[data-select-page]");
  const setAll = (checked: boolean) => boxes().forEach((box) => (box.checked = checked));
  const elsewhere = () => [...bar.form.querySelectorAll<HTMLInputElement>("[data-elsewhere]")];

  const show = () => {
    const here = boxes().filter((box) => box.checked);
    if (here.length < boxes().length) bar.all.disabled = true;
    const others = bar.all.disabled ? elsewhere() : [];
    render(bar, here.length, others.length);
    keep(bar.form, { ids: [...here, ...others].map((box) => box.value), isAll: !bar.all.disabled });
    if (!page) return;
    page.checked = here.length > 0 && here.length === boxes().length;
    page.indeterminate = here.length > 0 && here.length < boxes().length;
  };
  const clear = () => {
    setAll(false);
    for (const one of elsewhere()) one.remove();
    bar.all.disabled = true;
    show();
  };
  const bringBack = () => {
    const kept = keptIn(bar.form);
    const ids = new Set(kept.ids);
    for (const one of elsewhere()) one.remove();
    for (const box of boxes()) box.checked = ids.delete(box.value) || kept.isAll;
    for (const id of kept.isAll ? [] : ids) bar.form.append(chosenElsewhere(id));
    bar.all.disabled = !kept.isAll;
    show();
  };

  table.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "ids") return;
    if (event.shiftKey && last) selectBetween(boxes(), last, box);
    last = box;
    show();
  });
  table.addEventListener("change", (event) => {
    if (event.target === page) setAll(page?.checked ?? false);
    show();
  });
  bar.selectAll.addEventListener("click", () => {
    setAll(true);
    bar.all.disabled = false;
    show();
  });
  bar.form.querySelector("[data-bulk-clear]")?.addEventListener("click", () => {
    clear();
    page?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || bar.form.hidden || !bar.form.isConnected) return;
    if (document.querySelector("dialog[open], details[data-behaviour~=menu][open]")) return;
    clear();
  });
  window.addEventListener("pageshow", (event) => event.persisted && bar.form.isConnected && bringBack());
  window.addEventListener("resize", () => fit(bar));
  document.fonts.addEventListener("loadingdone", () => fit(bar));
  bringBack();
}

function findBar(id: string): Bar | null {
  const form = document.getElementById(id);
  const count = form?.querySelector<HTMLElement>("[data-bulk-count]");
  const all = form?.querySelector<HTMLInputElement>("[data-bulk-all]");
  const selectAll = form?.querySelector<HTMLButtonElement>("[data-bulk-select-all]");
  if (!(form instanceof HTMLFormElement) || !count || !all || !selectAll) return null;
  return { form, count, all, selectAll };
}

/** A row of another page of the list that is chosen, too. */
function chosenElsewhere(id: string): HTMLInputElement {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "ids", value: id });
  field.dataset.elsewhere = "";
  return field;
}

function selectBetween(boxes: HTMLInputElement[], from: HTMLInputElement, to: HTMLInputElement): void {
  const ends = [boxes.indexOf(from), boxes.indexOf(to)].sort((left, right) => left - right);
  for (const box of boxes.slice(ends[0], (ends[1] ?? 0) + 1)) box.checked = to.checked;
}

function render(bar: Bar, here: number, elsewhere: number): void {
  const everything = !bar.all.disabled;
  const chosen = here + elsewhere;
  bar.form.hidden = chosen === 0;
  document.body.classList.toggle("p-bulk-open", chosen > 0);
  const { text = "{count}", elsewhereText = text, allText = text } = bar.form.dataset;
  const said = everything ? allText : elsewhere ? elsewhereText : text;
  bar.count.textContent = said.replace("{count}", String(chosen)).replace("{elsewhere}", String(elsewhere));
  bar.selectAll.hidden = everything;
  fit(bar);
}

function fit(bar: Bar): void {
  const verbs = bar.form.querySelector<HTMLElement>("[data-bulk-verbs]");
  if (verbs) fitVerbs(verbs);
}
