// Keeps files on the server as they are written: one at a time, again until it is done, and never over what another
// window saved.

const PAUSE_MS = 1000;
// Who writes without a pause is not to lose more than this.
const MOST_UNSAVED_MS = 5000;
const MOST_WAIT_MS = 30000;
const ANSWER_MS = 30000;
// What a browser goes on to send after its page is gone.
const MOST_KEPT_ALIVE = 60000;
const ENDED = "Not saved: your link is not good any more. Copy what you wrote, and ask whoever invited you.";

export class Saver {
  /**
   * `read(path)` gives a file's text, or null once it is no more. `say(state, text)` shows how it stands; `moved(path)`
   * is called when another window has saved the file, and `refused(path, text)` when the file can't be kept as it is.
   */
  constructor({ address, headers, read, say, moved, refused }) {
    Object.assign(this, { address, headers, read, say, moved, refused });
    this.revisions = new Map();
    this.waiting = new Set();
    this.held = new Map();
    this.sending = null;
    this.timer = 0;
    this.failures = 0;
    this.oldest = 0;
    this.ended = false;
  }

  /** The paths of all that is not on the server. */
  get unsaved() {
    return [...new Set([...this.waiting, ...this.held.keys(), ...(this.current ? [this.current] : [])])];
  }

  /** A file has changed. */
  note(path) {
    if (this.ended) {
      return;
    }
    if (this.held.get(path) === undefined) {
      this.waiting.add(path);
    } else if (this.held.get(path) === "refused") {
      this.held.delete(path);
      this.waiting.add(path);
    }
    if (this.failures === 0) {
      this.say("busy", "saving…");
      this.oldest ||= Date.now();
      this.later(Math.min(PAUSE_MS, Math.max(0, this.oldest + MOST_UNSAVED_MS - Date.now())));
    }
  }

  /** Save what waits now. Whether all is saved then. */
  async flush() {
    clearTimeout(this.timer);
    this.oldest = 0;
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    await this.sending;
    return this.unsaved.length === 0;
  }

  /** Save over what another window has saved. */
  async keepMine(path) {
    const theirs = this.held.get(path);
    this.held.delete(path);
    this.revisions.set(path, theirs);
    this.waiting.add(path);
    return this.flush();
  }

  /** Forget what is not saved of a file. */
  drop(path) {
    this.waiting.delete(path);
    this.held.delete(path);
    this.report();
  }

  /** Forget all that is not saved, and save nothing more. */
  stop() {
    this.waiting.clear();
    this.held.clear();
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** Say how it stands where nothing waits. */
  report() {
    if (this.waiting.size > 0 || this.ended) {
      return;
    }
    if (this.held.size === 0) {
      this.say("good", "saved");
    } else {
      this.say("bad", `not saved: ${[...this.held.keys()].join(", ")}`);
    }
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  async sendAll() {
    while (this.waiting.size > 0) {
      const [path] = this.waiting;
      this.waiting.delete(path);
      this.current = path;
      let goesOn = false;
      try {
        goesOn = await this.send(path);
      } catch {
        // No network, or no answer in time.
        this.again(path, 0, "no connection");
      }
      this.current = null;
      if (!goesOn) {
        return;
      }
    }
    this.report();
  }

  async send(path) {
    const text = this.read(path);
    const form = new FormData();
    form.append("path", path);
    form.append("revision", String(this.revisions.get(path) ?? 0));
    const blob = new Blob([text ?? ""], { type: "text/plain" });
    if (text !== null) {
      form.append("text", blob, "text");
    }
    const answer = await fetch(this.address, {
      method: "POST",
      body: form,
      headers: { ...this.headers, Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      keepalive: document.visibilityState === "hidden" && blob.size < MOST_KEPT_ALIVE,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const said = await answer.json();
    if (answer.ok) {
      this.failures = 0;
      this.revisions.set(path, said.revision);
      return true;
    }
    if (answer.status === 409) {
      this.held.set(path, said.revision);
      this.moved(path);
      return true;
    }
    if (answer.status === 401 || answer.status === 403) {
      this.held.set(path, "refused");
      this.ended = answer.status === 401;
      this.say("bad", this.ended ? ENDED : "Not saved: copy what you wrote, then load this page again.");
      return false;
    }
    if ([404, 413, 415, 422].includes(answer.status)) {
      this.held.set(path, "refused");
      this.refused(path, [said.detail, said.hint].filter(Boolean).join("; "));
      return true;
    }
    this.again(path, (Number(answer.headers.get("Retry-After")) || 0) * 1000, "the server can't do it now");
    return false;
  }

  again(path, wait, why) {
    this.waiting.add(path);
    this.failures += 1;
    this.say("bad", `not saved: ${why}. It is tried again.`);
    this.later(Math.max(wait, Math.min(MOST_WAIT_MS, 1000 * 2 ** Math.min(this.failures, 6))));
  }
}
