/** A list that is late says so: its rows give way to bars of the same height (ui.md 1, rule 3). */
const LATE = 300;

/** From now on the list is waited for; call what is returned when it is there, or is given up. */
export function waitForList(): () => void {
  const timer = window.setTimeout(() => setBusy(true), LATE);
  return () => {
    window.clearTimeout(timer);
    setBusy(false);
  };
}

/** Links and forms of a list that lead to another part or order of it. */
export function listenForLateLists(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("main a[href]") : null;
    const isElsewhere = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey;
    if (link && !isElsewhere && isSameList(link)) listenForEnd(waitForList());
  });
}

function isSameList(link: HTMLAnchorElement): boolean {
  const isSame = link.origin === location.origin && link.pathname === location.pathname;
  return isSame && link.search !== location.search && !link.target && !link.hasAttribute("download");
}

/** Escape stops a browser that waits for a page; one that it has kept is whole when one comes back. */
function listenForEnd(end: () => void): void {
  const isOver = new AbortController();
  const over = () => {
    isOver.abort();
    end();
  };
  window.addEventListener("pageshow", over, { signal: isOver.signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && over(), { signal: isOver.signal });
}

function setBusy(busy: boolean): void {
  for (const table of document.querySelectorAll("main .p-table:has(tr[data-row])")) {
    if (busy) table.setAttribute("aria-busy", "true");
    else table.removeAttribute("aria-busy");
  }
}
