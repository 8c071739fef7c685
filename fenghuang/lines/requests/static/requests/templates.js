// Puts the text of a template into the form at once; without JavaScript the link asks the server.
"use strict";

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("a[data-into]");
  const field = chosen && document.getElementById(chosen.dataset.into);
  if (!field) return;
  event.preventDefault();
  field.value = chosen.dataset.text;
  field.focus();
});
