// Finds turns in the archive: fetches the shards that hold the words (craft/postings.py says how they are packed),
// ranks by BM25, and shows the sentence with its speaker and a link that plays it.

const $ = (selector) => document.querySelector(selector);
const form = $("form.search");
const results = $(".results");
const list = $(".found");
const told = $(".told");
const more = $(".more");
const FILTERS = ["person", "part", "year", "tag"];
const PAGE = 6;
const LOOKS = 18; // turns that are read for a phrase before somebody asks for more

// ---- Files: deflated by us, because not every server does

const inflate = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const text = new TextDecoder();
const parsed = async (bytes) => JSON.parse(text.decode(await inflate(bytes)));
const kept = new Map();
const once = (key, make) => {
  if (!kept.has(key)) kept.set(key, make().catch((error) => { kept.delete(key); throw error; }));
  return kept.get(key);
};
const get = async (path, options) => {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), whole: answer.status !== 206 };
};
const index = () => once("index", async () => {
  const found = await parsed((await get("index.bin", { cache: "no-cache" })).bytes);
  found.words = found.words.split("\n");
  found.folding = folding(found.fold);
  return found;
});
const stamped = async (path) => (await get(`${path}?${(await index()).stamp}`)).bytes;

// Days, tags and people of all episodes: only who chooses among them needs them.
const filters = () => once("filters", async () => {
  const found = await parsed(await stamped("filters.bin"));
  let day = 0;
  found.years = found.days.map((step) => new Date(((day += step) - 719163) * 86400000).getUTCFullYear());
  return found;
});

// ---- Words: the same as craft/fold.py and craft/terms.py, from the table that the index brings

const UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3000-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3134f}";
const ALONE = `(?=[${UNSPACED}])[\\p{L}\\p{N}]`;
const TIED = "[\\p{M}\\p{Cf}]*";
const WORD = new RegExp(`${ALONE}${TIED}|(?:(?![${UNSPACED}])[\\p{L}\\p{N}]${TIED})+`, "gu");

const folding = (table) => {
  const gone = new Set();
  let at = 0;
  for (let i = 0; i < table.shades.length; i += 2) {
    at += table.shades[i];
    for (let n = 0; n < table.shades[i + 1]; n++) gone.add(String.fromCodePoint(at + n));
  }
  const swap = (letters, pairs) => [...letters].map((c) => (Object.hasOwn(pairs, c) ? pairs[c] : c)).join("");
  return (word) => {
    const apart = swap(word.normalize("NFC"), table.composed).normalize("NFKD").toLowerCase();
    const cased = swap(apart, table.case).normalize("NFKD");
    const bare = [...cased].filter((c) => !gone.has(c) && !/\p{Cf}/u.test(c)).join("");
    const latin = swap(bare, table.spelled).normalize("NFC").replace(/dj+/g, "d");
    return [...latin].filter((c) => /[\p{L}\p{N}]/u.test(c)).slice(0, 64).join("");
  };
};
const wordsOf = (whole, fold) => [...whole.matchAll(WORD)]
  .map((m) => ({ from: m.index, to: m.index + m[0].length, word: fold(m[0]) }))
  .filter((w) => w.word);

// A question: words, "phrases" and beginnings*. A word of several parts (Vučić's) is a phrase.
const understand = (asked, fold) => {
  const clauses = [];
  for (const [, phrase, single] of asked.matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+)/gu)) {
    const words = wordsOf(phrase ?? single, fold).map((w) => w.word);
    if (!words.length) continue;
    const open = single?.endsWith("*") ?? false;
    if (phrase === undefined && words.length > 1 && /^[^\p{L}\p{N}]*$/u.test(single.replace(WORD, ""))) {
      clauses.push({ words, open, exact: true });
    } else clauses.push({ words, open, exact: words.length > 1 });
  }
  return clauses;
};

// ---- Shards

const lists = (bytes) => {
  let at = 0;
  const number = () => {
    let n = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      n += (byte & 127) * scale;
      if (byte < 128) return n;
    }
  };
  const found = new Map();
  const names = [];
  let before = new Uint8Array();
  for (let left = number(); left; left--) {
    const shared = number();
    const length = number();
    const name = new Uint8Array(shared + length);
    name.set(before.subarray(0, shared));
    name.set(bytes.subarray(at, at + length), shared);
    at += length;
    names.push([text.decode(name), number()]);
    before = name;
  }
  for (const [word, length] of names) {
    const [from, end] = [at, at + length];
    at += length;
    found.set(word, () => {
      at = from;
      const turns = number();
      const held = [];
      let episode = 0;
      while (at < end) {
        episode += number();
        let turn = 0;
        for (let left = number(); left; left--) {
          const n = number();
          turn += n >> 3;
          held.push(episode, turn, (n & 7) + 0.5);
        }
      }
      return { turns, held };
    });
  }
  return found;
};
const shard = (n) => once(`shard ${n}`, async () => lists(await inflate(await stamped(`${n}.bin`))));
// The last shard whose first word does not come after this one.
const shardOf = (words, word) => {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle] <= word) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
};
const WIDEST = 4; // shards of one beginning, so that "a*" does not fetch the archive
const listsOf = async (about, word, open) => {
  const first = shardOf(about.words, word);
  const found = await shard(first);
  if (!open) return found.has(word) ? [found.get(word)()] : [];
  const all = [];
  for (let n = first; n < Math.min(first + WIDEST, about.words.length); n++) {
    if (n > first && !about.words[n].startsWith(word)) break;
    for (const [name, list] of await shard(n)) if (name.startsWith(word)) all.push(list());
  }
  return all;
};

// ---- Ranking

// Whose turns are asked for: for each episode, runs of turn numbers, or null where none is.
const allowed = async (wish) => {
  if (!FILTERS.some((name) => wish[name])) return () => true;
  const { labels, years, tags, people } = await filters();
  const tag = labels.indexOf(wish.tag);
  const runs = years.map((year, i) => {
    if (wish.tag && !tags[i].includes(tag)) return null;
    if (wish.year && year !== Number(wish.year)) return null;
    const found = [];
    let at = 0;
    for (const [who, part, turns] of people[i]) {
      const fits = (!wish.person || who === wish.who) && (!wish.part || part === (wish.part === "host" ? 1 : 2));
      if (fits) found.push([at, at + turns]);
      at += turns;
    }
    return found.length ? found : null;
  });
  return (episode, turn) => runs[episode]?.some(([from, to]) => turn >= from && turn < to);
};

const rank = async (about, clauses, wish) => {
  const may = await allowed(wish);
  const words = clauses.flatMap((clause) => clause.words.map((word, i) => ({ word, open: clause.open && i === clause.words.length - 1 })));
  const lots = await Promise.all(words.map(async ({ word, open }) => {
    const found = await listsOf(about, word, open);
    return found.length || open ? found : listsOf(about, word, true);
  }));
  const turns = new Map();
  lots.forEach((lot, n) => {
    const seen = new Map();
    for (const { turns: df, held } of lot) {
      const rarity = Math.log(1 + (about.turns - df + 0.5) / (df + 0.5));
      for (let i = 0; i < held.length; i += 3) {
        if (!may(held[i], held[i + 1])) continue;
        const key = held[i] * 1048576 + held[i + 1];
        seen.set(key, Math.max(seen.get(key) ?? 0, rarity * held[i + 2]));
      }
    }
    for (const [key, score] of seen) {
      const row = turns.get(key) ?? { key, score: 0, held: 0 };
      row.score += score;
      row.held += 1;
      turns.set(key, row);
    }
  });
  const exact = clauses.some((clause) => clause.exact);
  const rows = [...turns.values()];
  const most = exact ? words.length : rows.reduce((n, row) => Math.max(n, row.held), 0);
  return rows.filter((row) => row.held === most).sort((a, b) => b.score - a.score || b.key - a.key);
};

// ---- Text

const shown = (about, episode) => once(`e ${(episode / about.group) | 0}`, async () => parsed(await stamped(`e${(episode / about.group) | 0}.bin`)))
  .then((rows) => {
    const [slug, title, day, language, draft, people, start, blocks] = rows[episode % about.group];
    return { slug, title, day, language, draft, people, start, blocks };
  });
const turnOf = async (about, episode, turn) => {
  const card = await shown(about, episode);
  let [first, at] = [0, card.start];
  let i = 0;
  while (first + card.blocks[i] <= turn) {
    first += card.blocks[i];
    at += card.blocks[i + 1];
    i += 2;
  }
  const end = at + card.blocks[i + 1];
  const block = await once(`block ${episode} ${at}`, async () => {
    const path = `../${encodeURIComponent(card.slug)}/said.bin?${about.stamp}`;
    const { bytes, whole } = await get(path, { headers: { Range: `bytes=${at}-${end - 1}` } });
    return parsed(whole ? bytes.subarray(at, end) : bytes);
  });
  const [language, sentences] = block[turn - first];
  let before = 0;
  const person = card.people.find(([, , , , turns]) => turn < (before += turns));
  return { card, person, language: language || card.language, sentences };
};

// Where the clauses stand in the sentences of a turn; null where a phrase does not.
const places = (found, clauses, fold) => {
  const words = found.sentences.flatMap(([, said], n) => wordsOf(said, fold).map((w) => ({ ...w, n })));
  const hits = [];
  for (const { words: wanted, open, exact } of clauses) {
    const before = hits.length;
    const same = (word, i) => word === wanted[i] || (open && i === wanted.length - 1 && word.startsWith(wanted[i]));
    for (let i = 0; i + wanted.length <= words.length; i++) {
      if (wanted.every((_, k) => same(words[i + k].word, k))) hits.push(...words.slice(i, i + wanted.length));
    }
    if (hits.length > before) continue;
    if (exact) return null;
    // Nobody says the word itself: it was taken for a beginning.
    hits.push(...words.filter((w) => w.word.startsWith(wanted[0])));
  }
  return hits;
};

const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  const parts = s < 3600 ? [Math.floor(s / 60), s % 60] : [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return parts.map((n, i) => (i ? String(n).padStart(2, "0") : n)).join(":");
};
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const LONG = 260;
const result = (found, hits) => {
  const { card, person: [id, name, billed, hue], sentences } = found;
  const held = sentences.map((_, n) => new Set(hits.filter((h) => h.n === n).map((h) => h.word)).size);
  const best = Math.max(0, held.indexOf(Math.max(...held)));
  let last = best;
  for (let letters = sentences[best][1].length; last + 1 < sentences.length && letters + sentences[last + 1][1].length < LONG; last++) letters += sentences[last + 1][1].length;
  const page = `../${encodeURIComponent(card.slug)}/index.html`;
  const there = `${page}#t=${sentences[best][0] / 1000}`;
  const said = make("a", { className: "said", href: there, lang: found.language, dir: "auto" });
  for (let n = best; n <= last; n++) {
    let at = 0;
    if (n > best) said.append(" ");
    for (const { from, to } of hits.filter((h) => h.n === n).sort((a, b) => a.from - b.from)) {
      if (from < at) continue;
      said.append(sentences[n][1].slice(at, from), make("mark", {}, sentences[n][1].slice(from, to)));
      at = to;
    }
    said.append(sentences[n][1].slice(at));
  }
  if (best > 0) said.prepend("… ");
  if (last + 1 < sentences.length) said.append(" …");
  const who = id ? make("a", { className: "who", href: `../people/${encodeURIComponent(id)}/index.html` }, name) : make("span", { className: "who" }, name || "Unknown voice");
  const day = make("time", { dateTime: card.day }, new Date(`${card.day}T12:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }));
  const draft = card.draft ? [" · ", make("strong", { className: "flag" }, "Draft, not public")] : [];
  return make("li", { className: hue },
    make("p", {}, who, " ", make("span", { className: "role" }, billed)),
    make("p", { className: "words" }, make("span", { className: "at" }, clock(sentences[best][0])), " ", said),
    make("p", { className: "meta" }, day, " · ", make("a", { href: page }, card.title), ...draft));
};

// ---- The page

let asking = 0;
const say = (words) => { told.textContent = words; };

const wishes = async (about) => {
  const wish = Object.fromEntries(new FormData(form));
  if (wish.person) {
    const { names: people } = await filters();
    const asked = about.folding(wish.person);
    const plain = (name) => wordsOf(name, about.folding).map((w) => w.word).join(" ");
    const whole = plain(wish.person);
    wish.who = people.findIndex(([id]) => id === wish.person || about.folding(id) === asked);
    if (wish.who < 0) wish.who = people.findIndex(([, name]) => plain(name) === whole);
    if (wish.who < 0) wish.who = people.findIndex(([, name]) => ` ${plain(name)}`.includes(` ${whole}`));
    if (wish.who < 0) wish.who = -2;
  }
  return wish;
};

const search = async () => {
  const mine = ++asking;
  const asked = form.elements.q.value.trim();
  list.replaceChildren();
  more.hidden = true;
  if (!asked) {
    results?.removeAttribute("data-busy");
    return say("");
  }
  say("Searching…");
  results?.setAttribute("data-busy", ""); // the lists below make way until the results are there
  try {
    const about = await index();
    const clauses = understand(asked, about.folding);
    const wish = await wishes(about);
    if (!clauses.length || !about.turns) return say("Nobody has said that.");
    const rows = await rank(about, clauses, wish);
    const exact = clauses.some((clause) => clause.exact);
    let at = 0;
    let count = 0;
    const next = async () => {
      const wanted = list.children.length + PAGE;
      const from = list.children.length;
      more.disabled = true;
      // A phrase is looked for in the turns that hold all its words, some at a time.
      const until = exact ? at + LOOKS : rows.length;
      while (at < Math.min(until, rows.length) && list.children.length < wanted && mine === asking) {
        const some = rows.slice(at, at + wanted - list.children.length);
        at += some.length;
        const found = await Promise.all(some.map((row) => turnOf(about, Math.floor(row.key / 1048576), row.key % 1048576)));
        if (mine !== asking) return;
        for (const turn of found) {
          const hits = places(turn, clauses, about.folding);
          if (hits) list.append(result(turn, hits));
        }
        count += some.length;
      }
      if (mine !== asking) return;
      more.hidden = at >= rows.length;
      more.disabled = false;
      if (from) list.children[from]?.querySelector("a.said").focus();
      const n = exact ? list.children.length : rows.length;
      const least = exact && at < rows.length ? "At least " : "";
      if (!n && at < rows.length) return say(`Not in the first ${at.toLocaleString("en")} of ${rows.length.toLocaleString("en")} turns with all these words`);
      say(n ? `${least}${n.toLocaleString("en")} ${n === 1 ? "turn" : "turns"}` : "Nobody has said that.");
    };
    more.onclick = next;
    await next();
  } catch (error) {
    if (mine === asking) say("The search could not be loaded. Try again, or look through the lists below.");
    console.warn(error);
  } finally {
    if (mine === asking) results?.removeAttribute("data-busy");
  }
};

const offered = () => once("offered", async () => {
  const { names, labels, years } = await filters();
  for (const year of [...new Set(years)].sort((a, b) => b - a)) form.elements.year.append(make("option", {}, year));
  for (const tag of labels) form.elements.tag.append(make("option", {}, tag));
  for (const [, name] of names) $("#names").append(make("option", { value: name }));
  form.elements.tag.closest("label").hidden = !labels.length;
});

const arrive = async () => {
  const asked = new URLSearchParams(location.search);
  form.elements.q.value = asked.get("q") ?? "";
  if (FILTERS.some((name) => asked.get(name))) {
    $(".filters").open = true;
    await offered().catch(() => {});
  }
  for (const name of FILTERS) {
    const [field, value] = [form.elements[name], asked.get(name) ?? ""];
    field.value = value;
    // A link may ask for a year of which nothing is left: then nothing is found, not everything.
    if (field.value !== value) field.append(make("option", { selected: true }, value));
  }
  await search();
};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.pushState(null, "", asked.size ? `?${asked}` : location.pathname);
  search();
});
form.addEventListener("change", (event) => { if (event.target.name !== "q" && form.elements.q.value) form.requestSubmit(); });
$(".filters").addEventListener("toggle", () => offered().catch(() => {}));
addEventListener("popstate", arrive);
form.hidden = false;
if (location.search) arrive();
