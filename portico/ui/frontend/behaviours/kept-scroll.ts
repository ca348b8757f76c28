/**
 * Back leads to where one was on a page. Its regions scroll, not the page, so that no bar lies over
 * them; of regions a browser remembers nothing.
 */
import { cameBack } from "./kept-selection";

const PLACE = "scrolled";
const REGIONS = ".p-region, .p-portal-page";
const MOST = 50;

type Places = [address: string, tops: number[]][];

export function keepScroll(): void {
  window.addEventListener("pagehide", remember);
  if (!cameBack()) return;
  const tops = read().find(([address]) => address === here())?.[1] ?? [];
  regions().forEach((region, index) => (region.scrollTop = tops[index] ?? 0));
}

function remember(): void {
  const others = read().filter(([address]) => address !== here());
  const tops = regions().map((region) => region.scrollTop);
  const kept = tops.some(Boolean) ? [[here(), tops] as Places[number], ...others] : others;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(kept.slice(0, MOST)));
  } catch {
    // Without storage a page begins at its top.
  }
}

function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(REGIONS)];
}

function here(): string {
  return location.pathname + location.search;
}

function read(): Places {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? (kept as Places) : [];
  } catch {
    return [];
  }
}
