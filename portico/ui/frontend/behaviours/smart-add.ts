/**
 * One field that takes a name, an address, a signature or a list. The server reads it (one reading for page and
 * sending alike); the fields below are filled as long as nobody typed into them.
 */
const WAIT = 150;
const FILLED = ["name", "email", "phone", "position"];

/** People: the smart field stands above the fields that it fills. */
export function attachSmartAdd(wrap: HTMLElement): void {
  const form = wrap.closest("form");
  if (form) new SmartAdd(wrap, form).start();
}

/** Organizations: several lines pasted into the name move to the field for several. */
export function attachManyNames(wrap: HTMLElement): void {
  const form = wrap.closest("form");
  const name = wrap.querySelector<HTMLInputElement>("input[name=name]");
  const many = wrap.querySelector("details");
  if (!form || !name || !many) return;
  const smart = new SmartAdd(wrap, form);
  smart.start();
  name.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/\S\s*[\r\n]+\s*\S/.test(text)) return;
    event.preventDefault();
    many.open = true;
    smart.fill(text);
  });
}

class SmartAdd {
  private readonly text: HTMLTextAreaElement;
  private readonly answer: HTMLElement;
  private readonly typed = new Set<string>();
  private readonly labels = new Map<HTMLElement, string>();
  private proposed = "";
  private hasAdded = false;
  private wait = 0;
  private asked?: AbortController;

  constructor(
    private readonly wrap: HTMLElement,
    private readonly form: HTMLFormElement,
  ) {
    this.text = wrap.querySelector("[data-smart-text]") as HTMLTextAreaElement;
    this.answer = wrap.querySelector("[data-smart-answer]") as HTMLElement;
  }

  start(): void {
    const { form } = this;
    for (const button of form.querySelectorAll<HTMLElement>(".p-button-primary .p-button-label")) {
      this.labels.set(button, button.textContent ?? "");
    }
    form.addEventListener("input", (event) => this.onInput(event));
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    form.addEventListener("htmx:afterRequest", () => form.elements.namedItem("stay") && this.stayEnds());
    document.body.addEventListener("smart-added", (event) => this.begin(event as CustomEvent<{ value: string }>));
    form.closest("dialog")?.addEventListener("close", () => this.hasAdded && location.reload());
    for (const field of this.fields()) if (field.value) this.typed.add(field.name);
    if (this.text.value.trim()) void this.read();
    else this.label();
  }

  fill(text: string): void {
    this.text.value = text;
    this.text.focus();
    void this.read();
  }

  private fields(): HTMLInputElement[] {
    return FILLED.map((name) => this.form.elements.namedItem(name)).filter(
      (field): field is HTMLInputElement => field instanceof HTMLInputElement,
    );
  }

  private onInput(event: Event): void {
    const field = event.target as HTMLInputElement | HTMLTextAreaElement;
    if (field !== this.text && !FILLED.includes(field.name)) return;
    if (field !== this.text) {
      if (field.value) this.typed.add(field.name);
      else if (!this.text.value) this.typed.delete(field.name);
    }
    window.clearTimeout(this.wait);
    this.asked?.abort();
    this.wait = window.setTimeout(() => void this.read(), field === this.text ? WAIT : 3 * WAIT);
  }

  private onChange(event: Event): void {
    const field = event.target as HTMLInputElement | HTMLSelectElement;
    if (field.name === "organization" && field.value !== this.proposed) {
      this.typed.add("organization");
      void this.read();
    }
    if (field.name === this.wrap.dataset.invite) this.label();
  }

  /** Asks the server to read; what comes after a newer question was put is dropped. */
  private async read(): Promise<void> {
    const asked = (this.asked = new AbortController());
    const text = this.text.value;
    const sent = new FormData(this.form);
    sent.delete("avatar");
    for (const field of this.fields()) if (!this.typed.has(field.name)) sent.set(field.name, "");
    sent.delete("smart_read");
    try {
      const answer = await fetch(this.wrap.dataset.read ?? "", {
        method: "POST",
        body: sent,
        signal: asked.signal,
        headers: { "HX-Request": "true" },
      });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (!asked.signal.aborted) this.show(html, text);
    } catch {
      // The text is read again when it is sent; without the answer nothing is lost but the preview.
    }
  }

  private show(html: string, text: string): void {
    this.answer.innerHTML = html;
    const read = this.understood();
    const isMany = read.mode === "many";
    this.form.classList.toggle("p-adds-many", isMany);
    const kept = this.form.elements.namedItem("smart_read");
    if (kept instanceof HTMLInputElement) kept.value = isMany ? "" : text;
    if (!isMany) this.fillFields(read);
    this.propose(read);
    this.label();
  }

  private fillFields(read: DOMStringMap): void {
    for (const field of this.fields()) {
      if (!this.typed.has(field.name)) field.value = read[field.name] ?? "";
    }
  }

  private propose(read: DOMStringMap): void {
    const select = this.form.elements.namedItem("organization");
    if (!(select instanceof HTMLSelectElement) || this.typed.has("organization")) return;
    const named = this.form.elements.namedItem("organization_name");
    if (named instanceof HTMLInputElement && named.value) return;
    if (select.value && select.value !== this.proposed) return;
    const choice = { value: read.organization ?? "", label: read.organizationName ?? "" };
    if (choice.value !== this.proposed) {
      this.proposed = choice.value;
      select.dispatchEvent(new CustomEvent("combobox-choose", { detail: choice, bubbles: true }));
    }
    this.explain(select, read.reason);
  }

  private explain(select: HTMLElement, reason: string | undefined): void {
    const field = select.closest(".p-field");
    let hint = field?.querySelector<HTMLElement>(".p-field-hint");
    if (!hint && reason) {
      hint = document.createElement("p");
      hint.className = "p-field-hint";
      field?.append(hint);
    }
    if (!hint) return;
    hint.dataset.own ??= hint.textContent ?? "";
    hint.textContent = reason ?? hint.dataset.own;
  }

  /** The button says what it does: add, add and invite, add twenty. */
  private label(): void {
    const read = this.understood();
    const tick = this.form.elements.namedItem(this.wrap.dataset.invite ?? "none");
    const invites = tick instanceof HTMLInputElement && tick.checked;
    const many = invites ? (read.labelInvite ?? read.label) : read.label;
    const one = invites ? this.wrap.dataset.labelInvite : undefined;
    for (const [button, own] of this.labels) button.textContent = many ?? one ?? own;
  }

  private understood(): DOMStringMap {
    return this.answer.querySelector<HTMLElement>("[data-mode]")?.dataset ?? {};
  }

  /** Enter sends a single line and a list that is shown; Shift Enter adds and stays. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target as HTMLElement;
    if (!field.matches("input, textarea") || field.getAttribute("aria-activedescendant")) return;
    const isText = field === this.text;
    const isMany = this.understood().mode === "many";
    if (event.shiftKey && !isMany) this.stay();
    else if (!isText || event.shiftKey || (!isMany && /\n/.test(this.text.value.trim()))) return;
    event.preventDefault();
    event.stopPropagation();
    window.clearTimeout(this.wait);
    this.asked?.abort();
    this.form.requestSubmit(this.form.querySelector<HTMLButtonElement>(".p-button-primary[type=submit]"));
  }

  private stay(): void {
    const stay = document.createElement("input");
    Object.assign(stay, { type: "hidden", name: "stay", value: "1" });
    this.form.append(stay);
  }

  private stayEnds(): void {
    this.form.querySelector("input[name=stay]")?.remove();
  }

  /** One was added and the dialog stays: empty for the next, under a token of its own. */
  private begin(event: CustomEvent<{ value: string }>): void {
    if (!this.form.isConnected) return;
    const token = this.form.elements.namedItem("form_token");
    if (token instanceof HTMLInputElement) token.value = event.detail.value;
    window.clearTimeout(this.wait);
    this.asked?.abort();
    this.hasAdded = true;
    this.typed.clear();
    this.text.value = "";
    for (const field of this.fields()) field.value = "";
    this.answer.replaceChildren();
    this.stayEnds();
    this.label();
    const first = this.wrap.querySelector<HTMLElement>("[autofocus]") ?? this.text;
    first.focus();
  }
}
