// The receipt: the draft is done with, the code can be copied and printed.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const receipt = document.querySelector("[data-receipt]");
  if (!receipt) return;
  draft.erase();
  const code = receipt.querySelector("[data-code]");
  const say = (words) => { receipt.querySelector("[data-said]").textContent = words; };
  const copy = receipt.querySelector("[data-copy]");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent.trim());
      say(receipt.dataset.copied);
    } catch {
      // Not every browser lets a page copy: the code is selected for the person to do it.
      getSelection().selectAllChildren(code);
      say(receipt.dataset.uncopied);
    }
  });
  const print = receipt.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
});
