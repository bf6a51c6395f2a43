// 并排核对 by keyboard: j and k go from mask to mask on both sides, h hides what is selected in the original.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;

function show(number) {
  for (const mark of document.querySelectorAll("mark[data-mask]")) {
    mark.classList.toggle("current", mark.dataset.mask === number);
  }
  const first = document.querySelector(`mark[data-mask="${number}"]`);
  if (first) first.scrollIntoView({ block: "center" });
}

function go(step) {
  if (!rows.length) return;
  at = (at + step + rows.length) % rows.length;
  const row = rows[at];
  for (const other of rows) other.classList.toggle("current", other === row);
  show(row.dataset.row);
  const box = row.querySelector("input");
  if (box) box.focus({ preventScroll: true });
}

function hide() {
  const chosen = document.getSelection();
  const text = chosen.toString().trim();
  const inside = chosen.anchorNode && chosen.anchorNode.parentElement.closest("[data-source]");
  const lines = [...document.querySelectorAll("[data-hide] input.input")];
  if (!text || !inside || lines.some((line) => line.value === text)) return;
  const free = lines.find((line) => !line.value) || another(lines);
  free.value = text;
  free.focus();
}

function another(lines) {
  const line = lines.at(-1).closest("p").cloneNode(true);
  const input = line.querySelector("input.input");
  for (const extra of line.querySelectorAll("input[type=hidden]")) extra.remove();
  input.id = `hide-${lines.length}`;
  input.name = `hide-${lines.length}-text`;
  input.value = "";
  line.querySelector("label").htmlFor = input.id;
  line.querySelector("label").textContent = `第 ${lines.length + 1} 处`;
  document.querySelector("[data-hide]").append(line);
  return input;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input.input, textarea, select")) return;
  const does = { j: () => go(1), k: () => go(-1), h: hide }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

for (const row of rows) {
  row.addEventListener("focusin", () => { at = rows.indexOf(row); show(row.dataset.row); });
}
const keys = document.querySelector("[data-keys]");
if (keys) keys.hidden = false;
