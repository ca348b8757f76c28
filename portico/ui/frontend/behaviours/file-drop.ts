/** Files dropped on the zone land in its native field; their names are said. */
export function attachFileDrop(zone: HTMLElement): void {
  const input = zone.querySelector<HTMLInputElement>("input[type=file]");
  const names = zone.querySelector<HTMLElement>("[role=status]");
  if (!input) return;
  const over = (shown: boolean) => zone.classList.toggle("p-drop-over", shown);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => {
    if (names && input.multiple) names.textContent = [...(input.files ?? [])].map((file) => file.name).join(", ");
  });
}
