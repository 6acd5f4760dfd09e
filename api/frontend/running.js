// Runs the visible tests on what is kept, and shows what they print as they print it.

const AGAIN_MS = 3000;
// Each with a pause: a server that is started anew is back within.
const MOST_TRIES = 10;
const ANSWER_MS = 30000;
const LOST = "It is not known how they ended. Run them again.";

export class Runner {
  /**
   * `save()` has everything kept, and says whether it is. `say(state, text)` shows how the run stands, where the state
   * is busy, good or bad; `print(text)` adds to the output, and `clear()` empties it.
   */
  constructor({ address, headers, save, say, print, clear }) {
    Object.assign(this, { address, headers, save, say, print, clear });
    this.run = null;
    this.source = null;
    this.timer = 0;
    this.begins = false;
  }

  /** Whether one goes. */
  get goes() {
    return this.begins || this.run !== null;
  }

  async start() {
    if (this.goes) {
      return;
    }
    this.begins = true;
    this.clear();
    this.say("busy", "saving your files…");
    try {
      if (await this.save()) {
        await this.begin();
      } else {
        this.end("bad", "Not run: your files are not saved yet.");
      }
    } catch {
      this.end("bad", "Not run: there was no answer. Look at your network, then try again.");
    }
    this.begins = false;
  }

  async begin() {
    const answer = await this.send(this.address);
    const said = await answer.json();
    if (answer.ok) {
      this.follow(said.id);
      this.say("busy", "waiting for a free place…");
    } else if (answer.status === 409 && said.run) {
      this.follow(said.run);
      this.say("busy", "These were begun before, as in another window…");
    } else {
      this.end("bad", `Not run: ${[said.detail, said.hint].filter(Boolean).join("; ")}.`);
    }
  }

  async stop() {
    if (this.run === null) {
      return;
    }
    this.say("busy", "stopping…");
    try {
      await this.send(`${this.address}/${this.run}/stop`);
    } catch {
      this.say("busy", "There was no answer. They go on; try to stop them again.");
    }
  }

  /** Look no longer: the page is left. The run goes on. */
  leave() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.run = null;
  }

  send(address) {
    return fetch(address, {
      method: "POST",
      headers: { ...this.headers, Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }

  follow(run, tries = 0) {
    this.run = run;
    // From its beginning, whatever was shown before.
    this.clear();
    const source = new EventSource(`${this.address}/${run}/events`);
    this.source = source;
    const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
    on("started", () => this.say("busy", "running…"));
    on("output", ({ text }) => this.print(text));
    on("ended", ({ good, words }) => this.end(good ? "good" : "bad", words));
    source.onerror = () => {
      // What broke off is taken up by the browser itself; what was refused is not.
      if (source.readyState !== EventSource.CLOSED || this.source !== source) {
        return;
      }
      if (tries >= MOST_TRIES) {
        this.end("bad", LOST);
      } else {
        this.timer = setTimeout(() => this.follow(run, tries + 1), AGAIN_MS);
      }
    };
  }

  end(state, words) {
    this.leave();
    this.begins = false;
    this.say(state, words);
  }
}
