/** Text as it is compared: without case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLocaleLowerCase();
}
