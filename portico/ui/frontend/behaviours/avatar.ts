/**
 * A chosen picture is shown as the circle that it becomes, before it is saved. It is drawn: an image of the local file
 * would need a policy that lets pages show blob: addresses.
 */
export function attachAvatar(place: HTMLElement): void {
  const input = place.querySelector<HTMLInputElement>("input[type=file]");
  const preview = place.querySelector("canvas");
  if (!input || !preview) return;
  const present = place.querySelector<HTMLElement>(":scope > .p-mark:not(canvas)");
  const show = (isDrawn: boolean) => {
    preview.hidden = !isDrawn;
    if (present) present.hidden = isDrawn;
  };
  const draw = async () => {
    const file = input.files?.[0];
    const picture = file ? await createImageBitmap(file).catch(() => null) : null;
    if (input.files?.[0] !== file) return; // another one was chosen meanwhile
    if (picture) drawMiddle(picture, preview);
    picture?.close();
    show(picture !== null); // what is no picture is told when it is saved
  };
  input.addEventListener("change", () => void draw());
}

/** The greatest square in the middle, as the mark shows it. */
function drawMiddle(picture: ImageBitmap, canvas: HTMLCanvasElement): void {
  const side = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}
