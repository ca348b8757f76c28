/** Files dropped on the zone land in its native field; their names are said. One over the limit is not sent at all. */
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
    refuseLarge(zone, input);
    if (names && input.multiple) names.textContent = [...(input.files ?? [])].map((file) => file.name).join(", ");
  });
}

/** What is too large would only be refused after it was sent, with all that was typed beside it. */
function refuseLarge(zone: HTMLElement, input: HTMLInputElement): void {
  const { limit, refused, tooLarge } = zone.dataset;
  const told = document.getElementById(refused ?? "");
  const text = told?.querySelector("span");
  if (!told || !text) return;
  const large = [...(input.files ?? [])].find((file) => file.size > Number(limit));
  told.hidden = !large;
  if (!large) return;
  const size = (large.size / 1024 / 1024).toFixed(1);
  text.textContent = (tooLarge ?? "").replace("{size}", size).replace("{name}", () => large.name);
  input.value = "";
}
