/** The list of keys that ? opens: only those that work on this page. */
export function openKeys(): boolean {
  const keys = document.getElementById("p-keys");
  if (!(keys instanceof HTMLDialogElement)) return false;
  for (const line of keys.querySelectorAll<HTMLElement>("[data-needs]")) {
    const needs = line.dataset.needs ?? "body";
    line.hidden = ![...document.querySelectorAll(needs)].some((control) => !keys.contains(control));
  }
  keys.showModal();
  return true;
}
