// Builds portico/ui/static/ui: one script, one sheet, one sprite of icons, the fonts. Run by `npm run build`.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { compile } from "sass";
import subsetFont from "subset-font";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "../../..");
const modules = join(root, "node_modules");
const finished = join(source, "../static/ui");
// Built beside and moved at the end, so that a running server never meets half a build.
const target = join(source, "../static/ui/.next");

const FONT_PARTS = ["latin", "vietnamese", "greek", "cyrillic"];
// Latin Extended-A, Romanian and Welsh letters, the capital sharp s, currency signs: 85 kB become 21 kB.
const EXTENDED = [[0x100, 0x17f], [0x192, 0x192], [0x218, 0x21b], [0x1e80, 0x1e85], [0x1e9e, 0x1e9e], [0x20a0, 0x20bf]];
const BROWSERS = ["chrome123", "firefox120", "safari17.5"];

async function buildScript() {
  await build({
    entryPoints: [join(source, "main.ts")],
    outfile: join(target, "portico.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: BROWSERS,
    legalComments: "none",
  });
}

async function buildSheet() {
  const tabler = compile(join(source, "tabler.scss"), { loadPaths: [modules], quietDeps: true });
  const own = await build({
    entryPoints: [join(source, "styles/portico.css")],
    bundle: true,
    write: false,
    external: ["*.woff2"],
    target: BROWSERS,
  });
  const { code } = await transform(`${tabler.css}\n${own.outputFiles[0].text}`, {
    loader: "css",
    minify: true,
    target: BROWSERS,
  });
  if (code.includes("data:")) throw new Error("the sheet holds a data: address, which the policy refuses");
  await writeFile(join(target, "portico.css"), code);
}

async function buildSprite() {
  const names = (await readFile(join(source, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(names.map(readSymbol));
  await writeFile(
    join(target, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
  );
}

async function readSymbol(name) {
  const file = join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
  const svg = (await readFile(file, "utf8")).replace(/<!--[\s\S]*?-->/g, "");
  const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  const shapes = inside.replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

async function buildFonts() {
  const packaged = join(modules, "@fontsource-variable/inter");
  const fonts = join(target, "fonts");
  await mkdir(fonts, { recursive: true });
  for (const part of FONT_PARTS) {
    await cp(join(packaged, `files/inter-${part}-wght-normal.woff2`), join(fonts, `inter-${part}.woff2`));
  }
  const extended = await readFile(join(packaged, "files/inter-latin-ext-wght-normal.woff2"));
  const letters = EXTENDED.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, offset) => String.fromCodePoint(first + offset)),
  ).join("");
  const cut = await subsetFont(extended, letters, { targetFormat: "woff2" });
  await writeFile(join(fonts, "inter-latin-ext.woff2"), cut);
  await cp(join(packaged, "LICENSE"), join(fonts, "OFL.txt"));
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await Promise.all([buildScript(), buildSheet(), buildSprite(), buildFonts()]);
await cp(join(source, "styles/noscript.css"), join(target, "noscript.css"));
await cp(join(source, "favicon.svg"), join(target, "favicon.svg"));
for (const entry of await readdir(target)) {
  await cp(join(target, entry), join(finished, entry), { recursive: true });
}
await rm(target, { recursive: true });
