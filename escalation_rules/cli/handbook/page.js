// Searching: shows the entries that have all the words.
const box = document.getElementById("search");
const none = document.getElementById("nothing");
const plain = (text) => text.normalize("NFKC").toLowerCase();
const cards = [...document.querySelectorAll("article")].map((card) => [card, plain(card.textContent)]);

function look() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  let hits = 0;
  for (const [card, text] of cards) {
    const hit = words.every((word) => text.includes(word));
    card.hidden = !hit;
    hits += hit;
  }
  for (const part of document.querySelectorAll("section")) {
    part.hidden = words.length > 0 && ![...part.querySelectorAll("article")].some((card) => !card.hidden);
  }
  none.className = hits ? "" : "on";
}
box.addEventListener("input", look);

// A link to an entry that the search has hidden ends the search.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && (target.hidden || target.closest("[hidden]"))) {
    box.value = "";
    look();
    target.scrollIntoView();
  }
});

// On a phone the contents are folded.
if (matchMedia("(max-width: 52rem)").matches) {
  for (const part of document.querySelectorAll("nav details")) part.open = false;
}
