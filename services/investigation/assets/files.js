// Files of a case: what a reporter attached is opened for a reason, and the digest of an electronic exhibit is reckoned
// here, so that the exhibit itself goes nowhere.
"use strict";

if (!window.aduanFiles) {
  window.aduanFiles = true;

  const failed = (form) => {
    const text = Object.assign(document.createElement("p"), { className: "refused", textContent: form.dataset.failed });
    text.setAttribute("role", "alert");
    form.querySelector(".refused")?.remove();
    form.append(text);
  };

  const asData = (blob) =>
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => resolve(reader.result));
      reader.addEventListener("error", reject);
      reader.readAsDataURL(blob);
    });

  async function open(form) {
    const words = unescape(encodeURIComponent(form.elements.why.value)); // a header holds bytes
    const answer = await fetch(form.dataset.open, { headers: { "Access-Reason": words } });
    if (!answer.ok) return failed(form);
    const blob = await answer.blob();
    const address = await asData(blob); // the pages' policy lets pictures come from data, and from no blob
    if (blob.type.startsWith("image/")) {
      const picture = Object.assign(document.createElement("img"), { src: address, alt: form.dataset.words });
      return form.replaceWith(picture);
    }
    const link = document.createElement("a");
    link.href = address;
    link.download = form.dataset.name;
    link.click();
  }

  // Before `aduan.js`, which keeps other forms from being sent twice.
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.open) return;
    event.preventDefault();
    open(event.target).catch(() => failed(event.target));
  }, true);

  document.addEventListener("change", async (event) => {
    const place = event.target.closest("[data-digest-for]");
    const file = event.target.files?.[0];
    if (!place || !file) return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const field = document.getElementById(place.dataset.digestFor);
    field.value = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });

  const show = () => {
    for (const form of document.querySelectorAll("form[data-open][hidden]")) form.hidden = false;
    if (window.crypto?.subtle) for (const place of document.querySelectorAll("[data-digest-for]")) place.hidden = false;
  };
  document.addEventListener("htmx:load", show);
  show();
}
