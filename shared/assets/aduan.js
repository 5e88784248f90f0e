// What all pages share. Every page can be read, and a report filed and tracked, without it.
"use strict";

// Why somebody reads what is sealed goes into a header: an address is kept in logs.
document.addEventListener("htmx:configRequest", (event) => {
  const reason = event.detail.parameters.get?.("access_reason") ?? event.detail.parameters.access_reason;
  if (reason === undefined || reason === null) return;
  delete event.detail.parameters.access_reason;
  // A header holds bytes: these are the text's UTF-8.
  event.detail.headers["Access-Reason"] = unescape(encodeURIComponent(reason));
});

// A part of a page whose service does not answer says so, and can be asked again.
function unavailable(event) {
  const asker = event.detail.elt;
  const place = event.detail.target ?? asker;
  if (event.detail.requestConfig?.verb !== "get") {
    const notice = document.getElementById("notice");
    notice.replaceChildren(document.getElementById("unavailable").content.cloneNode(true));
    notice.querySelector("[data-again]").remove();
    return;
  }
  if (!place.classList.contains("panel")) return;
  const address = event.detail.requestConfig.path;
  place.replaceChildren(document.getElementById("unavailable").content.cloneNode(true));
  place.removeAttribute("aria-busy");
  place.querySelector("[data-again]").addEventListener("click", () => {
    htmx.ajax("GET", address, { target: place, swap: "outerHTML" });
  });
}
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, unavailable);
}

// A second click sends nothing again; what is sent twice all the same takes effect once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
  if (form.target === "_blank") return; // a document opens beside this page, which stays as it is
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
