// What of served pages is beyond the sides of the window where somebody has set letters twice as large, as JSON:
// address and width to elements.
//   node large.mjs TOOLS PAGE …      the last page is looked at once more with something wide in it: a control

import { createRequire } from "node:module";

const [tools, ...addresses] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"],
});

const beyond = async (address, width, also) => {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(address);
  if (await page.$(".player")) await page.waitForSelector(".player.live");
  if (also) await page.evaluate(also);
  const found = await page.evaluate(() => {
    const seen = (e) => e.getBoundingClientRect().width > 1 && getComputedStyle(e).visibility === "visible" && !e.closest(".unseen, .skip, details:not([open]) > :not(summary)");
    const out = (e) => { const box = e.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; };
    const names = [...document.querySelectorAll("body *")].filter((e) => seen(e) && out(e)).map((e) => `${e.localName}.${e.className}`);
    const sideways = document.documentElement.scrollWidth - innerWidth;
    return sideways > 0 ? [`${sideways} px`, ...names] : names;
  });
  await page.close();
  return found;
};
const wide = () => document.querySelector("main").append(Object.assign(document.createElement("pre"), { textContent: "wide ".repeat(200), style: "inline-size: max-content" }));

const found = {};
for (const address of addresses) for (const width of [1280, 768, 375]) found[`${address} ${width}`] = await beyond(address, width);
found.control = await beyond(addresses.at(-1), 1280, wide);
found.letters = await browser.newPage().then((page) => page.evaluate(() => getComputedStyle(document.body).fontSize));
await browser.close();
console.log(JSON.stringify(found));
