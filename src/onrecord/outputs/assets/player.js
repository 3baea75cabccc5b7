// Times on the page play the recording from that second, and the turn that is heard is marked.

const player = document.querySelector("[data-player]");

if (player) {
  const turns = [...document.querySelectorAll("[data-from]")];
  const starts = turns.map((turn) => Number(turn.dataset.from));
  let marked = null;

  // Which turn is heard: the last one that has begun.
  const turnAt = (second) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= second + 0.05) low = middle + 1;
      else high = middle;
    }
    return turns[low - 1] ?? null;
  };

  const mark = () => {
    const turn = turnAt(player.currentTime);
    if (turn === marked) return;
    marked?.classList.remove("now");
    turn?.classList.add("now");
    marked = turn;
  };

  const play = (second) => {
    player.currentTime = second;
    // A browser may refuse to play; the time is set, and the controls are there.
    player.play().catch(() => {});
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-t]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    play(Number(link.dataset.t));
    if (link.getAttribute("href").startsWith("#")) return; // also goes to the words
    event.preventDefault();
    if (link.classList.contains("at")) history.replaceState(null, "", `#t=${link.dataset.t}`);
  });

  player.addEventListener("timeupdate", mark);
  player.addEventListener("seeking", mark);

  // An address with a moment in it: #t=123.4 (as media fragments), #t123 (a paragraph), ?t=123 (shared).
  const asked = location.hash.match(/^#t=?(\d+(?:\.\d+)?)/) ?? location.search.match(/[?&]t=(\d+(?:\.\d+)?)/);
  if (asked) {
    const second = Number(asked[1]);
    player.currentTime = second;
    if (!location.hash || location.hash.includes("=")) turnAt(second)?.scrollIntoView({ block: "center", behavior: "instant" });
  }
}
