// Puts the slot of a figure into the text where the cursor stands. Without it, slots are copied.
"use strict";

const text = document.getElementById("id_text");

for (const button of document.querySelectorAll("button[data-slot]")) {
  button.hidden = false;
  button.nextElementSibling.hidden = true; // the slot to copy
  button.addEventListener("click", () => {
    text.setRangeText(button.dataset.slot, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true })); // the preview follows
  });
}
