/** Copies data-copy and says so for two seconds. */
const SHOWN = 2000;

export function attachCopy(button: HTMLElement): void {
  const label = button.querySelector<HTMLElement>("[data-copy-label]");
  const text = label?.textContent ?? "";
  button.addEventListener("click", async () => {
    await write(button.dataset.copy ?? "", button);
    if (!label) return;
    label.setAttribute("role", "status");
    label.textContent = button.dataset.copied ?? text;
    window.setTimeout(() => (label.textContent = text), SHOWN);
  });
}

/** Without https there is no clipboard object; the old command still works there. */
async function write(text: string, near: HTMLElement): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  near.after(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  near.focus();
}
