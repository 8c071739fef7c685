// Choosing all of a page at once, and how many are chosen; without JavaScript the link does it.
"use strict";

function boxes() {
  return [...document.querySelectorAll('input[type=checkbox][form="many"]')];
}

function tell() {
  const chosen = boxes().filter((box) => box.checked).length;
  for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = chosen ? `✓ ${chosen}` : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches('input[form="many"]')) tell();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick]")) return;
  event.preventDefault();
  const all = boxes();
  const wanted = !all.every((box) => box.checked);
  for (const box of all) box.checked = wanted;
  tell();
});
tell();
