/** The browser's own choice of colours beside the field that takes one as text: each follows the other. */
const HEX = /^#[0-9a-f]{6}$/i;

export function attachColour(element: HTMLElement): void {
  const field = element.querySelector<HTMLInputElement>("input[type=text]");
  const well = element.querySelector<HTMLInputElement>("input[type=color]");
  if (!field || !well) return;
  well.hidden = false;
  well.addEventListener("input", () => {
    field.value = well.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (HEX.test(field.value)) well.value = field.value;
  });
}
