// What was typed into the form of a report, kept on this device until it is sent, or for a week.
"use strict";

const DRAFT = "aduan-draft";
const DRAFT_LIVES = 7 * 24 * 3600 * 1000;
const FILE_LIVES = 23 * 3600 * 1000; // the server keeps a file that no report names for a day

const draft = {
  // Where nothing can be kept, as in some private windows, the form works without.
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(DRAFT));
      if (kept && Date.now() - kept.at < DRAFT_LIVES) return kept;
    } catch {
      // It is not ours, or cannot be read: the same as none.
    }
    this.erase();
    return null;
  },
  write(kept) {
    try {
      localStorage.setItem(DRAFT, JSON.stringify(kept));
      return true;
    } catch {
      return false;
    }
  },
  erase() {
    try {
      localStorage.removeItem(DRAFT);
    } catch {
      // Nothing was kept.
    }
  },
};
