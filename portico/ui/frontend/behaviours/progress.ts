/** Says the progress at each quarter and at the end; htmx swaps the block itself. */
const said = new Map<string, number>();

export function attachProgress(block: HTMLElement): void {
  const bar = block.querySelector("progress");
  const region = document.querySelector<HTMLElement>("[data-progress-status]") ?? makeRegion();
  if (!bar) return;
  const quarter = Math.floor((bar.value / bar.max) * 4);
  const before = said.get(block.id) ?? 0;
  said.set(block.id, quarter);
  if (quarter > before) region.textContent = bar.textContent;
}

function makeRegion(): HTMLElement {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  region.dataset.progressStatus = "";
  (document.querySelector("main") ?? document.body).append(region);
  return region;
}
