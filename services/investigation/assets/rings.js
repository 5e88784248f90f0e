// What nobody has acknowledged rings: while an element with `data-ring="<id>"` is on the page, a tone sounds and a dialog
// says what it is (`data-ring-words`), until somebody has seen it. Its words come in `<template data-rings>` beside it.
"use strict";

if (!window.aduanRings) {
  window.aduanRings = true;
  const KEPT = "aduan-rings"; // the ids that were seen in this tab
  const seen = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  let sound = null;
  let dialog = null;
  let bar = null;
  let beat = null;

  function ringing() {
    const found = new Map();
    for (const element of document.querySelectorAll("[data-ring]")) {
      if (!seen.has(element.dataset.ring)) found.set(element.dataset.ring, element.dataset.ringWords ?? "");
    }
    return found;
  }

  function prepare() {
    if (dialog) return true;
    const template = document.querySelector("template[data-rings]");
    if (!template) return false;
    const parts = template.content.cloneNode(true);
    dialog = parts.querySelector("dialog");
    bar = parts.querySelector(".sound");
    document.body.append(dialog);
    // It is seen, not dismissed: what a key has closed opens again.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", look);
    dialog.querySelector("[data-ring-seen]").addEventListener("click", () => {
      for (const id of ringing().keys()) seen.add(id);
      sessionStorage.setItem(KEPT, JSON.stringify([...seen]));
      look();
    });
    sound = new AudioContext();
    sound.addEventListener("statechange", tellSound);
    tellSound();
    return true;
  }

  // A browser plays nothing before somebody has pressed something on the page.
  function wake() {
    if (sound?.state === "suspended") sound.resume();
  }

  function tellSound() {
    bar.hidden = sound.state === "running";
    document.documentElement.dataset.sound = sound.state;
    // Behind an open dialog nothing can be pressed.
    const place = dialog.open ? dialog.querySelector("article") : document.querySelector("main");
    if (bar.parentElement !== place) place.prepend(bar);
  }

  function tone() {
    if (sound.state !== "running") return;
    const now = sound.currentTime;
    for (const [after, pitch] of [[0, 880], [0.25, 660], [0.5, 880], [0.75, 660]]) {
      const voice = sound.createOscillator();
      const volume = sound.createGain();
      voice.frequency.value = pitch;
      volume.gain.setValueAtTime(0.25, now + after);
      volume.gain.exponentialRampToValueAtTime(0.001, now + after + 0.24);
      voice.connect(volume).connect(sound.destination);
      voice.start(now + after);
      voice.stop(now + after + 0.25);
    }
  }

  function say(found) {
    const list = dialog.querySelector("[data-ring-list]");
    const words = [...found.values()];
    if (words.join("\n") === list.dataset.said) return;
    list.dataset.said = words.join("\n");
    list.replaceChildren(...words.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  function look() {
    if (!prepare()) return;
    const found = ringing();
    if (found.size) {
      say(found);
      if (!dialog.open) dialog.showModal();
      if (!beat) {
        tone();
        beat = setInterval(tone, 2000);
      }
    } else {
      if (dialog.open) dialog.close();
      clearInterval(beat);
      beat = null;
    }
    document.documentElement.toggleAttribute("data-ringing", found.size > 0);
    tellSound();
  }

  for (const gesture of ["pointerdown", "keydown", "click"]) document.addEventListener(gesture, wake);
  document.addEventListener("htmx:afterSettle", look);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", look);
  else look();
}
