"use strict";
document.documentElement.classList.add("has-script");

// £1.23m, -4%, 1,234 and 1 Apr 2017 as numbers; anything else as text.
function sortable(text) {
  const day = text.match(/^(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4})/);
  if (day) return Date.parse(`${day[1]} ${day[2]} ${day[3]} UTC`);
  const found = text.match(/^([-+]?)£?([\d,]*\.?\d+)(m?)(?=[\s%]|$)/);
  if (!found) return text === "never" ? Infinity : text;
  const size = Number(found[2].replaceAll(",", "")) * (found[3] ? 1e6 : 1);
  return found[1] === "-" ? -size : size;
}

function compare(a, b) {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  return a.localeCompare(b, "en-GB", { numeric: true });
}

function sortBy(header) {
  const table = header.closest("table");
  const column = [...header.parentNode.children].indexOf(header);
  const isDown = header.getAttribute("aria-sort") === "ascending";
  for (const other of header.parentNode.children) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", isDown ? "descending" : "ascending");
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [sortable(row.cells[column].textContent.trim()), row]);
  keyed.sort(([a], [b]) => (a === "" || b === "" || !isDown ? compare(a, b) : compare(b, a)));
  body.append(...keyed.map(([, row]) => row));
}

for (const button of document.querySelectorAll(".sort")) {
  button.addEventListener("click", () => sortBy(button.parentNode));
}

async function draw(figure) {
  const spec = JSON.parse(figure.querySelector(".spec").textContent);
  const rows = spec.data.values;
  const boxes = [...figure.querySelectorAll(".series input")];
  figure.classList.add("is-drawn");
  try {
    const { view } = await vegaEmbed(figure.querySelector(".live"), { ...spec, width: "container" }, {
      actions: false,
      renderer: "svg",
    });
    // The figure has a text in its place, and a table: a reader is spared every bar by itself.
    figure.querySelector(".live svg").setAttribute("aria-hidden", "true");
    const refresh = () => {
      const hidden = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
      const shown = rows.filter((row) => !hidden.has(row.series)).map((row) => ({ ...row }));
      view.data("rows", shown).runAsync();
    };
    for (const box of boxes) box.addEventListener("change", refresh);
  } catch (error) {
    figure.classList.remove("is-drawn");
    throw error;
  }
}

// Charts are drawn when they come near: a long page opens at once.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      draw(entry.target);
    }
  },
  { rootMargin: "600px" },
);
for (const figure of document.querySelectorAll("figure")) near.observe(figure);
