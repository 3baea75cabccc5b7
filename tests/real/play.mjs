// Plays a served episode page in Chromium and prints what happened as JSON:
//   node play.mjs TOOLS PAGE SECOND

import { createRequire } from "node:module";

const [tools, address, second] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const page = await (await browser.newContext()).newPage();
const sounds = [];
page.on("request", (request) => request.resourceType() === "media" && sounds.push(request.url()));

await page.goto(address);
await page.waitForTimeout(300);
const before = sounds.length;

await page.click(`.turn a.at[href$="#t=${second}"]`);
await page.waitForFunction((s) => document.querySelector("[data-player]").currentTime > s + 0.2, Number(second));
const clicked = await page.evaluate(() => ({
  at: document.querySelector("[data-player]").currentTime,
  paused: document.querySelector("[data-player]").paused,
  marked: [...document.querySelectorAll(".turn.now")].map((turn) => turn.querySelector(".name").textContent),
  hash: location.hash,
}));

await page.evaluate(() => document.querySelector("[data-player]").pause());
await page.click('nav.chapters a[data-t="53"]');
await page.waitForFunction(() => document.querySelector("[data-player]").currentTime > 53.1);
const chapter = await page.evaluate(() => ({ hash: location.hash, y: window.scrollY }));

const shared = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
await shared.goto(`${address}#t=58.2`);
await shared.waitForFunction(() => document.querySelector("[data-player]").currentTime >= 58.2);
const arrived = await shared.evaluate(() => {
  const heard = [...document.querySelectorAll(".turn")].find((turn) => turn.querySelector('a.at[href$="#t=58.2"]'));
  const box = heard.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight;
});

// Every stop of the Tab key is seen whole: the player's bar never lies over it.
const covered = await shared.evaluate(() => {
  const bar = document.querySelector(".player")?.getBoundingClientRect();
  const hidden = [];
  for (const link of document.querySelectorAll("main a[href]")) {
    link.focus();
    const box = link.getBoundingClientRect();
    if (bar && box.bottom > bar.top && !link.closest(".player")) hidden.push(link.textContent);
  }
  return hidden;
});

// Moments as other players and people write them; what is none plays nothing.
const moments = {};
for (const form of ["#t=0:20", "#t=00:01:02.5", "#t=npt:20,21", "?t=20s", "?t=1m2s", "#t=%32%30", "#t=,20", "#t=-20", "#t=soon", "?t=", "#t=1:2:3:4"]) {
  const other = await (await browser.newContext()).newPage();
  await other.addInitScript(() => { HTMLMediaElement.prototype.play = function () { window.played = this.currentTime; return Promise.resolve(); }; });
  await other.goto(address + form);
  await other.waitForSelector(".player.live");
  moments[form] = await other.evaluate(() => window.played ?? null);
  await other.context().close();
}
await browser.close();
console.log(JSON.stringify({ before, clicked, chapter, arrived, covered, moments }));
