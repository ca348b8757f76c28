/** Rows that were just added keep a tint for three seconds; the address forgets them at once. */
const MARKED = 3000;

export function markNewRows(): void {
  const address = new URL(location.href);
  const ids = (address.searchParams.get("new") ?? "").split(",").filter(Boolean);
  if (!ids.length) return;
  const rows = ids.map((id) => document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"]`));
  for (const row of rows) row?.classList.add("p-row-new");
  window.setTimeout(() => rows.forEach((row) => row?.classList.remove("p-row-new")), MARKED);
  address.searchParams.delete("new");
  history.replaceState(history.state, "", address);
}
