// What Chromium loads to answer questions of a search page, as JSON:
//   node search.mjs TOOLS PAGE QUESTIONS      QUESTIONS: JSON, [{query}]

import { createRequire } from "node:module";

const [tools, address, questions] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});

const visitor = async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const counted = { bytes: 0, open: 0 };
  wire.on("Network.requestWillBeSent", () => { counted.open += 1; });
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => { counted.bytes += encodedDataLength; counted.open -= 1; });
  wire.on("Network.loadingFailed", () => { counted.open -= 1; });
  await page.goto(address);
  const ask = async (query) => {
    await page.evaluate(() => { document.querySelector(".told").textContent = ""; });
    const began = Date.now();
    await page.fill("#q", query);
    await page.press("#q", "Enter");
    await page.waitForFunction(() => !/^(Searching…)?$/.test(document.querySelector(".told").textContent));
    const took = Date.now() - began;
    while (counted.open > 0) await page.waitForTimeout(20);
    const results = await page.locator(".found > li").count();
    const { bytes } = counted;
    counted.bytes = 0;
    return { took, bytes, results };
  };
  return { ask, close: () => context.close() };
};

const found = { first: [], later: [], took: [], results: [] };
const asked = JSON.parse(questions);
for (const { query } of asked) {
  const { ask, close } = await visitor();
  const { bytes, results } = await ask(query);
  found.first.push(bytes);
  found.results.push(results);
  await close();
}
const { ask } = await visitor();
await ask(asked[0].query);
for (const { query } of asked.slice(1)) {
  const { bytes, took } = await ask(query);
  found.later.push(bytes);
  found.took.push(took);
}
await browser.close();
console.log(JSON.stringify(found));
