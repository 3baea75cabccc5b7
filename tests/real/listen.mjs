// Listens to a served episode page in Chromium as a person would and prints what happened as JSON:
//   node listen.mjs TOOLS PAGE

import { createRequire } from "node:module";

const [tools, address] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const open = async (where, options = {}) => {
  const context = await browser.newContext({ reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a busy machine is no failure
  page.setDefaultNavigationTimeout(120_000);
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => asked.push(request.url()));
  await page.addInitScript(() => {
    window.sought = [];
    document.addEventListener("seeking", (event) => window.sought.push(event.target.currentTime), true);
  });
  await page.goto(where);
  return page;
};
const errors = [];
const asked = [];
const found = {};
const now = (page) => page.evaluate(() => document.querySelector("[data-player]").currentTime);
// Where the sound was last sent, however slow this machine is; and where it first began.
const sought = (page) => page.evaluate(() => window.sought.at(-1));
const began = (page) => page.evaluate(() => window.sought[0]);
const marked = (page, name) => page.evaluate((n) => [...(CSS.highlights.get(n) ?? [])].map(String), name);
const playing = (page, second) => page.waitForFunction((s) => {
  const player = document.querySelector("[data-player]");
  return !player.paused && !player.seeking && player.currentTime > s; // so `seeking` was told
}, second);

// The marked word is the one that words.json says is heard at that moment.
let page = await open(address);
found.lazy = !asked.some((url) => url.includes("words.json"));
await page.click(".toggle");
await playing(page, 0.1);
found.heard = [];
for (const second of [1.3, 13.4, 20.05, 31, 44.44, 60.2]) {
  await page.evaluate((s) => { document.querySelector("[data-player]").currentTime = s; }, second);
  await page.waitForTimeout(350);
  found.heard.push(await page.evaluate(() => [document.querySelector("[data-player]").currentTime, String([...CSS.highlights.get("spoken")][0])]));
}
found.label = await page.getAttribute(".toggle", "aria-label");
found.valuetext = await page.getAttribute(".rail", "aria-valuetext");

// A click on a sentence plays it; the bar skips by question; keys work and can be turned off.
await page.evaluate(() => document.querySelector("[data-player]").pause());
const spot = await page.evaluate(() => {
  const text = document.querySelector("#t36").lastChild;
  const range = new Range();
  const at = text.data.indexOf("first question");
  range.setStart(text, at);
  range.setEnd(text, at + 5);
  document.querySelector("#t36").scrollIntoView({ block: "center", behavior: "instant" });
  const box = range.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
});
await page.mouse.move(...spot);
await page.waitForTimeout(300);
found.pointed = await marked(page, "pointed");
await page.mouse.click(...spot);
await playing(page, 41);
found.sentence = await sought(page);
await page.click(".on");
await page.waitForTimeout(200);
found.next = await sought(page);
await page.evaluate(() => {
  const player = document.querySelector("[data-player]");
  player.pause(); // or on a busy machine more than two seconds pass, and "back" is to the same question
  player.currentTime = 53.5;
});
await page.click(".back");
await page.waitForTimeout(200);
found.previous = await sought(page);
await page.keyboard.press("l");
await page.waitForTimeout(100);
found.ahead = await sought(page);
await page.keyboard.press("k");
found.paused = await page.evaluate(() => document.querySelector("[data-player]").paused);
await page.keyboard.press(">");
found.rate = await page.evaluate(() => document.querySelector("[data-player]").playbackRate);
await page.click(".keys summary");
await page.uncheck(".keyed");
await page.keyboard.press("k");
found.off = await page.evaluate(() => document.querySelector("[data-player]").paused);
await page.check(".keyed");
await page.keyboard.press("Escape");
found.closed = await page.evaluate(() => !document.querySelector(".keys").open && document.activeElement.tagName);

// The picture of the conversation plays where it is clicked.
const lanes = page.locator("svg.lanes").first();
await lanes.scrollIntoViewIfNeeded();
const box = await lanes.boundingBox();
await lanes.click({ position: { x: box.width * 0.5, y: box.height - 5 } }); // waits until it lies still
await playing(page, 37);
found.lanes = await sought(page);
await page.evaluate(() => document.querySelector("[data-player]").pause());

// Chosen words are copied as a quote; the link in it marks the same words, and plays them.
await page.evaluate(() => {
  const text = document.querySelector("#t36").lastChild;
  const at = text.data.indexOf("alley without"); // from the middle of a word
  getSelection().setBaseAndExtent(text, at, text, text.data.indexOf("promise water") + "promise wat".length);
});
await page.waitForSelector(".copy.near:not([hidden])");
found.inBar = await page.isVisible(".player .copy");
await page.click(".copy.near");
await page.waitForFunction(() => document.querySelector(".copy.near").textContent === "Copied");
found.copied = await page.evaluate(() => navigator.clipboard.readText());
const link = found.copied.split("\n").at(-1);
const shared = await open(address + link.slice(link.indexOf("#")));
await shared.waitForFunction(() => CSS.highlights?.get("quoted")?.size);
found.quoted = await marked(shared, "quoted");
await playing(shared, 36.2);
found.shown = await shared.evaluate(() => {
  const [range] = CSS.highlights.get("quoted");
  const { top, bottom } = range.getBoundingClientRect();
  return top > 0 && bottom < document.querySelector(".player").getBoundingClientRect().top;
});
await shared.waitForFunction(() => document.querySelector("[data-player]").paused, null, { timeout: 15000 });
found.stopped = await now(shared);
found.began = await began(shared);

// A moment in the address in the other way; the place is remembered; the second can be cited.
const query = await open(`${address}?t=30`);
await playing(query, 30.1);
found.query = await began(query);
await query.click(".toggle");
await query.check(".second input");
found.cited = await query.evaluate(() => [...document.querySelectorAll("[data-cite] a")].map((a) => a.textContent));
await query.goto(address);
await query.waitForTimeout(200);
found.remembered = await now(query);
found.offered = await query.textContent(".play .button");

// Following: the words stay in sight; a person who scrolls is left alone.
await query.setViewportSize({ width: 375, height: 667 });
await query.evaluate(() => scrollTo(0, 0));
await query.click(".follow");
await query.click(".toggle");
await query.waitForTimeout(500);
found.follows = await query.evaluate(() => {
  const { top, bottom } = [...CSS.highlights.get("spoken")][0].getBoundingClientRect();
  return top > 0 && bottom < document.querySelector(".player").getBoundingClientRect().top;
});
await query.mouse.wheel(0, -3000);
await query.waitForTimeout(600);
found.stays = await query.evaluate(() => [scrollY < 500, document.querySelector(".follow").getAttribute("aria-pressed")]);

// With the keyboard alone, at 320 px: every stop is seen whole, and none lies under the bar.
const narrow = await open(address, { viewport: { width: 320, height: 640 } });
found.stops = 0;
found.hidden = [];
for (let i = 0; i < 200; i++) {
  await narrow.keyboard.press("Tab");
  const stop = await narrow.evaluate(() => {
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    const { top, bottom, left, right } = it.getBoundingClientRect();
    const bar = document.querySelector(".player").getBoundingClientRect();
    const under = !it.closest(".player") && bottom > bar.top + 1;
    return { what: it.getAttribute("aria-label") || it.textContent.slice(0, 30), fine: !under && top >= -1 && left >= -1 && right <= innerWidth + 1 };
  });
  if (!stop) break;
  found.stops++;
  if (!stop.fine) found.hidden.push(stop.what);
}
await narrow.focus(".toggle");
await narrow.keyboard.press("Enter");
await playing(narrow, 0.05);
found.enter = true;
await narrow.focus(".rail");
const before = await now(narrow);
await narrow.keyboard.press("ArrowRight");
await narrow.waitForTimeout(100);
found.arrow = (await sought(narrow)) - before;
found.sideways = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// Nothing moves while the page is loaded.
const quiet = await browser.newPage();
await quiet.addInitScript(() => {
  window.moved = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; }).observe({ type: "layout-shift", buffered: true });
});
await quiet.goto(address);
await quiet.waitForTimeout(800);
found.moved = await quiet.evaluate(() => window.moved);
found.blocking = await quiet.evaluate(() => performance.getEntriesByType("resource").filter((r) => r.initiatorType === "script" && r.renderBlockingStatus === "blocking").length);

await browser.close();
console.log(JSON.stringify({ ...found, errors, elsewhere: asked.filter((url) => !url.startsWith(new URL(address).origin)) }));
