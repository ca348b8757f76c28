/** The list of errors takes the focus once, so that it is read and its links are near. */
export function attachErrorSummary(summary: HTMLElement): void {
  if (!summary.closest("dialog")) summary.focus();
}
