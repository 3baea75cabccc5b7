// Opens pages of a served site in Chromium and prints what it finds as JSON:
//   node browse.mjs TOOLS BASE [SHOTS] < [{"path": "...", "width": 1280, "dark": false, "scripts": true, "probe": false}, ...]
// TOOLS is the folder with node_modules (axe-core, playwright-core); SHOTS a folder for pictures.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [tools, base, shots] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const wanted = JSON.parse(readFileSync(0, "utf8"));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic"],
});
const found = [];
for (const { path, width = 1280, dark = false, scripts = true, probe = false } of wanted) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    bypassCSP: false,
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  const elsewhere = [];
  const failed = [];
  const said = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) elsewhere.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().endsWith(path)) failed.push(response.url());
  });
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", async (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  if (probe) {
    // Hostile words may keep a page from ever being done; what they say in a second and a half is enough.
    await page.goto(base + path, { waitUntil: "commit" });
    await page.waitForTimeout(1500);
    found.push({ path, said });
    await context.close();
    continue;
  }
  await page.goto(base + path, { waitUntil: "load" });
  if (shots) {
    const name = `${path.replace(/index\.html$/, "").replace(/\W+/g, "-")}${width}${dark ? "-dark" : ""}.png`;
    await page.screenshot({ path: `${shots}/${name}`, fullPage: true });
  }
  const result = { path, width, dark, elsewhere, failed, said };
  result.words = await page.evaluate(() => document.body.innerText.length).catch(() => 0);
  result.sideways = await page
    .evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    .catch(() => 0);
  if (scripts) {
    // axe comes in through the debugger, which the page's own policy does not bind.
    await page.evaluate(axe);
    const report = await page.evaluate(async () => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const { violations, passes } = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
      return {
        violations: violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`),
        passes: passes.length,
      };
    });
    Object.assign(result, report);
  }
  found.push(result);
  await context.close();
}
await browser.close();
console.log(JSON.stringify(found));
