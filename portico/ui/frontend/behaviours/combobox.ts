/** A select that can be searched: input with role combobox over the native select, which stays the value. */
import { fold } from "./folding";

interface Choice {
  value: string;
  label: string;
  hint?: string;
  /** Nothing known: what was typed, to be created. */
  isNew?: boolean;
}

const REMOTE_WAIT = 200;

export function attachCombobox(wrap: HTMLElement): void {
  const select = wrap.querySelector("select");
  if (select) new Combobox(wrap, select).start();
}

/** A text of words with commas that becomes a combobox with chips; the text field stays the value. */
export function attachWords(wrap: HTMLElement): void {
  const field = wrap.querySelector("input");
  if (!field) return;
  const select = document.createElement("select");
  select.multiple = true;
  select.id = field.id;
  for (const attribute of ["aria-describedby", "aria-invalid"]) {
    const value = field.getAttribute(attribute);
    if (value) select.setAttribute(attribute, value);
  }
  const hadFocus = document.activeElement === field;
  for (const word of split(field.value)) select.add(new Option(word, word, true, true));
  select.addEventListener("change", () => {
    field.value = [...select.selectedOptions].map((option) => option.value).join(", ");
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.type = "hidden";
  field.removeAttribute("id");
  wrap.classList.add("p-select");
  wrap.append(select);
  new Combobox(wrap, select, true).start();
  if (hadFocus) wrap.querySelector<HTMLElement>(".p-combobox-input")?.focus();
}

function split(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word);
}

class Combobox {
  private readonly box = document.createElement("div");
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("div");
  private readonly said = document.createElement("span");
  private shown: Choice[] = [];
  /** The text that these choices answer. */
  private answered = "";
  private active = -1;
  /** Where the arrow that opened the list leads: its first choice or its last. */
  private opening = 0;
  /** Enter was pressed before the choices for the typed text were there. */
  private isEntered = false;
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly wrap: HTMLElement,
    private readonly select: HTMLSelectElement,
    private readonly isFree = false,
  ) {}

  start(): void {
    const hadFocus = document.activeElement === this.select;
    this.build();
    if (hadFocus) this.input.focus();
    this.input.addEventListener("input", () => {
      this.isEntered = false;
      this.search();
    });
    this.input.addEventListener("click", () => this.search());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => this.onPress(event));
    this.box.addEventListener("click", (event) => this.onChip(event));
    this.select.addEventListener("combobox-choose", (event) => {
      this.choose((event as CustomEvent<Choice>).detail);
    });
    this.showValue();
  }

  /** Another behaviour proposes a value; an empty one takes its proposal back. */
  private choose(choice: Choice): void {
    const empty = [...this.select.options].find((option) => !option.value);
    if (choice.value) this.take(choice);
    else if (empty) {
      empty.selected = true;
      this.changed();
    }
  }

  private build(): void {
    const { select, input, list } = this;
    const name = select.id;
    this.box.className = "p-input p-combobox-box";
    input.className = "p-combobox-input";
    input.type = "text";
    input.id = name;
    input.autocomplete = "off";
    input.placeholder = select.dataset.placeholder ?? "";
    select.id = `${name}-value`;
    list.id = `${name}-list`;
    list.className = "p-combobox-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    for (const attribute of ["aria-describedby", "aria-invalid"]) {
      const value = select.getAttribute(attribute);
      if (value) input.setAttribute(attribute, value);
    }
    const label = document.querySelector(`label[for="${CSS.escape(name)}"]`);
    list.setAttribute("aria-label", label?.textContent ?? "");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.box.append(input);
    select.hidden = true;
    select.required = false;
    this.wrap.prepend(this.box);
    this.wrap.append(list, this.said);
  }

  private search(): void {
    window.clearTimeout(this.timer);
    if (this.isFree && /[,;]/.test(this.input.value)) {
      this.takeTyped();
      return;
    }
    const chosen = this.chosen();
    const typed = this.input.value.trim();
    const text = !this.select.multiple && typed === chosen[0]?.label ? "" : typed;
    const source = this.wrap.dataset.source;
    if (!source) {
      this.show(this.local(text), text);
      return;
    }
    this.timer = window.setTimeout(() => void this.fetch(source, text), REMOTE_WAIT);
  }

  private local(text: string): Choice[] {
    const wanted = fold(text);
    return [...this.select.options]
      .map((option) => ({ value: option.value, label: option.label }))
      .filter((choice) => choice.value && fold(choice.label).includes(wanted));
  }

  /** What comes after a newer question was put is dropped. */
  private async fetch(source: string, text: string): Promise<void> {
    const asked = ++this.asked;
    const address = new URL(source, location.href);
    address.searchParams.set("q", text);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const known = answer.ok ? ((await answer.json()) as Choice[]) : null;
    if (known && asked === this.asked && document.activeElement === this.input) this.show(known, text);
  }

  private show(known: Choice[], text: string): void {
    this.answered = text;
    const choices = [...known, ...this.creation(known)];
    this.shown = choices;
    this.active = -1;
    const chosen = new Set(this.chosen().map((choice) => choice.value));
    this.list.replaceChildren(...choices.map((choice, index) => this.option(choice, index, chosen)));
    if (!choices.length) this.list.textContent = this.wrap.dataset.none ?? "";
    this.said.textContent = (this.wrap.dataset.count ?? "").replace("{count}", String(choices.length));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (this.isEntered && known.length === 1) this.take(known[0]);
    else if (this.opening) this.move(this.opening < 0 && this.active < 0 ? 0 : this.opening);
    else if (choices.length === 1 && choices[0]?.isNew) this.move(1);
    this.opening = 0;
    this.isEntered = false;
  }

  /** The offer to create what was typed, where the form has a field for its name. */
  private creation(known: Choice[]): Choice[] {
    const typed = this.input.value.trim();
    const isKnown = known.some((choice) => fold(choice.label) === fold(typed));
    const words = this.wrap.dataset.create;
    if (!words || isKnown || !this.isTyping()) return [];
    return [{ value: typed, label: words.replace("{name}", () => typed), isNew: true }];
  }

  private create(name: string): void {
    const field = this.nameOfNew();
    const empty = [...this.select.options].find((option) => !option.value);
    if (!field || !empty) return;
    empty.selected = true;
    this.changed();
    field.value = name;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }

  private nameOfNew(): HTMLInputElement | null {
    const field = this.select.form?.elements.namedItem(this.wrap.dataset.createField ?? "");
    return field instanceof HTMLInputElement ? field : null;
  }

  private option(choice: Choice, index: number, chosen: Set<string>): HTMLElement {
    const row = document.createElement("div");
    row.id = `${this.list.id}-${index}`;
    row.className = "p-combobox-option";
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(chosen.has(choice.value)));
    row.dataset.index = String(index);
    row.textContent = choice.label;
    if (choice.hint) {
      const hint = document.createElement("span");
      hint.className = "p-combobox-hint";
      hint.textContent = choice.hint;
      row.append(hint);
    }
    return row;
  }

  private onKey(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (open) this.move(step);
      else this.openAt(step);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.take(this.shown[this.active]);
    } else if (event.key === "Enter" && this.wrap.dataset.create && this.isTyping()) {
      event.preventDefault();
    } else if (event.key === "Enter" && this.isFree && this.input.value.trim()) {
      event.preventDefault();
      this.takeTyped();
    } else if (event.key === "Enter" && this.isTyping()) {
      event.preventDefault();
      this.takeOnly();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.showValue();
    } else if (event.key === "Backspace" && !this.input.value && this.select.multiple) {
      this.drop(this.chosen().at(-1)?.value);
    }
  }

  private openAt(step: number): void {
    this.opening = step;
    this.search();
  }

  /** Enter behind typed text takes what alone fits, else shows the choices: it never drops what was typed. */
  private takeOnly(): void {
    const [only, ...others] = this.shown;
    if (this.list.hidden || this.answered !== this.input.value.trim()) {
      this.isEntered = true;
      this.openAt(1);
    } else if (only && !others.length) this.take(only);
    else this.move(1);
  }

  /** Whether something stands in the field that is neither chosen nor created yet. */
  private isTyping(): boolean {
    const typed = this.input.value.trim();
    return typed !== "" && typed !== this.chosen()[0]?.label;
  }

  private move(step: number): void {
    const rows = this.list.querySelectorAll<HTMLElement>("[role=option]");
    if (!rows.length) return;
    rows[this.active]?.classList.remove("p-combobox-active");
    this.active = (this.active + step + rows.length) % rows.length;
    const row = rows[this.active];
    row?.classList.add("p-combobox-active");
    row?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row?.id ?? "");
  }

  private onPress(event: Event): void {
    event.preventDefault();
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row) this.take(this.shown[Number(row.dataset.index)]);
  }

  private onChip(event: Event): void {
    const chip = (event.target as HTMLElement).closest<HTMLElement>("[data-value]");
    if (chip) this.drop(chip.dataset.value);
    this.input.focus();
  }

  private take(choice: Choice | undefined): void {
    if (!choice) return;
    if (choice.isNew) {
      this.create(choice.value);
      return;
    }
    const named = this.nameOfNew();
    if (named) named.value = "";
    let option = [...this.select.options].find((known) => known.value === choice.value);
    if (!option) {
      option = new Option(choice.label, choice.value);
      this.select.add(option);
    }
    option.selected = true;
    this.changed();
  }

  /** What was typed becomes a word of its own, spelled as a known one where there is one. */
  private takeTyped(): void {
    for (const word of split(this.input.value)) {
      const known = this.shown.find((choice) => fold(choice.label) === fold(word));
      this.take(known ?? { value: word, label: word });
    }
  }

  private drop(value: string | undefined): void {
    for (const option of this.select.options) if (option.value === value) option.selected = false;
    this.changed();
  }

  private changed(): void {
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.showValue();
  }

  private leave(): void {
    if (this.isFree && this.input.value.trim()) this.takeTyped();
    const empty = [...this.select.options].find((option) => !option.value);
    if (!this.select.multiple && !this.input.value && empty && !empty.selected) {
      empty.selected = true;
      this.changed();
    }
    this.showValue();
  }

  private chosen(): Choice[] {
    return [...this.select.selectedOptions]
      .filter((option) => option.value)
      .map((option) => ({ value: option.value, label: option.label }));
  }

  private showValue(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    const chosen = this.chosen();
    this.input.value = this.select.multiple ? "" : (chosen[0]?.label ?? "");
    if (!this.select.multiple) return;
    this.box.querySelectorAll(".p-combobox-chip").forEach((chip) => chip.remove());
    this.box.prepend(...chosen.map((choice) => this.chip(choice)));
  }

  private chip(choice: Choice): HTMLElement {
    const chip = document.createElement("span");
    chip.className = "p-combobox-chip";
    chip.textContent = choice.label;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.dataset.value = choice.value;
    remove.textContent = "×";
    remove.ariaLabel = (this.wrap.dataset.remove ?? "").replace("{name}", choice.label);
    chip.append(remove);
    return chip;
  }
}
