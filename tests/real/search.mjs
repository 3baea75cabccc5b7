// Searches a served archive in Chromium as a person would and prints what happened as JSON:
//   node search.mjs TOOLS SEARCH-PAGE QUERIES [SHOT]      QUERIES: JSON, [{query, person?, part?, year?, tag?}]

import { createRequire } from "node:module";

const [tools, address, queries, shot] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const errors = [];
const context = await browser.newContext({ reducedMotion: "reduce" });
const page = await context.newPage();
page.setDefaultTimeout(120_000); // a busy machine is no failure
page.on("pageerror", (error) => errors.push(String(error)));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
// What came over the wire, as the browser itself counts it.
const wire = await context.newCDPSession(page);
let bytes = 0;
let asked = 0;
await wire.send("Network.enable");
wire.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; asked += 1; });

const settled = () => page.waitForFunction(() => !/^(Searching…)?$/.test(document.querySelector(".told").textContent));
const results = () => page.evaluate(() => [...document.querySelectorAll(".found > li")].map((li) => ({
  who: li.querySelector(".who").textContent,
  role: li.querySelector(".role").textContent,
  said: li.querySelector(".said").textContent,
  marked: [...li.querySelectorAll("mark")].map((mark) => mark.textContent),
  href: li.querySelector(".said").getAttribute("href"),
  meta: li.querySelector(".meta").textContent,
})));

await page.addInitScript(() => {
  window.sought = [];
  document.addEventListener("seeking", (event) => window.sought.push(event.target.currentTime), true);
});

const found = [];
await page.goto(address);
for (const { query, ...filters } of JSON.parse(queries)) {
  await page.evaluate(() => { document.querySelector(".told").textContent = ""; });
  const began = Date.now();
  if (Object.keys(filters).length) await page.goto(`${address}?${new URLSearchParams({ q: query, ...filters })}`);
  else {
    await page.fill("#q", query);
    await page.press("#q", "Enter");
  }
  await settled();
  const took = Date.now() - began;
  await page.waitForLoadState("networkidle");
  found.push({ query, told: await page.textContent(".told"), results: await results(), bytes, asked, took });
  bytes = asked = 0;
  if (shot) await page.screenshot({ path: `${shot}-${found.length}.png`, fullPage: true });
}

let heard = null;
if (found[0].results.length) {
  await page.goto(`${address}?q=${encodeURIComponent(found[0].query)}`);
  await settled();
  await Promise.all([page.waitForNavigation(), page.click(".found .said")]);
  await page.waitForFunction(() => document.querySelector("[data-player]")?.currentTime > 0 && document.querySelector(".turn.now"));
  heard = await page.evaluate(() => {
    const media = document.querySelector("[data-player]");
    return media && { url: location.pathname + location.hash, at: window.sought[0], paused: media.paused, turn: document.querySelector(".turn.now .name")?.textContent };
  });
}
const sideways = {};
for (const width of [320, 375, 1280]) {
  await page.setViewportSize({ width, height: 800 });
  await page.goto(`${address}?q=${encodeURIComponent(found[0].query)}`);
  await settled();
  sideways[width] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (shot) await page.screenshot({ path: `${shot}-${width}.png`, fullPage: true });
}
const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(address);
const lists = await plain.locator(".lists a").count();
const field = await plain.locator("#q").isVisible();
await browser.close();
console.log(JSON.stringify({ found, heard, sideways, lists, field, errors }));
