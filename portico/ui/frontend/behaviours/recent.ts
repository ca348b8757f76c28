/** The records that this reader opened last in this browser: links only, never a permission. */
export interface RecentRecord {
  id: string;
  label: string;
  url: string;
  mark: string;
  initials: string;
}

const KEPT = 8;
const KEY = "recent:";
const RECORD = /^\/[a-z]+\/([0-9a-f]{8}-[0-9a-f-]{27})\//;
const MARK = /^p-(arch|circle|hue-\d)$/;

/** Keep the record whose page this is, the newest first. */
export function rememberRecord(): void {
  const reader = document.getElementById("p-palette")?.dataset.reader;
  const found = RECORD.exec(location.pathname);
  const title = document.querySelector(".p-record-title")?.textContent?.trim();
  if (!reader || !found?.[1] || !title) return;
  const mark = document.querySelector<HTMLElement>(".p-record-head > .p-mark");
  const record: RecentRecord = {
    id: found[1],
    label: title,
    url: found[0],
    mark: [...(mark?.classList ?? [])].filter((name) => MARK.test(name)).join(" "),
    initials: mark?.dataset.i ?? "",
  };
  const others = recentRecords(reader).filter((known) => known.id !== record.id);
  write(KEY + reader, JSON.stringify([record, ...others].slice(0, KEPT)));
}

/** What this reader opened last; what cannot be read counts as nothing. */
export function recentRecords(reader: string): RecentRecord[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY + reader) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRecord) : [];
  } catch {
    return [];
  }
}

/** At sign-out nothing stays behind, of nobody. */
export function forgetRecords(): void {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(KEY)).forEach((key) => localStorage.removeItem(key));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function isRecord(kept: unknown): kept is RecentRecord {
  const record = kept as RecentRecord | null;
  return typeof record?.url === "string" && RECORD.test(record.url) && typeof record.label === "string";
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the palette then shows no recent records.
  }
}
