/** Keeps what is typed in this tab until it is sent. Passwords, files and tokens are never kept. */
const KEPT = "input:not([type=password], [type=hidden], [type=file], [type=checkbox], [type=radio])";

export function attachKeepDraft(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  const key = `draft:${location.pathname}:${element.id || element.action}`;
  restore(element, sessionStorage.getItem(key));
  element.addEventListener("input", () => {
    const values = fields(element).map((field) => [field.name, field.value]);
    sessionStorage.setItem(key, JSON.stringify(values));
  });
  element.addEventListener("submit", () => sessionStorage.removeItem(key));
}

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  const found = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(`${KEPT}, textarea`);
  return [...found].filter((field) => field.name);
}

function restore(form: HTMLFormElement, text: string | null): void {
  if (!text) return;
  const values = new Map(JSON.parse(text) as [string, string][]);
  for (const field of fields(form)) {
    const kept = values.get(field.name);
    if (kept !== undefined && !field.value) field.value = kept;
  }
}
