/** Menus are details elements: arrows, Home, End, first letter, Esc; placed so that no region cuts them. */
const GAP = 4;
const EDGE = 8;

export function attachMenu(element: HTMLElement): void {
  if (!(element instanceof HTMLDetailsElement)) return;
  element.addEventListener("toggle", () => {
    if (!element.open) return;
    closeOthers(element);
    place(element);
  });
  element.addEventListener("keydown", (event) => onKey(element, event));
  element.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) element.open = false;
  });
}

export function listenForMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      const inside = event.target instanceof Node && menu.contains(event.target);
      const entry = event.target instanceof Element && event.target.closest(".p-menu-entry");
      // The entry is about to vanish: its focus stays with the menu, for a dialog to give back.
      if (inside && entry) menu.querySelector("summary")?.focus();
      if (!inside || entry) menu.open = false;
    }
  });
  document.addEventListener("scroll", () => openMenus().forEach(place), { capture: true, passive: true });
  window.addEventListener("resize", () => openMenus().forEach(place));
}

function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details[data-behaviour~=menu][open]")];
}

function closeOthers(opened: HTMLDetailsElement): void {
  for (const menu of openMenus()) if (menu !== opened) menu.open = false;
}

function place(menu: HTMLDetailsElement): void {
  const list = menu.querySelector<HTMLElement>(".p-menu-list");
  const button = menu.querySelector("summary")?.getBoundingClientRect();
  if (!list || !button) return;
  Object.assign(list.style, { position: "fixed", inset: "auto" });
  const { offsetWidth: width, offsetHeight: height } = list;
  const atEnd = !menu.classList.contains("p-menu-start");
  const toRight = (getComputedStyle(menu).direction === "rtl") === atEnd;
  const left = toRight ? button.left : button.right - width;
  const fitsBelow = button.bottom + GAP + height <= window.innerHeight - EDGE;
  const top = fitsBelow ? button.bottom + GAP : Math.max(EDGE, button.top - GAP - height);
  list.style.left = `${Math.min(Math.max(EDGE, left), window.innerWidth - width - EDGE)}px`;
  list.style.top = `${top}px`;
}

function onKey(menu: HTMLDetailsElement, event: KeyboardEvent): void {
  const all = [...menu.querySelectorAll<HTMLElement>(".p-menu-list :is(a, button)")];
  const entries = all.filter((entry) => ![entry, entry.parentElement].some(isHidden));
  const now = entries.indexOf(document.activeElement as HTMLElement);
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    menu.open = true;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const start = now < 0 && step < 0 ? 0 : now;
    entries[(start + step + entries.length) % entries.length]?.focus();
  } else if (menu.open && (event.key === "Home" || event.key === "End")) {
    entries.at(event.key === "Home" ? 0 : -1)?.focus();
  } else if (menu.open && isLetter(event)) {
    const after = [...entries.slice(now + 1), ...entries.slice(0, now + 1)];
    after.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Some entries stand on the phone only; a closed menu tells nothing by its boxes. */
function isHidden(element: HTMLElement | null): boolean {
  return element !== null && getComputedStyle(element).display === "none";
}

function isLetter(event: KeyboardEvent): boolean {
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
  return !typing && /^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
}
