/** Ticks the rule while typing, and shows the password on demand. */
export function attachPasswordRule(field: HTMLElement): void {
  const input = field.querySelector<HTMLInputElement>("input");
  if (!input) return;
  attachShow(field, input);
  const count = field.querySelector<HTMLElement>(".p-password-count");
  const minimum = Number(field.dataset.minimum);
  if (!count) return;
  const check = () => {
    // Characters as people count them: an emoji is one, as on the server.
    const length = [...input.value].length;
    field.classList.toggle("p-password-fits", length >= minimum);
    count.textContent = length ? (field.dataset.countText ?? "").replace("{count}", String(length)) : "";
  };
  input.addEventListener("input", check);
  check();
}

function attachShow(field: HTMLElement, input: HTMLInputElement): void {
  const button = field.querySelector<HTMLButtonElement>(".p-password-show");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => (input.type = "password"));
}
