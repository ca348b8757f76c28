/** What htmx could not do is said: the server's own sentence, or what is known without it. */
interface Answered {
  xhr: XMLHttpRequest;
  target?: HTMLElement;
  shouldSwap: boolean;
  isError: boolean;
}

export function listenForFailures(): void {
  document.addEventListener("htmx:beforeSwap", (event) => showForm((event as CustomEvent<Answered>).detail));
  document.addEventListener("htmx:responseError", (event) => {
    const answer = (event as CustomEvent<Answered>).detail.xhr;
    if (answer.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
    const code = answer.getResponseHeader("X-Request-Id");
    tell(code ? "failed" : "broken", code ?? "");
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => tell(navigator.onLine ? "unreached" : "offline"));
  }
}

/** A refusal that brings a part of the page along is shown like any other answer. */
function showForm(answer: Answered): void {
  const { status, responseText } = answer.xhr;
  if (status < 400 || status >= 500 || !/^\s*<(dialog|form|div)\b/.test(responseText)) return;
  answer.shouldSwap = true;
  answer.isError = false;
}

function tell(what: string, code = ""): void {
  const words = document.querySelector<HTMLElement>(".p-toasts")?.dataset[what] ?? "";
  const text = words.replace("{code}", code);
  if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "error" } }));
}
