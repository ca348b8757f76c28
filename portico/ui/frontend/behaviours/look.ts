/** A quick look at the record of a row, without leaving the list: what its page says of it, to be read. */
export function lookAtRow(link: HTMLAnchorElement | null): boolean {
  if (!link) return false;
  void look(link);
  return true;
}

async function look(link: HTMLAnchorElement): Promise<void> {
  const page = await pageOf(link.href);
  const details = page?.querySelector("aside.p-properties");
  const slot = document.getElementById("p-dialog-slot");
  const template = document.getElementById("p-look");
  if (!page || !details || !slot || !(template instanceof HTMLTemplateElement)) {
    link.click();
    return;
  }
  const dialog = template.content.cloneNode(true) as DocumentFragment;
  const title = dialog.querySelector("h2");
  if (title) title.textContent = page.querySelector("h1")?.textContent ?? link.textContent;
  dialog.querySelector("[data-look-open]")?.setAttribute("href", link.href);
  dialog.querySelector(".p-dialog-body")?.append(factsOf(page), ...groupsOf(details));
  slot.replaceChildren(dialog);
  document.dispatchEvent(new Event("htmx:afterSettle"));
}

async function pageOf(address: string): Promise<Document | null> {
  try {
    const answer = await fetch(address);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

function factsOf(page: Document): HTMLElement {
  const line = document.createElement("p");
  line.className = "p-quiet";
  line.textContent = [...page.querySelectorAll(".p-record-head .p-fact")].map(textOf).filter(Boolean).join(" · ");
  line.hidden = !line.textContent;
  return line;
}

/** The filled fields alone, as text: what is edited is edited on the page itself. */
function groupsOf(details: Element): HTMLElement[] {
  return [...details.querySelectorAll(".p-property-group")].flatMap((group) => {
    const list = document.createElement("dl");
    for (const row of group.querySelectorAll(".p-property")) {
      const value = row.querySelector("dd");
      if (!value || value.querySelector(".p-none") || !textOf(value)) continue;
      const fresh = document.createElement("div");
      fresh.className = "p-property";
      const [name, text] = [document.createElement("dt"), document.createElement("dd")];
      name.textContent = textOf(row.querySelector("dt"));
      text.textContent = textOf(value);
      fresh.append(name, text);
      list.append(fresh);
    }
    list.className = "p-property-group";
    return list.childElementCount ? [list] : [];
  });
}

/** What is read of an element; several tags, and lines, with a comma between them. */
function textOf(element: Element | null): string {
  const copy = element?.cloneNode(true);
  if (!(copy instanceof Element)) return "";
  for (const end of copy.querySelectorAll("br")) end.replaceWith(", ");
  const parts = copy.querySelectorAll(".p-tag");
  const texts = parts.length ? [...parts].map((part) => part.textContent) : [copy.textContent];
  return texts.map((text) => text.split(/\s+/).filter(Boolean).join(" ")).join(", ");
}
