// Shortcuts for those who work with the keyboard; every one of them only presses what is there.
"use strict";

const KEPT = "keys-off";
const help = document.getElementById("keys");
const said = document.getElementById("keys-said");

const rows = () => [...document.querySelectorAll("main tbody tr, main .tasks li")];
const link = (row) => row.querySelector("th a, a");
const verbs = () => [...document.querySelectorAll("main [data-verb]")].slice(0, 9);
const isOff = () => localStorage.getItem(KEPT) === "1";

function move(step) {
  const all = rows().filter(link);
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
  link(next).focus(); // a screen reader reads the link that has the focus
}

function tick() {
  const box = document.activeElement.closest("tr")?.querySelector("input[type=checkbox]");
  if (!box) return;
  box.click();
  said.textContent = box.getAttribute("aria-label") + (box.checked ? " ✓" : " ✕");
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  "/": () => document.querySelector("main input[type=search], #search-all")?.focus(),
  g: () => document.getElementById("search-all")?.focus(),
  "?": () => (help.open ? help.close() : help.showModal()),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], .map")) return;
  if (isOff() && event.key !== "?") return;
  const press = KEYS[event.key] ?? (/^[1-9]$/.test(event.key) ? () => verbs()[event.key - 1]?.click() : null);
  if (!press || (help.open && event.key !== "?")) return;
  event.preventDefault();
  press();
});

verbs().forEach((verb, place) => verb.setAttribute("aria-keyshortcuts", String(place + 1)));

const on = help.querySelector("input[name=on]");
on.checked = !isOff();
on.addEventListener("change", () => localStorage.setItem(KEPT, on.checked ? "0" : "1"));
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
