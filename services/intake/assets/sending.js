// The last step of a report: what was told is shown once more, and then it is sent, however often that has to be tried.
"use strict";

Object.assign(ReportForm.prototype, {
  sum() {
    const answers = this.form.querySelector("[data-answers]");
    answers.replaceChildren();
    this.steps.slice(0, -1).forEach((step, number) => {
      const heading = Object.assign(document.createElement("h3"), { textContent: step.querySelector("h2").textContent });
      const change = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: this.words.change });
      change.setAttribute("aria-label", `${this.words.change}: ${heading.textContent}`);
      change.addEventListener("click", () => this.go(number));
      const told = document.createElement("dl");
      told.className = "facts";
      for (const [label, value] of this.told(step)) {
        told.append(Object.assign(document.createElement("dt"), { textContent: label }));
        told.append(Object.assign(document.createElement("dd"), { textContent: value, className: "told" }));
      }
      if (!told.children.length) told.append(Object.assign(document.createElement("dd"), { textContent: this.words.empty }));
      const head = Object.assign(document.createElement("div"), { className: "head" });
      head.append(heading, change);
      answers.append(head, told);
    });
  },

  // What a step's fields say, with their labels.
  told(step) {
    const found = [];
    for (const element of step.querySelectorAll("input[name]:not(:disabled), textarea, select")) {
      const label = (element.labels?.[0]?.textContent ?? "").trim();
      const ticked = element.type === "radio" || element.type === "checkbox";
      if (element.type === "hidden" || (ticked ? !element.checked : !element.value)) continue;
      if (element.tagName === "SELECT") found.push([label, element.selectedOptions[0].textContent]);
      else if (element.type === "datetime-local") found.push([label, new Date(element.value).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })]);
      else if (ticked) found.push(["", label]);
      else found.push([label, element.value]);
    }
    const point = step.querySelector("[data-point]");
    if (point && this.field("lat").value) found.push(["", point.textContent]);
    return found;
  },

  say(words) {
    this.notice.replaceChildren();
    if (words) this.notice.append(Object.assign(document.createElement("p"), { className: "refused", textContent: words }));
    if (words) this.notice.scrollIntoView({ block: "nearest" });
  },

  async send() {
    if (this.sending || this.sent) return;
    for (let step = 0; step < this.steps.length - 1; step += 1) {
      if (this.faulty(step)) {
        this.go(step);
        this.check(step);
        return;
      }
    }
    this.sending = true;
    this.waits = false;
    const button = this.form.querySelector("[type=submit]");
    button.setAttribute("aria-busy", "true");
    this.say("");
    try {
      const asked = { method: "POST", body: new FormData(this.form), redirect: "manual", signal: AbortSignal.timeout?.(60000) };
      const answer = await fetch(this.form.action, asked);
      if (answer.type === "opaqueredirect") {
        // The draft is erased where the receipt is seen: until then the same report can be sent again.
        location.assign("/intake/report/receipt");
        return;
      }
      this.refused(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // Whether it arrived is unknown. Sent again with its key, it leads to the same receipt.
      this.waits = !navigator.onLine;
      this.say(this.waits ? this.words.offline : this.words.unsent);
    }
    this.sending = false;
    button.removeAttribute("aria-busy");
  },

  faulty(step) {
    const names = [...this.steps[step].querySelectorAll("[name]:not(:disabled)")].map((element) => element.name);
    if (this.steps[step].contains(this.uploads.list)) names.push("attachments");
    return names.some((name) => this.fault(name));
  },

  // The answer is the form with what is wrong in it, or words alone, where there is nothing to mend.
  refused(answer) {
    if (!answer.querySelector("form[data-report] .error")) {
      this.say(answer.querySelector("[data-notice] .refused, main > p")?.textContent ?? this.words.unsent);
      return;
    }
    this.left.abort();
    const main = document.getElementById("content");
    main.replaceChildren(...answer.getElementById("content").childNodes);
    new ReportForm(main.querySelector("form[data-report]"));
  },
});

for (const form of document.querySelectorAll("form[data-report]")) {
  if (form.replaceChildren) new ReportForm(form); // a browser that is too old for this keeps the one long form
}
