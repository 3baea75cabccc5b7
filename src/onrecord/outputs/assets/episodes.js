// Narrows the list of all episodes. The lists of links above it become fields; the address keeps what was chosen.
// A row names its people, organisations and tags by their places in those lists (outputs/episodes.py).

const $ = (selector) => document.querySelector(selector);
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const opening = $(".opening");
const narrow = $(".narrow");
const told = $(".told [role]");
const years = [...document.querySelectorAll(".asked")].map((section) => ({
  section,
  rows: [...section.querySelectorAll("[data-of]")].map((row) => ({ row, of: new Set(row.dataset.of.split(" ")) })),
}));
const all = years.reduce((sum, { rows }) => sum + rows.length, 0);
const episodes = (n) => `${n.toLocaleString("en")} ${n === 1 ? "episode" : "episodes"}`;

// …/people/ada-lind/index.html is `person=ada-lind`
const own = (link) => decodeURIComponent(link.getAttribute("href").split("/").at(-2));
const fields = [...narrow.querySelectorAll("[data-filter]")].map((list) => {
  const name = list.dataset.filter;
  const links = [...list.querySelectorAll("a")];
  const select = make("select", { name, autocomplete: "off" }, make("option", { value: "" }, name === "person" ? "anybody" : "any"));
  for (const link of links) select.append(make("option", { value: own(link) }, link.textContent));
  list.replaceWith(make("label", {}, list.querySelector("summary").textContent, select));
  return { name, links, select };
});
const reset = make("button", { className: "plain", type: "button", hidden: true }, "Show all");
const pages = make("span", { className: "pages" });
$(".told").append(" ", pages, " ", reset);

const show = () => {
  const chosen = fields.filter(({ select }) => select.value);
  // What an old link asks for and nobody has any more fits no row.
  const wanted = chosen.map(({ name, links, select }) => (links[select.selectedIndex - 1] ? name[0] + (select.selectedIndex - 1) : ""));
  let count = 0;
  for (const { section, rows } of years) {
    let here = 0;
    for (const { row, of } of rows) {
      row.hidden = !wanted.every((key) => of.has(key));
      here += !row.hidden;
    }
    section.hidden = wanted.length > 0 && !here;
    count += here;
  }
  told.textContent = wanted.length ? `${count.toLocaleString("en")} of ${episodes(all)}` : episodes(all);
  pages.replaceChildren(...chosen.flatMap(({ links, select }) => {
    const link = links[select.selectedIndex - 1];
    return link ? [" · ", link.cloneNode(true)] : [];
  }));
  reset.hidden = !wanted.length;
};

const keep = () => {
  const asked = new URLSearchParams(location.search);
  for (const { name, select } of fields) {
    if (select.value) asked.set(name, select.value);
    else asked.delete(name);
  }
  // Not a step of its own: who walks through a field with the arrow keys would have to walk back.
  history.replaceState(null, "", asked.size ? `?${asked}#${opening.id}` : location.pathname);
};

const arrive = () => {
  const asked = new URLSearchParams(location.search);
  for (const { name, select } of fields) {
    const value = asked.get(name) ?? "";
    select.value = value;
    if (select.value !== value) select.append(make("option", { value, selected: true }, value));
  }
  show();
};

narrow.addEventListener("change", () => { keep(); show(); });
reset.addEventListener("click", () => {
  for (const { select } of fields) select.value = "";
  keep();
  show();
  fields[0].select.focus();
});
addEventListener("popstate", arrive);
arrive();
opening.dataset.settled = "";
