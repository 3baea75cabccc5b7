// Takes pictures of pages of a served site: each wide, on a phone, in the dark and on paper.
// node docs/pictures.mjs TOOLS BASE OUT < [{"name", "path", "wait": a selector}]
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [tools, base, out] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const WAYS = {
  "": { viewport: { width: 1280, height: 960 } },
  "-phone": { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 },
  "-dark": { viewport: { width: 1280, height: 960 }, colorScheme: "dark" },
  "-print": { viewport: { width: 794, height: 1123 }, media: "print" },
};

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const { name, path, wait } of JSON.parse(readFileSync(0, "utf-8"))) {
  for (const [way, { media, ...options }] of Object.entries(WAYS)) {
    const page = await browser.newPage(options);
    if (media) await page.emulateMedia({ media });
    await page.goto(`${base}/${path}`, { waitUntil: "networkidle" });
    if (wait) await page.waitForSelector(wait);
    await page.screenshot({ path: `${out}/${name}${way}.png`, animations: "disabled" });
    await page.close();
  }
}
await browser.close();
