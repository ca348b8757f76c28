/** The items of a list are moved up and down by their buttons; the order of its fields is what is sent. */
export function attachReorder(list: HTMLElement): void {
  const items = () => [...list.querySelectorAll<HTMLElement>("[data-order-item]")];
  const markEnds = () => {
    const all = items();
    all.forEach((item, index) => {
      const up = item.querySelector<HTMLButtonElement>("[data-order-up]");
      const down = item.querySelector<HTMLButtonElement>("[data-order-down]");
      if (up) up.disabled = index === 0;
      if (down) down.disabled = index === all.length - 1;
    });
  };
  list.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-order-up], [data-order-down]");
    const item = button?.closest<HTMLElement>("[data-order-item]");
    if (!button || !item) return;
    if ("orderUp" in button.dataset) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    markEnds();
    const other = item.querySelector<HTMLButtonElement>("[data-order-up]:enabled, [data-order-down]:enabled");
    (button.disabled ? other : button)?.focus();
  });
  markEnds();
}
