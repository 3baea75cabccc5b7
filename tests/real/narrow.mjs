// Narrows the list of all episodes in Chromium as a person would and prints what happened as JSON:
//   node narrow.mjs TOOLS EPISODES-PAGE

import { createRequire } from "node:module";

const [tools, address] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
const errors = [];
const page = await browser.newPage();
page.setDefaultTimeout(120_000); // a busy machine is no failure
page.on("pageerror", (error) => errors.push(String(error)));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));

const state = () => page.evaluate(() => {
  const seen = (element) => element.getClientRects().length > 0;
  return {
    told: document.querySelector(".told [role]").textContent,
    rows: [...document.querySelectorAll("[data-of]")].filter(seen).map((row) => row.querySelector("a").getAttribute("href").split("/")[1]),
    years: [...document.querySelectorAll(".asked")].filter(seen).length,
    query: location.search + location.hash,
    pages: [...document.querySelectorAll(".pages a")].map((link) => link.getAttribute("href")),
  };
});

const found = { errors };
await page.goto(address);
found.all = await state();
found.live = await page.getAttribute(".told > span", "role");
// By the keyboard alone: to the first field, type a name; then to the button.
for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.name === "person")); i++) await page.keyboard.press("Tab");
await page.keyboard.type("Tomas");
found.keyed = await state();
for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.matches(".told button"))); i++) await page.keyboard.press("Tab");
await page.keyboard.press("Enter");
found.reset = await state();
found.focus = await page.evaluate(() => document.activeElement.name);

await page.goto(`${address}?person=eda-cela&organisation=ministry-of-public-works`);
found.both = await state();
await page.goto(`${address}?tag=mining`);
await page.selectOption("[name=organisation]", "ministry-of-public-works");
found.none = await state();
await page.goto(`${address}?person=nobody-at-all`);
found.unknown = await state();

// What was chosen is there again for who comes back from an episode.
await page.goto(address);
await page.selectOption("[name=tag]", "mining");
await page.click(".rows li:not([hidden]) a");
await page.waitForURL((url) => !url.href.includes("/episodes/"));
await page.goBack();
await page.waitForFunction(() => document.querySelector(".told [role]")?.textContent.includes(" of "));
found.back = await state();

const plain = await browser.newContext({ javaScriptEnabled: false });
const still = await plain.newPage();
await still.goto(address);
found.plain = {
  rows: await still.locator("[data-of] > a").evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/")[1])),
  links: await still.locator(".narrow a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
};
await browser.close();
console.log(JSON.stringify(found));
