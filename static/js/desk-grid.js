// Saves a number of the day's grid by itself when Enter is pressed in it, and goes from cell to
// cell by arrow keys. Without this script the form below the grid saves all numbers at once.
(() => {
  const table = document.querySelector("table[data-cells]");
  const bar = document.querySelector("[data-edit]");
  if (!table || !bar) return;
  const form = table.closest("form");
  const said = bar.querySelector("[data-said]");
  const undo = bar.querySelector("[data-undo]");
  const isCell = (element) => element.matches?.("input[name^=capacity_]");
  const idOf = (cell) => cell.name.replace("capacity_", "");
  const seenOf = (cell) => form.elements[`seen_${idOf(cell)}`];
  const cellNamed = (name) => table.querySelector(`input[name=${name}]`);
  // What was saved last, and the cell that waits for a reason.
  let last = null;
  let waiting = null;

  bar.hidden = false;

  const say = (text, refused = false) => {
    said.textContent = text;
    bar.classList.toggle("is-refused", refused);
  };

  const go = (cell) => {
    cell.focus();
    cell.select();
  };

  const neighbour = (cell, key) => {
    const row = cell.closest("tr");
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const cells = [...row.querySelectorAll("input[name^=capacity_]")];
      return cells[cells.indexOf(cell) + (key === "ArrowLeft" ? -1 : 1)];
    }
    const column = cell.closest("td").cellIndex;
    const step = key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
    for (let next = row[step]; next; next = next[step]) {
      const found = next.cells[column]?.querySelector("input[name^=capacity_]");
      if (found) return found;
    }
    return null;
  };

  const replaceRow = (cell, html) => {
    const row = cell.closest("tr");
    // What was typed beside it and isn't saved yet stays, as an answer to what was seen.
    const typed = [...row.querySelectorAll("input[name^=capacity_]")]
      .filter((other) => other !== cell && other.value !== other.defaultValue)
      .map((other) => [other.name, other.value, seenOf(other).value]);
    const holder = document.createElement("tbody");
    holder.innerHTML = html;
    row.replaceWith(holder.querySelector("tr"));
    for (const [name, value, seen] of typed) {
      const other = cellNamed(name);
      if (!other) continue;
      other.value = value;
      seenOf(other).value = seen;
    }
  };

  const show = (cell, answer) => {
    replaceRow(cell, answer.row);
    table.tFoot.innerHTML = answer.totals;
    say(answer.said, answer.refused);
    const now = cellNamed(cell.name);
    if (answer.ask) {
      waiting = cell.name;
      form.elements[answer.ask].focus();
    } else if (now) {
      go(now);
    }
    if (answer.refused) return;
    last = { name: cell.name, ...answer.undo };
    undo.hidden = !now;
  };

  const save = async (cell, reason) => {
    if (table.ariaBusy === "true") return;
    table.ariaBusy = "true";
    const body = new URLSearchParams({ reason, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    for (const field of [cell, seenOf(cell)]) body.set(field.name, field.value);
    try {
      const address = table.dataset.cells.replace(/\/0\/$/, `/${idOf(cell)}/`);
      const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      // A session that ended leads to the sign-in, which is no JSON.
      if (response.redirected) location.reload();
      else show(cell, await response.json());
    } catch {
      say(bar.dataset.offline, true);
    } finally {
      table.ariaBusy = "false";
    }
  };

  table.addEventListener("focusin", (event) => {
    if (isCell(event.target)) event.target.select();
  });

  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!isCell(cell) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const next = neighbour(cell, "ArrowDown");
      if (cell.value !== seenOf(cell).value.split(":")[1]) save(cell, form.elements.reason.value);
      else if (next) go(next);
    } else if (event.key === "Escape") {
      cell.value = seenOf(cell).value.split(":")[1];
      cell.select();
      say(bar.dataset.back);
    } else if (event.key.startsWith("Arrow")) {
      // Up and down would change the number.
      event.preventDefault();
      const next = neighbour(cell, event.key);
      if (next) go(next);
    }
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.name !== "reason" || !waiting) return;
    const cell = cellNamed(waiting);
    waiting = null;
    if (!cell || !event.target.value.trim()) return;
    event.preventDefault();
    save(cell, event.target.value);
  });

  undo.addEventListener("click", () => {
    const cell = cellNamed(last.name);
    cell.value = last.capacity;
    save(cell, last.reason);
  });
})();
