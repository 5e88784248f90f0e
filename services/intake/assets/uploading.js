// Files of a report go up one after the other, each with its progress, while the rest of the form is filled in.
"use strict";

class Uploads {
  // `changed` is called whenever a file was added, has arrived or was taken away.
  constructor(form, words, changed) {
    this.form = form;
    this.words = words;
    this.changed = changed;
    this.list = form.querySelector("[data-files]");
    this.waiting = [];
    this.busy = false;
    this.recall();
    window.addEventListener("online", () => this.again());
  }

  // Of files that come back with a form that was refused, the draft knows the names, and since when they are there.
  recall() {
    const known = draft.read()?.files ?? [];
    for (const line of this.list.querySelectorAll("[data-file]")) {
      const file = known.find((each) => each.id === line.dataset.file);
      if (file) line.querySelector("[data-name]").textContent = file.name;
      line.dataset.at = file?.at ?? Date.now();
    }
  }

  get unfinished() {
    return this.list.querySelectorAll("[data-unfinished]").length;
  }

  get count() {
    return this.list.querySelectorAll("input:checked, [data-unfinished]").length;
  }

  // The files that have arrived and are ticked, for the draft.
  kept() {
    return [...this.list.querySelectorAll("[data-file]")]
      .filter((line) => line.querySelector("input").checked)
      .map((line) => ({ id: line.dataset.file, name: line.querySelector("[data-name]").textContent, at: Number(line.dataset.at) }));
  }

  // A file that arrived before this page was loaded.
  restore(file) {
    const line = document.createElement("li");
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "attachments", value: file.id, checked: true });
    const name = document.createElement("span");
    name.dataset.name = "";
    name.textContent = file.name;
    label.append(box, " ", name);
    line.append(label);
    line.dataset.file = file.id;
    line.dataset.at = file.at;
    this.list.append(line);
  }

  add(files) {
    for (const file of files) {
      const line = document.createElement("li");
      line.dataset.unfinished = "";
      this.list.append(line);
      if (this.count > Number(this.form.dataset.limit)) this.fail(line, file, this.words.many, false);
      else if (file.size > Number(this.form.dataset.bytes)) this.fail(line, file, this.words.large, false);
      else this.wait(line, file);
    }
    this.changed();
  }

  wait(line, file) {
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", file.name);
    line.replaceChildren(file.name, " ", bar);
    delete line.dataset.lost;
    this.waiting.push({ line, file, bar });
    this.next();
  }

  next() {
    if (this.busy || !this.waiting.length) return;
    this.busy = true;
    const { line, file, bar } = this.waiting.shift();
    const request = new XMLHttpRequest(); // `fetch` does not tell how much has gone up
    request.open("POST", "/intake/report/files");
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.timeout = 180000;
    request.upload.addEventListener("progress", (event) => { bar.value = event.total ? (100 * event.loaded) / event.total : 0; });
    request.addEventListener("loadend", () => {
      this.busy = false;
      this.answered(line, file, request);
      this.changed();
      this.next();
    });
    request.send(file);
  }

  answered(line, file, request) {
    const answer = new DOMParser().parseFromString(request.responseText ?? "", "text/html");
    const arrived = answer.querySelector("[data-file]");
    if (request.status === 201 && arrived) {
      arrived.querySelector("[data-name]").textContent = file.name;
      arrived.dataset.at = Date.now();
      line.replaceWith(arrived);
      return;
    }
    const refused = request.status >= 400 && request.status < 500 && request.status !== 429;
    const words = answer.querySelector(".refused")?.textContent;
    this.fail(line, file, (request.status && words) || this.words.lost, !refused);
  }

  // Not taken. What the connection or the server lost can be sent again.
  fail(line, file, why, mendable) {
    line.dataset.unfinished = "";
    const said = Object.assign(document.createElement("small"), { className: "error", textContent: why });
    said.setAttribute("role", "alert");
    const discard = this.button(this.words.discard, () => { line.remove(); this.changed(); });
    line.replaceChildren(file.name, " ", said, " ", discard);
    if (!mendable) return;
    line.dataset.lost = "";
    line.retry = () => this.wait(line, file);
    discard.before(this.button(this.words.again, line.retry), " ");
  }

  button(words, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words });
    button.addEventListener("click", act);
    return button;
  }

  again() {
    for (const line of this.list.querySelectorAll("[data-lost]")) line.retry();
  }
}
