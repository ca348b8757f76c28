/** The button named in data-target stays off until the typed word fits (an irreversible act). */
export function attachConfirmWord(field: HTMLElement): void {
  const input = field.querySelector("input");
  const button = document.getElementById(field.dataset.target ?? "");
  if (!input || !(button instanceof HTMLButtonElement)) return;
  const check = () => {
    button.disabled = input.value.trim() !== field.dataset.word;
  };
  input.addEventListener("input", check);
  check();
}
