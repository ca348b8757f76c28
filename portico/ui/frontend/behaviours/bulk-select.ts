/** Rows are chosen in a table; the bar of the form named in data-form shows what can be done with them. */
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

  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (chosen < boxes().length) bar.all.disabled = true;
    render(bar, chosen);
    if (!page) return;
    page.checked = chosen > 0 && chosen === boxes().length;
    page.indeterminate = chosen > 0 && chosen < boxes().length;
  };
  const clear = () => {
    setAll(false);
    bar.all.disabled = true;
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
  window.addEventListener("pageshow", show);
  show();
}

function findBar(id: string): Bar | null {
  const form = document.getElementById(id);
  const count = form?.querySelector<HTMLElement>("[data-bulk-count]");
  const all = form?.querySelector<HTMLInputElement>("[data-bulk-all]");
  const selectAll = form?.querySelector<HTMLButtonElement>("[data-bulk-select-all]");
  if (!(form instanceof HTMLFormElement) || !count || !all || !selectAll) return null;
  return { form, count, all, selectAll };
}

function selectBetween(boxes: HTMLInputElement[], from: HTMLInputElement, to: HTMLInputElement): void {
  const ends = [boxes.indexOf(from), boxes.indexOf(to)].sort((left, right) => left - right);
  for (const box of boxes.slice(ends[0], (ends[1] ?? 0) + 1)) box.checked = to.checked;
}

function render(bar: Bar, chosen: number): void {
  const everything = !bar.all.disabled;
  bar.form.hidden = chosen === 0;
  document.body.classList.toggle("p-bulk-open", chosen > 0);
  const text = (bar.form.dataset.text ?? "{count}").replace("{count}", String(chosen));
  bar.count.textContent = everything ? (bar.form.dataset.allText ?? text) : text;
  bar.selectAll.hidden = everything;
}
