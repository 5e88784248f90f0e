// What all pages share. Every page can be read, and a report filed and tracked, without it.
"use strict";

// Why somebody reads what is sealed goes into a header: an address is kept in logs.
document.addEventListener("htmx:configRequest", (event) => {
  const reason = event.detail.parameters.get?.("access_reason") ?? event.detail.parameters.access_reason;
  if (reason === undefined || reason === null) return;
  delete event.detail.parameters.access_reason;
  event.detail.headers["Access-Reason"] = inHeader(reason);
});

// A header holds bytes: these are the text's UTF-8.
function inHeader(text) {
  return unescape(encodeURIComponent(text));
}

// A file that is opened with a reason is fetched and saved, since a link sends no header.
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.save) return;
  event.preventDefault();
  save(event.target);
});
async function save(form) {
  const headers = { "Access-Reason": inHeader(form.elements.access_reason.value), "HX-Request": "true" };
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.save, { headers });
    if (!answer.ok) return htmx.swap("#notice", await answer.text(), { swapStyle: "innerHTML" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "";
    link.click();
    URL.revokeObjectURL(link.href);
    form.querySelector("output").textContent = form.dataset.saved;
  } catch {
    noticeUnavailable();
  } finally {
    button.disabled = false;
  }
}

function noticeUnavailable() {
  const notice = document.getElementById("notice");
  notice.replaceChildren(document.getElementById("unavailable").content.cloneNode(true));
  notice.querySelector("[data-again]").remove();
}

// A part of a page whose service does not answer says so, and can be asked again.
function unavailable(event) {
  const asker = event.detail.elt;
  const place = event.detail.target ?? asker;
  if (event.detail.requestConfig?.verb !== "get") {
    // The form stays as it is, with its key: sent again, it takes effect once.
    document.getElementById("notice").replaceChildren(document.getElementById("unsaved").content.cloneNode(true));
    return;
  }
  if (!place.classList.contains("panel")) {
    if (asker.matches("form")) noticeUnavailable(); // whoever asked by hand is told; a list that refreshes itself is not
    return;
  }
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
  if (form.hasAttribute("data-download")) return; // the page stays, and the file may be wanted again
  if (form.target === "_blank") return; // what is shown elsewhere may be asked for again
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
