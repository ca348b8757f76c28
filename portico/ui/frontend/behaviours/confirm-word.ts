/** The button named in data-target stays off until the typed word fits (an irreversible act). */
export function attachConfirmWord(field: HTMLElement): void {
  const input = field.querySelector("input");
  const button = document.getElementById(field.dataset.target ?? "");
  if (!input || !(button instanceof HTMLButtonElement)) return;
  const hint = field.querySelector<HTMLElement>("[data-capitals]");
  const word = field.dataset.word ?? "";
  const check = () => {
    const typed = input.value.trim();
    button.disabled = typed !== word;
    if (hint) hint.hidden = typed === word || typed.toUpperCase() !== word;
  };
  input.addEventListener("input", check);
  check();
}
