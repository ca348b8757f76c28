/** From a list to its records and along it: "1 of 50" with the record before and behind. */
const RECORD = /^\/([a-z]+)\/[0-9a-f]{8}-[0-9a-f-]{27}\//;

interface Walk {
  urls: string[];
}

/** Keep the rows of a list in this tab; on a record's page show where it stands among them. */
export function followList(): void {
  keepRows();
  showNeighbours();
}

export function keepRows(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("tr[data-row] a.p-name-link")];
  const urls = links.map((link) => new URL(link.href).pathname).filter((path) => RECORD.test(path));
  const noun = RECORD.exec(urls[0] ?? "")?.[1];
  if (!noun) return;
  const walk: Walk = { urls };
  try {
    sessionStorage.setItem(`walk:${noun}`, JSON.stringify(walk));
  } catch {
    // Without storage the records simply have no neighbours.
  }
}

function showNeighbours(): void {
  const found = RECORD.exec(location.pathname);
  const crumbs = document.querySelector(".p-crumbs");
  const template = document.getElementById("p-neighbours");
  // A form or a question about a record is no step along the list.
  if (!document.querySelector(".p-record-head")) return;
  if (!found?.[1] || !crumbs || !(template instanceof HTMLTemplateElement)) return;
  const urls = rowsOf(found[1]);
  const place = urls.indexOf(found[0]);
  if (place < 0 || urls.length < 2) return;
  const parts = template.content.cloneNode(true) as DocumentFragment;
  const text = (template.dataset.text ?? "").replace("{place}", String(place + 1));
  const position = parts.querySelector(".p-crumbs-position");
  if (position) position.textContent = text.replace("{total}", String(urls.length));
  point(parts, "[", urls[place - 1]);
  point(parts, "]", urls[place + 1]);
  crumbs.after(parts);
}

function point(parts: DocumentFragment, key: string, url: string | undefined): void {
  const link = parts.querySelector<HTMLAnchorElement>(`[data-shortcut="${key}"]`);
  if (link && url) link.href = url;
  else link?.remove();
}

function rowsOf(noun: string): string[] {
  try {
    const walk = JSON.parse(sessionStorage.getItem(`walk:${noun}`) ?? "{}") as Partial<Walk>;
    return Array.isArray(walk.urls) ? walk.urls : [];
  } catch {
    return [];
  }
}
