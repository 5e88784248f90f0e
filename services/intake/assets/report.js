// The form of a report: one step at a time, kept on the device, sent once. Without this it is one long form.
"use strict";

class ReportForm {
  constructor(form) {
    this.form = form;
    this.words = JSON.parse(form.dataset.words);
    this.wrong = JSON.parse(form.dataset.wrong);
    this.steps = [...form.querySelectorAll("[data-step]")];
    this.notice = document.querySelector("[data-notice]");
    this.uploads = new Uploads(form, this.words, () => { this.mend("attachments"); this.keep(); });
    this.map = form.querySelector("[data-pick]");
    form.noValidate = true;
    this.listen();
    this.filesAndPlace();
    this.begin();
  }

  field(name) {
    return this.form.elements[name];
  }

  // --- the draft ---

  typed() {
    const fields = {};
    for (const element of this.form.elements) {
      if (!element.name || ["key", "attachments"].includes(element.name) || element.type === "file") continue;
      if (element.type === "radio" || element.type === "checkbox") {
        if (element.checked) fields[element.name] = element.value;
      } else if (element.value) fields[element.name] = element.value;
    }
    return fields;
  }

  keep() {
    if (this.sent) return;
    const kept = { at: Date.now(), key: this.field("key").value, step: this.step, fields: this.typed(), files: this.uploads.kept() };
    const holds = Object.keys(kept.fields).some((name) => name !== "who") || kept.files.length;
    if (!holds) {
      draft.erase();
      this.drafted(false);
    } else this.drafted(draft.write(kept));
  }

  drafted(yes) {
    document.querySelector("[data-draft]").hidden = !yes;
  }

  restore(kept) {
    this.field("key").value = kept.key;
    for (const [name, value] of Object.entries(kept.fields)) {
      const element = this.field(name);
      if (element?.type === "checkbox") element.checked = true;
      else if (element) element.value = value; // also of radio buttons, as a group
    }
    const fresh = kept.files.filter((file) => Date.now() - file.at < FILE_LIVES);
    for (const file of fresh) this.uploads.restore(file);
    if (fresh.length < kept.files.length) this.say(this.words.expired);
    this.drafted(true);
  }

  begin() {
    const kept = "fresh" in this.form.dataset ? draft.read() : null;
    if (kept) this.restore(kept);
    this.named();
    this.point();
    const wrong = this.steps.findIndex((step) => step.querySelector(".error"));
    this.show(wrong >= 0 ? wrong : Math.min(kept?.step ?? 0, this.steps.length - 1), false);
    history.replaceState({ step: this.step }, "");
    if (wrong >= 0) this.steps[wrong].querySelector("[aria-invalid], .error")?.focus?.();
  }

  // --- the steps ---

  show(step, focus = true) {
    this.step = step;
    const last = this.steps.length - 1;
    this.steps.forEach((each, number) => { each.hidden = number !== step; });
    const progress = this.form.querySelector("[data-progress]");
    progress.hidden = step === last;
    progress.textContent = this.filled(this.words.step, step + 1, last);
    this.form.querySelector("[data-back]").hidden = step === 0;
    this.form.querySelector("[data-next]").hidden = step === last;
    this.form.querySelector("[type=submit]").hidden = step !== last;
    if (step === last) this.sum();
    this.draw();
    if (focus) {
      this.steps[step].querySelector("h2").focus();
      window.scrollTo(0, 0);
    }
  }

  filled(words, ...values) {
    return values.reduce((text, value) => text.replace("%s", value), words);
  }

  go(step) {
    history.pushState({ step }, "");
    this.show(step);
    this.keep();
  }

  next() {
    this.say("");
    if (this.check(this.step)) this.go(this.step + 1);
  }

  // What is wrong stands at its field, and the first of it has the focus.
  check(step) {
    const names = new Set([...this.steps[step].querySelectorAll("[name]")].filter((e) => !e.matches(":disabled")).map((e) => e.name));
    if (this.steps[step].contains(this.uploads.list)) names.add("attachments");
    const wrong = [...names].filter((name) => this.fault(name));
    for (const name of names) this.mark(name, this.fault(name));
    if (!wrong.length) return true;
    const first = this.form.querySelector(`#${wrong[0]}`) ?? this.form.querySelector(`[name="${wrong[0]}"]`);
    first.focus();
    return false;
  }

  fault(name) {
    const element = this.field(name);
    if (name === "attachments") return this.uploads.unfinished ? this.words.pending : "";
    if (name === "who") return this.contradicts() ? this.wrong.who : "";
    if (element.required && !element.value.trim()) return this.words.required;
    if (element.validity && !element.validity.valid) return this.wrong[name] ?? this.words.invalid;
    // By the clock of this device; the server asks the office's.
    if (name === "when" && element.value && new Date(element.value) > Date.now() + 300000) return this.wrong.when;
    return "";
  }

  contradicts() {
    const named = this.form.querySelector("[data-named]");
    return this.field("who").value === "named" && ![...named.querySelectorAll("input")].some((input) => input.value.trim());
  }

  mark(name, words) {
    if (!words) {
      this.mend(name);
      return;
    }
    const element = this.form.querySelector(`#${name}`) ?? this.form.querySelector(`[name="${name}"]`);
    const place = element.closest(".field");
    const id = `${name}-error`;
    const said = document.getElementById(id) ?? Object.assign(document.createElement("small"), { id, className: "error" });
    said.textContent = words;
    said.setAttribute("role", "alert");
    if (!said.isConnected) place.insertBefore(said, place.querySelector(":scope > .hint"));
    element.setAttribute("aria-invalid", "true");
    element.setAttribute("aria-describedby", [id, this.form.querySelector(`#${name}-hint`)?.id].filter(Boolean).join(" "));
  }

  mend(name) {
    document.getElementById(`${name}-error`)?.remove();
    for (const element of this.form.querySelectorAll(`#${name}, [name="${name}"]`)) element.removeAttribute("aria-invalid");
  }

  // --- what the fields do ---

  listen() {
    const { form } = this;
    form.querySelector("[data-next]").addEventListener("click", () => this.next());
    form.querySelector("[data-back]").addEventListener("click", () => this.go(this.step - 1));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.step < this.steps.length - 1) this.next();
      else this.send();
    });
    form.addEventListener("input", (event) => {
      if (event.target.name) this.mend(event.target.name);
      if (event.target.closest("[data-named]")) this.mend("who");
      this.named();
      this.keep();
    });
    this.left = new AbortController(); // the form may be replaced by one that says what is wrong
    const { signal } = this.left;
    window.addEventListener("popstate", (event) => { if (event.state?.step !== undefined) this.show(event.state.step); }, { signal });
    window.addEventListener("online", () => { if (this.waits) this.send(); }, { signal });
    document.querySelector("[data-erase]").addEventListener("click", () => {
      if (!confirm(this.words.erase)) return;
      this.sent = true; // what is still under way keeps nothing any more
      draft.erase();
      location.assign("/intake/report");
    }, { signal });
  }

  named() {
    const named = this.form.querySelector("[data-named]");
    named.hidden = named.disabled = this.field("who").value !== "named";
  }

  filesAndPlace() {
    const { form } = this;
    const chooser = form.querySelector("#attachments");
    const camera = form.querySelector("[data-camera]");
    const shot = camera.querySelector("input");
    camera.hidden = false;
    camera.querySelector("button").addEventListener("click", () => shot.click());
    chooser.removeAttribute("name"); // each file goes up by itself
    for (const input of [chooser, shot]) {
      input.addEventListener("change", () => {
        this.uploads.add([...input.files]);
        input.value = "";
      });
    }
    form.querySelector("[data-place]").hidden = false;
    form.querySelector("[data-locate]").addEventListener("click", () => this.locate());
    form.querySelector("[data-unpick]").addEventListener("click", () => this.pick("", ""));
    document.addEventListener("DOMContentLoaded", () => this.draw(), { signal: this.left.signal });
    this.map.addEventListener("picked", () => this.pick(this.field("lat").value, this.field("lon").value));
  }

  draw() {
    // The village and the words say it too, so that nobody has to wait for the map.
    if (!window.L || !window.drawMap || !this.steps[this.step].contains(this.map)) return;
    const { lat, lon } = this.form.elements;
    if (lat.value && lon.value) Object.assign(this.map.dataset, { lat: lat.value, lon: lon.value });
    drawMap(this.map);
  }

  pick(lat, lon) {
    this.field("lat").value = lat;
    this.field("lon").value = lon;
    this.mend("lat");
    this.point();
    this.keep();
  }

  point() {
    const { lat, lon } = this.form.elements;
    const there = lat.value && lon.value;
    this.form.querySelector("[data-unpick]").hidden = !there;
    this.form.querySelector("[data-point]").textContent = there ? this.filled(this.words.point, `${lat.value}, ${lon.value}`) : "";
  }

  locate() {
    const said = this.form.querySelector("[data-point]");
    said.textContent = this.words.locating;
    const nowhere = () => { said.textContent = this.words.nowhere; };
    if (!navigator.geolocation) {
      nowhere();
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      this.pick(coords.latitude.toFixed(6), coords.longitude.toFixed(6));
      this.map.show?.(coords.latitude, coords.longitude);
    }, nowhere, { enableHighAccuracy: true, timeout: 15000 });
  }
}
