// Opens a page with a film of its own and one with a film at YouTube, and prints what happened as JSON:
//   node film.mjs TOOLS FILM_PAGE YOUTUBE_PAGE

import { createRequire } from "node:module";

const [tools, film, tube] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const found = {};

const page = await browser.newPage();
await page.goto(film);
await page.click(".play .button");
await page.waitForFunction(() => document.querySelector("video").currentTime > 0.2);
found.captions = await page.evaluate(async () => {
  const [track] = document.querySelector("video").textTracks;
  track.mode = "showing";
  for (let i = 0; i < 50 && !track.cues?.length; i++) await new Promise((done) => setTimeout(done, 100));
  return [track.kind, track.language, track.cues.length];
});
found.bar = await page.isVisible(".player .toggle");
found.frames = await page.getAttribute("meta[http-equiv]", "content");

const other = await browser.newPage();
const asked = [];
await other.route((url) => url.host !== new URL(tube).host, (route) => {
  asked.push(route.request().url());
  return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>a film</title>" });
});
await other.goto(tube);
await other.waitForTimeout(500);
found.before = [...asked];
await other.click(".toggle");
await other.click("a.facade");
await other.waitForSelector("iframe");
await other.waitForTimeout(300);
found.after = asked;
found.paused = await other.evaluate(() => document.querySelector("audio").paused);
found.title = await other.getAttribute("iframe", "title");

await browser.close();
console.log(JSON.stringify(found));
