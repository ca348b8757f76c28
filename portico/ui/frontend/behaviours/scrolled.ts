/** Lists that are scrolled sideways say so: the names, which stay, get an edge towards what goes by behind them. */
export function listenForScrolling(): void {
  const note = (event: Event) => {
    const place = event.target;
    if (!(place instanceof HTMLElement) || !place.querySelector(":scope > .p-table")) return;
    place.toggleAttribute("data-scrolled-aside", place.scrollLeft !== 0);
  };
  document.addEventListener("scroll", note, { capture: true, passive: true });
}
