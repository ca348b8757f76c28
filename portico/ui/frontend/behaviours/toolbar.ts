/** Arrow keys walk the controls of a toolbar; Tab still reaches each of them. */
export function attachToolbar(bar: HTMLElement): void {
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const controls = [...bar.querySelectorAll<HTMLElement>(":scope > button, :scope > a, :scope > details > summary")];
    const now = controls.indexOf(document.activeElement as HTMLElement);
    if (now < 0) return;
    const forward = (event.key === "ArrowRight") !== (getComputedStyle(bar).direction === "rtl");
    const next = (now + (forward ? 1 : -1) + controls.length) % controls.length;
    controls[next]?.focus();
    event.preventDefault();
  });
}
