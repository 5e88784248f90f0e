// The counter and 110 by keyboard: Alt and a letter press what names them, and what is wrong is where one types next.
"use strict";

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || !/^Key[A-Z]$/.test(event.code)) return;
  const asked = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.slice(3)}"]`);
  if (!asked) return;
  event.preventDefault(); // the browser's menus have some of the same letters
  asked.click();
});

function toWhatIsWrong() {
  document.querySelector("#taking [aria-invalid=true]")?.focus();
}
document.addEventListener("DOMContentLoaded", toWhatIsWrong);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.closest("#taking")) toWhatIsWrong();
});
