/** The palette: recent records, what this page can do, and the server's answers, walked by arrows. */
import htmx from "htmx.org";
import { fold } from "./folding";
import { forgetRecords, recentRecords, type RecentRecord } from "./recent";

const WAIT = 120;
const SAY_AFTER = 500;
const PAGE_ACTIONS = ".p-top > .p-top-primary, .p-record-buttons :is(a[href], button[type=submit]), .p-top .p-menu:not(:last-child) .p-menu-entry";
const CHOSEN = "[data-bulk-bar]:not([hidden])";

export function attachPalette(element: HTMLElement): void {
  if (element instanceof HTMLDialogElement) new Palette(element).start();
}

/** Opens the palette of this page; false where there is none or a dialog is open already. */
export function openPalette(): boolean {
  const dialog = document.getElementById("p-palette");
  if (!(dialog instanceof HTMLDialogElement) || document.querySelector("dialog[open]")) return false;
  dialog.showModal();
  dialog.dispatchEvent(new Event("palette-open"));
  return true;
}

class Palette {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly said: HTMLElement;
  private readonly words: DOMStringMap;
  private options: HTMLElement[] = [];
  private active = -1;
  private wait = 0;
  private saying = 0;
  private asked?: AbortController;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.input = dialog.querySelector("input") as HTMLInputElement;
    this.list = dialog.querySelector("[role=listbox]") as HTMLElement;
    this.said = dialog.querySelector("[data-palette-said]") as HTMLElement;
    this.words = dialog.dataset;
  }

  start(): void {
    this.dialog.addEventListener("palette-open", () => this.open());
    this.dialog.addEventListener("close", () => this.asked?.abort());
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.form?.addEventListener("submit", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.dialog.addEventListener("click", (event) => {
      const outside = event.target === this.dialog;
      if (outside || (event.target as HTMLElement).closest("[data-palette-close]")) this.dialog.close();
    });
    document.addEventListener("click", (event) => {
      const field = (event.target as HTMLElement).closest("[data-palette-open]");
      if (field && !event.ctrlKey && !event.metaKey && openPalette()) event.preventDefault();
    });
    document.querySelector("form[action$='/logout/']")?.addEventListener("submit", forgetRecords);
  }

  private open(): void {
    this.input.value = "";
    this.input.focus();
    this.show("");
    void this.ask();
  }

  private changed(): void {
    window.clearTimeout(this.wait);
    this.asked?.abort();
    this.wait = window.setTimeout(() => void this.ask(), WAIT);
  }

  /** Asks the server and tells whether its answer is shown; what comes after a newer question was put is dropped. */
  private async ask(): Promise<boolean> {
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    const text = this.input.value.trim();
    const address = new URL(this.words.source ?? "", location.href);
    address.searchParams.set("q", text);
    this.list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!asked.signal.aborted) this.show(html);
    } catch {
      if (!asked.signal.aborted) this.fail();
      return false;
    }
    return !asked.signal.aborted;
  }

  private fail(): void {
    this.show("");
    const text = document.createElement("p");
    text.className = "p-palette-none";
    text.textContent = this.words.failed ?? "";
    this.list.prepend(text);
    this.said.textContent = text.textContent;
  }

  private show(html: string): void {
    const typed = this.input.value.trim();
    const text = typed.replace(/^>\s*/, "");
    this.list.removeAttribute("aria-busy");
    this.list.innerHTML = html;
    const own = this.pressing(PAGE_ACTIONS, text);
    const before = this.list.querySelector("[data-group=actions], [data-group=places]");
    if (own.length) this.list.insertBefore(this.group("page", this.words.page ?? "", own), before);
    const recent = typed ? [] : recentRecords(this.words.reader ?? "").map(recentOption);
    if (recent.length) this.list.prepend(this.group("recent", this.words.recent ?? "", recent));
    const verbs = this.pressing(`${CHOSEN} [data-bulk-verbs] button`, text);
    const chosen = document.querySelector(`${CHOSEN} [data-bulk-count]`)?.textContent ?? "";
    if (verbs.length) this.list.prepend(this.group("chosen", chosen, verbs));
    this.addFilter(typed.startsWith(">") ? "" : text);
    this.options = [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
    this.options.forEach((option, index) => (option.id = `p-palette-option-${index}`));
    this.active = -1;
    this.move(1);
    this.list.scrollTop = 0;
    window.clearTimeout(this.saying);
    this.saying = window.setTimeout(() => {
      const none = this.list.querySelector("[data-none]")?.textContent ?? "";
      const count = (this.words.count ?? "").replace("{count}", String(this.options.length));
      this.said.textContent = `${none} ${count}`.trim();
    }, SAY_AFTER);
  }

  private group(id: string, label: string, options: HTMLElement[]): HTMLElement {
    const box = document.createElement("div");
    box.className = "p-palette-group";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", label);
    box.dataset.group = id;
    const head = document.createElement("div");
    head.className = "p-palette-head";
    head.setAttribute("role", "presentation");
    head.textContent = label;
    box.append(head, ...options);
    return box;
  }

  /** Buttons of the page, those of its head or for the rows that are ticked: the option presses its button. */
  private pressing(buttons: string, text: string): HTMLElement[] {
    const words = fold(text).split(/\s+/).filter(Boolean);
    const seen = new Set<string>();
    return [...document.querySelectorAll<HTMLElement>(buttons)].flatMap((button) => {
      const label = (button.querySelector(".p-button-label, .p-menu-label, .p-bulk-label")?.textContent ?? "").trim();
      if (!label || seen.has(label) || !words.every((word) => fold(label).includes(word))) return [];
      seen.add(label);
      const option = plainOption(label, button.querySelector("svg"), button.dataset.shortcut?.toUpperCase());
      option.addEventListener("palette-take", () => button.click());
      return [option];
    });
  }

  private addFilter(text: string): void {
    const field = document.querySelector<HTMLInputElement>(".p-main [data-shortcut-focus='/']");
    if (!text || !field?.form) return;
    const option = plainOption((this.words.filter ?? "").replace("{text}", text), field.form.querySelector("svg"), "/");
    option.addEventListener("palette-take", () => {
      field.value = text;
      field.form?.requestSubmit();
    });
    const box = this.list.querySelector("[data-group=actions]") ?? this.list;
    box.append(option);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter") this.enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  /** Enter before the answer to what was typed last is there waits for it. */
  private enter(inNewTab: boolean): void {
    const isWaiting = this.list.getAttribute("aria-busy") === "true" || this.wait > 0;
    window.clearTimeout(this.wait);
    if (!isWaiting) return this.take(this.options[this.active], inNewTab);
    void this.ask().then((isShown) => isShown && this.take(this.options[this.active], inNewTab));
  }

  private move(step: number): void {
    this.options[this.active]?.removeAttribute("aria-selected");
    const total = this.options.length;
    this.active = total ? (this.active + step + total) % total : -1;
    const option = this.options[this.active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    this.wait = 0;
  }

  private onClick(event: MouseEvent): void {
    const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.take(option, false);
  }

  private take(option: HTMLElement | undefined, inNewTab: boolean): void {
    if (!option) return;
    const address = option instanceof HTMLAnchorElement ? option.href : "";
    if (inNewTab && address) {
      window.open(address, "_blank", "noopener");
      return;
    }
    this.dialog.close();
    const dialog = option.dataset.dialogUrl;
    if (dialog) void htmx.ajax("get", dialog, { target: "#p-dialog-slot", swap: "innerHTML" });
    else if (address) location.assign(address);
    else option.dispatchEvent(new Event("palette-take"));
  }
}

function plainOption(label: string, picture: Element | null, key: string | undefined): HTMLElement {
  const option = document.createElement("div");
  option.className = "p-palette-option";
  option.setAttribute("role", "option");
  const text = document.createElement("span");
  text.className = "p-palette-label p-cut";
  text.textContent = label;
  option.append(picture?.cloneNode(true) ?? emptyPicture(), text);
  if (key) {
    const cap = document.createElement("kbd");
    cap.className = "p-key";
    cap.ariaHidden = "true";
    cap.textContent = key;
    option.append(cap);
  }
  return option;
}

function emptyPicture(): HTMLElement {
  const space = document.createElement("span");
  space.className = "p-palette-space";
  return space;
}

function recentOption(record: RecentRecord): HTMLElement {
  const option = document.createElement("a");
  option.className = "p-palette-option";
  option.setAttribute("role", "option");
  option.tabIndex = -1;
  option.href = record.url;
  const mark = document.createElement("span");
  mark.className = `p-mark p-mark-20 ${record.mark}`;
  mark.dataset.i = record.initials;
  mark.ariaHidden = "true";
  const label = document.createElement("span");
  label.className = "p-palette-label p-cut";
  label.textContent = record.label;
  option.append(mark, label);
  return option;
}
