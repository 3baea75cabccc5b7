// The player of an episode's page. Without it the browser's own player, every time and every word are there;
// with it, words are marked as they are heard, a click on a sentence plays it, and chosen words can be shared.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const media = $("[data-player]");
const bar = $(".player");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const highlights = globalThis.CSS?.highlights;

const remembered = {
  // Storage may be forbidden; then nothing is remembered.
  get(key) { try { return localStorage.getItem(`onrecord:${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`onrecord:${key}`, value); } catch { /* as above */ } },
};

const clock = (second) => {
  const s = Math.floor(second);
  const parts = s < 3600 ? [Math.floor(s / 60), s % 60] : [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return parts.map((n, i) => (i ? String(n).padStart(2, "0") : n)).join(":");
};
// A link to a moment says it in data-t; in the transcript, where there are hundreds, its address does.
const secondOf = (link) => Number(link.dataset.t ?? link.hash.slice(3));
// Seconds from a moment as people and players write it: 62, 62.5, 62s, 1:02, 01:01:02.5, 1m2s; NaN where it is none.
const moment = (text) => {
  const found = text.match(/^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/) ?? text.match(/^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/);
  return found ? 3600 * (found[1] ?? 0) + 60 * (found[2] ?? 0) + Number(found[3] ?? 0) : NaN;
};
const plain = (second) => String(Math.round(second * 1000) / 1000);

// The last place in a row of numbers that rise at which one is not greater.
const lastUpTo = (row, value) => {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle] <= value + 0.005) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// ---- Words: the page holds paragraphs; when each of their words begins is in words.json (see outputs/words.py).

const UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3000-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3134f}";
const WORD = new RegExp(`(?:[${UNSPACED}]|[^\\s${UNSPACED}]+)[^\\p{L}\\p{N}\\s]*`, "gu");

const paragraphs = $$(".turns .turn > p:not(.name)").map((element) => ({
  element,
  turn: element.parentElement,
  text: element.lastChild,
  at: secondOf($("a.at", element)),
}));
const begins = paragraphs.map((p) => p.at);

const wordsOf = (p) => (p.words ??= [...p.text.data.matchAll(WORD)].map((m) => [m.index, m.index + m[0].trimEnd().length]));

const decode = (row, at) => {
  const found = [];
  let steps = 0;
  const digit = (i) => row.charCodeAt(i) - (row[i] > "\\" ? 36 : 35);
  for (let i = 0; i < row.length; i++) {
    if (row[i] === "!") {
      steps += digit(i + 1) * 7396 + digit(i + 2) * 86 + digit(i + 3);
      i += 3;
    } else steps += digit(i);
    found.push(at + steps / 40);
  }
  return found;
};

let fetched;
const loaded = () => (fetched ??= fetch(media.dataset.words)
  .then((answer) => (answer.ok ? answer.json() : []))
  .catch(() => [])
  .then((rows) => {
    paragraphs.forEach((p, i) => {
      p.starts = decode(rows[i] ?? "", p.at);
      const count = wordsOf(p).length;
      if (p.starts.length === count) {
        begins[i] = p.starts[0] ?? p.at; // the page says it to the tenth of a second
        return;
      }
      const end = begins[i + 1] ?? p.at + count / 2.5;
      p.starts = wordsOf(p).map((_, n) => p.at + ((end - p.at) * n) / count);
    });
  }));

const rangeOf = (p, first, last) => {
  const range = new Range();
  range.setStart(p.text, wordsOf(p)[first][0]);
  range.setEnd(p.text, wordsOf(p)[last][1]);
  return range;
};
const show = (name, ranges) => {
  if (highlights) highlights.set(name, new Highlight(...ranges));
};

// Sentences of a paragraph, as places in its text. An initial or a title before a name ends none.
const sentencesOf = (p) => {
  if (p.sentences) return p.sentences;
  const language = p.element.closest("[lang]")?.lang;
  const whole = p.text.data;
  const ends = Intl.Segmenter
    ? [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(whole)].map((s) => s.index)
    : [0, ...[...whole.matchAll(/[.!?…]["”’»)]*\s+/gu)].map((m) => m.index + m[0].length)];
  return (p.sentences = ends.filter((at) => !/(^|[\s(“„«])\p{Lu}\p{L}{0,3}\.\s*$/u.test(whole.slice(0, at))));
};

const sentenceAt = (event) => {
  const element = event.target.closest?.(".turns p:not(.name)");
  const p = element && !event.target.closest("a") && paragraphs.find((each) => each.element === element);
  if (!p) return null;
  const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const range = place ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const [node, offset] = place ? [place.offsetNode, place.offset] : [range?.startContainer, range?.startOffset];
  if (node !== p.text) return null;
  const starts = sentencesOf(p);
  const at = starts[lastUpTo(starts, offset)] ?? 0;
  const end = starts.find((start) => start > offset) ?? p.text.data.length;
  const words = wordsOf(p);
  const first = Math.max(0, words.findIndex((w) => w[0] >= at));
  const last = words.findLastIndex((w) => w[0] < end);
  return last < first ? null : { p, first, last };
};

if (media) play();
for (const facade of $$("a.facade")) facade.addEventListener("click", open);

function play() {
  const controls = $(".controls", bar);
  const rail = $(".rail", bar);
  const lanes = $("svg.lanes");
  const key = location.pathname;
  const questions = $$(".questions .question a[data-t]").map((a) => ({ at: secondOf(a), text: a.textContent }));
  if (!questions.length) for (const a of $$(".chapters a[data-t]")) questions.push({ at: secondOf(a), text: a.lastChild.textContent });
  questions.sort((a, b) => a.at - b.at);
  const asked = questions.map((q) => q.at);
  const whole = () => media.duration || Number(rail.max);
  let marked = null;
  let spoken = "";
  let until = Infinity;
  let following = remembered.get("follow") === "yes";

  const go = (second, end = Infinity) => {
    until = end;
    media.currentTime = second;
    // A browser may refuse to play before somebody has pressed something; the place is set, and the bar is there.
    media.play().catch(() => {});
  };

  // ---- What is heard now

  const mark = () => {
    const now = media.currentTime;
    if (now >= until) {
      until = Infinity;
      media.pause();
    }
    const i = lastUpTo(begins, now + 0.045);
    const p = paragraphs[i];
    if (p?.turn !== marked) {
      marked?.classList.remove("now");
      p?.turn.classList.add("now");
      marked = p?.turn ?? null;
    }
    const w = p?.starts ? lastUpTo(p.starts, now) : -1;
    if (`${i} ${w}` === spoken) return;
    spoken = `${i} ${w}`;
    const range = w < 0 ? null : rangeOf(p, w, w);
    show("spoken", range ? [range] : []);
    if (following && !media.paused) bring(range ?? p?.element);
  };

  const bring = (what, always = false) => {
    const box = what?.getBoundingClientRect();
    if (!box || (!always && box.top > 60 && box.bottom < innerHeight - 120)) return;
    scrollTo({ top: scrollY + box.top - innerHeight * 0.35, behavior: still.matches ? "instant" : "smooth" });
  };

  const tell = (event) => {
    const now = media.currentTime;
    const name = marked ? $(".name", marked).textContent : "";
    const question = questions[lastUpTo(asked, now)]?.text ?? "";
    rail.value = now;
    rail.style.setProperty("--at", `${(100 * now) / whole()}%`);
    // A screen reader that stands on the rail is told where somebody goes, not every second that passes.
    if (document.activeElement !== rail || event?.type === "seeking") rail.setAttribute("aria-valuetext", [`${clock(now)} of ${clock(whole())}`, name].filter(Boolean).join(", "));
    $(".here", bar).textContent = clock(now);
    $(".heard", bar).textContent = [name, question].filter(Boolean).join(" · ");
    head?.toggleAttribute("hidden", !now);
    for (const end of ["x1", "x2"]) head?.setAttribute(end, `${(100 * now) / whole()}%`);
    cite();
  };

  const beat = () => {
    mark();
    if (!media.paused) requestAnimationFrame(beat);
  };

  media.addEventListener("play", () => {
    loaded().then(mark);
    beat();
    for (const frame of $$(".picture iframe")) frame.contentWindow.postMessage('{"event":"command","func":"pauseVideo","args":""}', new URL(frame.src).origin);
  });
  for (const name of ["play", "pause", "ended"]) {
    media.addEventListener(name, () => {
      bar.classList.toggle("plays", !media.paused);
      toggle.setAttribute("aria-label", media.paused ? "Play" : "Pause");
      keep();
    });
  }
  for (const name of ["timeupdate", "seeking"]) media.addEventListener(name, (event) => { mark(); tell(event); });
  media.addEventListener("durationchange", () => { if (media.duration) rail.max = media.duration; });

  // ---- The bar

  const toggle = $(".toggle", bar);
  const turn = () => { if (media.paused) { until = Infinity; media.play().catch(() => {}); } else media.pause(); };
  const skip = (way) => {
    const now = media.currentTime;
    const at = way > 0 ? asked.find((t) => t > now + 0.5) : asked.findLast((t) => t < now - 2);
    if (at !== undefined || way < 0) go(at ?? 0);
  };
  const follow = (on) => {
    following = on;
    $(".follow", bar).setAttribute("aria-pressed", on);
    remembered.set("follow", on ? "yes" : "no");
    if (on && marked) loaded().then(() => { spoken = ""; mark(); bring(marked); });
  };
  const speed = $(".speed", bar);
  const faster = (steps) => {
    speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + steps));
    media.playbackRate = media.defaultPlaybackRate = Number(speed.value);
    remembered.set("speed", speed.value);
  };
  const leave = () => { if (following && !media.paused) follow(false); };

  toggle.addEventListener("click", turn);
  $(".back", bar).addEventListener("click", () => skip(-1));
  $(".on", bar).addEventListener("click", () => skip(1));
  $(".follow", bar).addEventListener("click", () => follow(!following));
  speed.addEventListener("change", () => faster(0));
  rail.addEventListener("input", () => { until = Infinity; media.currentTime = Number(rail.value); });
  rail.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 }[event.key];
    if (!way) return;
    event.preventDefault();
    until = Infinity;
    media.currentTime += way;
  });
  addEventListener("wheel", leave, { passive: true });
  addEventListener("touchmove", leave, { passive: true });
  if (!asked.length) for (const button of $$(".back, .on", bar)) button.hidden = true;
  for (const at of asked) $(".track", bar).append(Object.assign(document.createElement("i"), { className: "tick" }));
  $$(".tick", bar).forEach((tick, i) => tick.style.setProperty("left", `${(100 * asked[i]) / whole()}%`));
  if ([...speed.options].some((option) => option.value === remembered.get("speed"))) speed.value = remembered.get("speed");
  faster(0);
  $(".follow", bar).setAttribute("aria-pressed", following);

  let head = null;
  if (lanes) {
    head = document.createElementNS(lanes.namespaceURI, "line");
    head.setAttribute("class", "playhead");
    head.setAttribute("y1", "0");
    head.setAttribute("y2", "100%");
    lanes.prepend(head);
    lanes.classList.add("plays");
    lanes.addEventListener("click", (event) => {
      if (event.target.closest("a")) return;
      const box = lanes.getBoundingClientRect();
      go((Number(lanes.dataset.length) * (event.clientX - box.left)) / box.width);
    });
  }

  // ---- Keys: single letters, which the list of keys can turn off

  const keyed = $(".keyed", bar);
  keyed.checked = remembered.get("keys") !== "no";
  keyed.addEventListener("change", () => remembered.set("keys", keyed.checked ? "yes" : "no"));
  const KEYS = {
    k: turn,
    j: () => { media.currentTime -= 10; },
    l: () => { media.currentTime += 10; },
    p: () => skip(-1),
    n: () => skip(1),
    "<": () => faster(-1),
    ">": () => faster(1),
    f: () => follow(!following),
    c: () => copy(),
  };
  addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) leave();
    if (event.key === "Escape") for (const open of $$(".keys[open]", bar)) { open.open = false; $("summary", open).focus(); }
    if (!keyed.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=range], [type=checkbox]), select, textarea, [contenteditable]")) return;
    KEYS[event.key]?.();
  });

  // ---- A click plays: times, questions, sentences

  let hears = 0;
  let chose = false; // a click that only lets go of chosen words plays nothing
  document.addEventListener("pointerdown", () => { chose = !getSelection().isCollapsed; });
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[data-t], .turns a.at");
    if (!link) {
      const hit = chose || event.detail > 1 ? null : sentenceAt(event);
      clearTimeout(hears);
      // A second click would choose a word, not play; so the first one waits for it.
      if (hit) hears = setTimeout(() => loaded().then(() => { if (!String(getSelection())) go(hit.p.starts[hit.first]); }), 250);
      return;
    }
    if (link.classList.contains("button")) {
      event.preventDefault();
      media.closest(".picture")?.scrollIntoView({ block: "center" });
      turn();
      return;
    }
    go(secondOf(link));
    if (link.getAttribute("href").startsWith("#")) return; // also goes to the words
    event.preventDefault();
    if (link.classList.contains("at")) history.replaceState(null, "", `#t=${secondOf(link)}`);
  });

  const aside = Object.assign(document.createElement("span"), { className: "at aside", hidden: true });
  aside.setAttribute("aria-hidden", "true");
  document.body.append(aside);
  let pointed = 0;
  $(".turns")?.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons) return;
    cancelAnimationFrame(pointed);
    pointed = requestAnimationFrame(async () => {
      const hit = sentenceAt(event);
      await loaded();
      show("pointed", hit ? [rangeOf(hit.p, hit.first, hit.last)] : []);
      aside.hidden = !hit;
      if (!hit) return;
      const [line] = rangeOf(hit.p, hit.first, hit.first).getClientRects();
      aside.textContent = clock(hit.p.starts[hit.first]);
      aside.style.setProperty("top", `${scrollY + line.top}px`);
      aside.style.setProperty("left", `${hit.p.element.getBoundingClientRect().right}px`);
    });
  });
  $(".turns")?.addEventListener("pointerleave", () => { cancelAnimationFrame(pointed); show("pointed", []); aside.hidden = true; });

  // ---- Chosen words become a quote with its speaker, role, day and a link to the second

  const MARKS = { de: "„“", cs: "„“", sk: "„“", sl: "„“", bg: "„“", mk: "„“", sr: "„”", hr: "„”", bs: "„”", pl: "„”", ro: "„”", hu: "„”", fr: "«»", it: "«»", es: "«»", el: "«»", ru: "«»", uk: "«»", sv: "””", fi: "””" };
  const roles = new Map($$(".billing li").map((li) => [$(".who", li).textContent.trim(), $(".role", li).textContent.trim()]));
  const base = $("link[rel=canonical]")?.href ?? location.href.replace(/[?#].*/, "");

  const chosen = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const found = [];
    for (const p of paragraphs) {
      if (!range.intersectsNode(p.text)) continue;
      const from = range.comparePoint(p.text, 0) < 0 ? range.startOffset : 0;
      const to = range.comparePoint(p.text, p.text.length) > 0 ? range.endOffset : p.text.length;
      const words = wordsOf(p);
      const first = words.findIndex((w) => w[1] > from);
      const last = words.findLastIndex((w) => w[0] < to);
      if (first >= 0 && last >= first) found.push({ p, first, last });
    }
    return found.length ? found : null;
  };

  const ended = ({ p, last }) => p.starts[last + 1] ?? begins[paragraphs.indexOf(p) + 1] ?? p.starts[last] + 1;

  const quoted = (pieces) => {
    const [open, close] = MARKS[document.documentElement.lang.split("-")[0]] ?? "“”";
    const said = [];
    for (const { p, first, last } of pieces) {
      const text = rangeOf(p, first, last).toString();
      if (said.at(-1)?.turn === p.turn) said.at(-1).text += ` ${text}`;
      else said.push({ turn: p.turn, text });
    }
    const lines = said.map(({ turn: by, text }) => {
      const name = $(".name", by).textContent.trim();
      return `${open}${text}${close} — ${[name, roles.get(name)].filter(Boolean).join(", ")}`;
    });
    const about = [$("h1").textContent, $(".programme").textContent, $(".opening time").textContent].map((s) => s.trim());
    const [start, end] = [pieces[0].p.starts[pieces[0].first], ended(pieces.at(-1))];
    return [...lines, about.join(" · "), `${base}#t=${plain(start)},${plain(end)}`].join("\n");
  };

  const near = Object.assign(document.createElement("button"), { className: "copy near", type: "button", textContent: "Copy quote", hidden: true });
  $(".turns")?.after(near);
  const buttons = [near, $(".copy", bar)];
  let pieces = null;
  let waiting = 0;

  const offer = async () => {
    pieces = chosen();
    for (const button of buttons) { button.hidden = !pieces; button.textContent = "Copy quote"; }
    if (!pieces) return;
    await loaded();
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    near.hidden = matchMedia("(pointer: coarse)").matches;
    const home = near.offsetParent?.getBoundingClientRect() ?? { top: 0, left: 0, right: innerWidth };
    near.style.setProperty("top", `${box.top - home.top - 44}px`);
    near.style.setProperty("left", `${Math.max(0, Math.min(box.left + box.width / 2 - home.left - 50, home.right - home.left - 120))}px`);
  };
  const copy = async () => {
    if (!pieces) return;
    await loaded();
    await put(quoted(pieces));
    for (const button of buttons) button.textContent = "Copied";
  };
  document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(offer, 150); });
  for (const button of buttons) {
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
    button.addEventListener("click", copy);
  }

  // ---- Citing, with the second if that is asked for

  const second = $(".cite .second");
  const cite = () => {
    if (!second) return;
    const now = Math.floor(media.currentTime);
    $(".at", second).textContent = clock(now);
    const address = $("input", second).checked ? `${base}?t=${now}` : base;
    for (const link of $$("[data-cite] a")) if (link.href !== address) link.href = link.textContent = address;
  };
  if (second) {
    second.hidden = false;
    $("input", second).addEventListener("change", cite);
  }
  for (const entry of $$("[data-cite]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy the citation: ${$("h3", entry).textContent}`);
    button.addEventListener("click", async () => {
      await put($("p, pre", entry).textContent.trim());
      button.textContent = "Copied";
    });
    $("h3", entry).after(button);
  }

  // ---- Where to begin: a moment in the address, else where somebody stopped the last time
  // #t=36,41.5 (the words said then, as media fragments have it), #t=36, ?t=36; #t36 is only a paragraph.

  const arrive = () => {
    const wish = new URLSearchParams(location.hash.slice(1)).get("t") ?? new URLSearchParams(location.search).get("t") ?? "";
    const [begin, to] = wish.replace(/^npt:/, "").split(",").map(moment);
    const from = wish.startsWith(",") && to > 0 ? 0 : begin;
    const paragraph = location.hash.match(/^#t(\d+)$/);
    if (!(from >= 0)) {
      if (paragraph) media.currentTime = Number(paragraph[1]);
      return Boolean(paragraph);
    }
    go(from, to > from ? to : Infinity);
    const p = paragraphs[lastUpTo(begins, from + 0.045)];
    p?.element.scrollIntoView({ block: "center", behavior: "instant" });
    mark();
    if (to > from) loaded().then(() => quote(from, to));
    return true;
  };
  const quote = (from, to) => {
    const ranges = [];
    for (const p of paragraphs) {
      const first = p.starts.findIndex((s) => s >= from - 0.013);
      const last = p.starts.findLastIndex((s) => s < to - 0.013);
      if (first >= 0 && last >= first) {
        ranges.push(rangeOf(p, first, last));
        if (!highlights) p.element.classList.add("quoted");
      }
    }
    show("quoted", ranges);
    bring(ranges[0], true);
  };
  const keep = () => remembered.set(key, media.ended ? 0 : media.currentTime);
  setInterval(() => { if (!media.paused) keep(); }, 5000);
  addEventListener("pagehide", () => { if (media.currentTime) keep(); });
  addEventListener("hashchange", () => { if (location.hash.startsWith("#t=")) arrive(); });

  bar.classList.add("live");
  controls.hidden = false;
  if (!arrive()) {
    const place = Number(remembered.get(key));
    if (place > 15 && place < whole() - 15) {
      media.currentTime = place;
      for (const button of $$(".play .button")) button.textContent += ` from ${clock(place)}`;
    }
  }
  tell();

  if (navigator.mediaSession) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: $("h1").textContent, artist: $(".programme").textContent });
  }
}

// Puts text where somebody can paste it; in a page without the right to, a field that holds it is selected.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

// Nothing is asked of another server before this click.
function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { frame, title } = event.currentTarget.dataset;
  const film = Object.assign(document.createElement("iframe"), {
    src: `${frame}?autoplay=1&enablejsapi=1`,
    title,
    allow: "autoplay; fullscreen; picture-in-picture; encrypted-media",
    allowFullscreen: true,
    referrerPolicy: "strict-origin-when-cross-origin",
  });
  media?.pause();
  event.currentTarget.replaceWith(film);
  film.focus();
}
