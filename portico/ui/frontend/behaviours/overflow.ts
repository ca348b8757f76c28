/**
 * The verbs of a bar that have no room stand in its menu, the last ones first: one calm row at any
 * width. The bar's own width must not come from what stands in it.
 */
export function fitVerbs(bar: HTMLElement): void {
  const menu = bar.querySelector<HTMLDetailsElement>(":scope > [data-overflow]");
  const list = menu?.querySelector<HTMLElement>(".p-menu-list");
  if (!menu || !list || !bar.clientWidth) return;
  const focused = document.activeElement;
  const isTooWide = () => bar.scrollWidth > bar.clientWidth;

  for (const verb of [...list.children]) {
    become(verb, "p-bulk-verb");
    menu.before(verb);
  }
  menu.hidden = true;
  bar.parentElement?.classList.remove("p-bulk-tight");
  if (isTooWide()) bar.parentElement?.classList.add("p-bulk-tight");
  if (isTooWide()) {
    menu.hidden = false;
    while (isTooWide() && menu.previousElementSibling) {
      const verb = menu.previousElementSibling;
      become(verb, "p-menu-entry");
      list.prepend(verb);
    }
  }
  if (focused instanceof HTMLElement && focused !== document.activeElement && bar.contains(focused)) {
    (menu.contains(focused) ? menu.querySelector("summary") : focused)?.focus();
  }
}

function become(verb: Element, kind: "p-bulk-verb" | "p-menu-entry"): void {
  verb.classList.remove("p-bulk-verb", "p-menu-entry");
  verb.classList.add(kind);
}
