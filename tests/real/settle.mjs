// How far what is on a page moves while it loads on a slow machine and a slow line, as JSON: address and width to shift.
//   node settle.mjs TOOLS PAGE …      the last page is looked at once more with something pushed in above it: a control

import { createRequire } from "node:module";

const [tools, ...addresses] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});

const watch = () => {
  window.moved = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; }).observe({ type: "layout-shift", buffered: true });
};
const push = () => addEventListener("load", () => setTimeout(() => document.body.prepend(Object.assign(document.createElement("p"), { textContent: "Late." })), 300));

const shift = async (address, width, also) => {
  const context = await browser.newContext({ viewport: { width, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const wire = await context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 60_000, uploadThroughput: 20_000 });
  await page.addInitScript(watch);
  if (also) await page.addInitScript(also);
  await page.goto(address);
  await page.waitForTimeout(1200);
  const moved = await page.evaluate(() => window.moved);
  await context.close();
  return moved;
};

const found = {};
for (const address of addresses) for (const width of [1280, 375]) found[`${address} ${width}`] = await shift(address, width);
found.control = await shift(addresses.at(-1), 1280, push);
await browser.close();
console.log(JSON.stringify(found));
