/** Filters, sorts and searches the rows. Without the script, the page shows all of them. */
export const script = `
"use strict";
(() => {
  const body = document.querySelector("tbody");
  const rows = [...body.rows];
  // Created at the first search, because most visitors do not search.
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const form = document.forms[0];
  const count = document.querySelector("output");
  const field = (name) => form.elements[name];
  function show() {
    const words = field("q").value.toLowerCase().split(" ").filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const { team, states } = row.dataset;
      const fits =
        (field("team").value === "" || team === field("team").value) &&
        (field("state").value === "" || states.split(" ").includes(field("state").value)) &&
        words.every((word) => textOf(row).includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown += 1;
    }
    count.value = shown + " of " + rows.length + " apps";
    const given = ["q", "team", "state", "sort"].filter((name) => field(name).value !== "");
    const hash = new URLSearchParams(given.map((name) => [name, field(name).value])).toString();
    try { history.replaceState(null, "", "#" + hash); } catch { location.hash = hash; }
  }
  const orders = {
    "": (a, b) => a.dataset.at - b.dataset.at,
    team: (a, b) => a.dataset.team.localeCompare(b.dataset.team) || a.dataset.at - b.dataset.at,
    changed: (a, b) => b.dataset.changed.localeCompare(a.dataset.changed),
    canary: (a, b) => b.dataset.canary - a.dataset.canary,
  };
  function sort() {
    rows.sort(orders[field("sort").value] ?? orders[""]);
    body.append(...rows);
  }
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (form.elements[name]) field(name).value = value;
  }
  form.hidden = false;
  form.addEventListener("input", (event) => { if (event.target.name === "sort") sort(); show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  // The rows are already sorted by name, and moving them takes longer than drawing them.
  if (field("sort").value !== "") sort();
  show();
})();
`.trim();
