// The candidate's editor: a list of files, tabs, one CodeMirror, and a line that says whether all is saved.
import { compare, goTo, openEditor, replaceAll, searchIn, stateOf } from "./code.js";
import { Runner } from "./running.js";
import { Saver } from "./saving.js";

const MOST_FOUND = 100;
const place = document.getElementById("editor");
const part = (name) => place.querySelector(`[data-part="${name}"]`);
const [tree, tabs, panel, status, alertBox] = ["tree", "tabs", "panel", "status", "alert"].map(part);
const [backButton, deleteButton, diffButton, closeButton] = ["back", "delete", "diff", "close"].map(part);
const files = new Map(JSON.parse(place.dataset.files).map((file) => [file.path, file]));
const shown = [];
let current = null;
let comparing = false;
let marking = 0;

const headers = JSON.parse(document.querySelector("[hx-headers]").getAttribute("hx-headers"));
const saver = new Saver({
  address: place.dataset.draft,
  headers,
  read: (path) => (files.get(path).gone ? null : textOf(files.get(path))),
  say: (state, text) => {
    status.dataset.state = state;
    if (status.textContent !== text) {
      status.textContent = text;
    }
  },
  moved: askWhose,
  refused: (path, text) => tell(`Not kept: ${text}.`, path),
});
for (const file of files.values()) {
  saver.revisions.set(file.path, file.revision);
}
const view = openEditor(part("code"));

const [tests, output, runStatus] = ["tests", "run-output", "run-status"].map(part);
const [runButton, stopButton] = ["run", "run-stop"].map(part);
const runner = new Runner({
  address: place.dataset.run,
  headers,
  save: () => saver.flush(),
  say: (state, text) => {
    runStatus.dataset.state = state;
    runStatus.textContent = text;
    // Not by `disabled`, which would take the keyboard's focus from them.
    runButton.setAttribute("aria-disabled", String(runner.goes));
    stopButton.setAttribute("aria-disabled", String(runner.run === null));
  },
  print: (text) => {
    // Whoever reads further up is not taken from there.
    const isAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 4;
    output.append(text);
    if (isAtEnd) {
      output.scrollTop = output.scrollHeight;
    }
  },
  clear: () => output.replaceChildren(),
});

function textOf(file) {
  const state = file === current ? view.state : file.state;
  return state ? state.sliceDoc() : (file.text ?? file.starter ?? "");
}

function isChanged(file) {
  return file.starter === undefined ? !file.gone && file.note === undefined : textOf(file) !== file.starter;
}

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// The list: folders can be closed, files are buttons. Words say what a file is, no colour alone.
function drawTree() {
  const root = make("ul");
  const folders = new Map([["", root]]);
  const folderOf = (name) => {
    if (!folders.has(name)) {
      const list = make("ul");
      const last = name.split("/").pop();
      const item = make("li", {}, make("details", { open: true }, make("summary", { textContent: `${last}/` }), list));
      folderOf(name.split("/").slice(0, -1).join("/")).append(item);
      folders.set(name, list);
    }
    return folders.get(name);
  };
  for (const file of [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (file.gone) {
      continue;
    }
    const parts = file.path.split("/");
    const name = parts.pop();
    const item = make("li");
    if (file.note !== undefined) {
      const note = make("span", { className: "quiet", textContent: file.note });
      item.append(make("span", { className: "closed" }, name, " ", note));
    } else {
      file.mark = make("span", { className: "mark-of" });
      file.button = make("button", { type: "button", className: "name" }, name, " ", file.mark);
      file.button.onclick = () => open(file, true);
      item.append(file.button);
    }
    folderOf(parts.join("/")).append(item);
  }
  tree.replaceChildren(root);
  mark();
}

function mark() {
  for (const file of files.values()) {
    if (!file.button || file.gone) {
      continue;
    }
    const changed = isChanged(file);
    const word = !file.editable ? "read-only" : file.starter === undefined ? "new" : changed ? "changed" : "";
    if (file.mark.textContent !== word) {
      file.mark.textContent = word;
    }
    file.button.classList.toggle("changed", changed);
    if (file === current) {
      file.button.setAttribute("aria-current", "true");
    } else {
      file.button.removeAttribute("aria-current");
    }
    if (file.tab) {
      file.tab.classList.toggle("changed", changed);
    }
  }
  const isAdded = current !== null && current.starter === undefined;
  backButton.disabled = current === null || isAdded || !current.editable || !isChanged(current);
  deleteButton.hidden = !isAdded;
  diffButton.disabled = current === null;
  closeButton.disabled = current === null;
}

function changed() {
  saver.note(current.path);
  if (alertBox.dataset.refused === current.path) {
    alertBox.hidden = true;
  }
  clearTimeout(marking);
  marking = setTimeout(mark, 300);
}

// A file's name, with its folder where another has the same.
function shortOf(file) {
  const parts = file.path.split("/");
  const isOne = [...files.values()].every((other) => other === file || other.path.split("/").pop() !== parts.at(-1));
  return parts.slice(isOne ? -1 : -2).join("/");
}

function open(file, focus) {
  leave();
  if (!file.tab) {
    file.tab = make("button", { type: "button", title: file.path, textContent: shortOf(file) });
    file.tab.id = `tab-${file.path.replaceAll(/\s/g, "-")}`;
    file.tab.setAttribute("role", "tab");
    file.tab.setAttribute("aria-controls", panel.id);
    file.tab.onclick = () => open(file, false);
    file.tab.onauxclick = () => close(file);
    tabs.append(file.tab);
    shown.push(file);
  }
  file.state ??= stateOf({ path: file.path, editable: file.editable, text: textOf(file) }, changed);
  current = file;
  view.setState(file.state);
  compare(view, comparing ? (file.starter ?? "") : null);
  if (file.scroll) {
    view.dispatch({ effects: file.scroll });
  }
  for (const each of shown) {
    each.tab.setAttribute("aria-selected", String(each === file));
    each.tab.tabIndex = each === file ? 0 : -1;
  }
  panel.hidden = false;
  panel.setAttribute("aria-labelledby", file.tab.id);
  part("kind").textContent = file.editable ? "" : "read-only";
  part("path").textContent = file.path;
  // Not by scrollIntoView, after which the Tab key would go on from there.
  const { offsetLeft, offsetWidth } = file.tab;
  if (offsetLeft < tabs.scrollLeft || offsetLeft + offsetWidth > tabs.scrollLeft + tabs.clientWidth) {
    tabs.scrollLeft = offsetLeft;
  }
  mark();
  if (focus && window.matchMedia("(pointer: coarse)").matches) {
    // Focus would bring up a phone's keyboard over what somebody wants to read.
    panel.scrollIntoView();
  } else if (focus) {
    view.focus();
  }
}

function leave() {
  if (current !== null) {
    current.state = view.state;
    current.scroll = view.scrollSnapshot();
    if (saver.unsaved.length > 0) {
      saver.flush();
    }
  }
}

function close(file) {
  const at = shown.indexOf(file);
  leave();
  shown.splice(at, 1);
  file.tab.remove();
  file.tab = null;
  if (current !== file) {
    return;
  }
  current = null;
  const next = shown[Math.min(at, shown.length - 1)];
  if (next) {
    open(next, false);
    next.tab.focus();
  } else {
    panel.hidden = true;
    mark();
    tree.querySelector("button")?.focus();
  }
}

tabs.addEventListener("keydown", (event) => {
  const at = shown.indexOf(current);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: shown.length - 1 }[event.key];
  if (to !== undefined && shown.length > 0) {
    event.preventDefault();
    const next = shown[(to + shown.length) % shown.length];
    open(next, false);
    next.tab.focus();
  } else if (event.key === "Delete" && current !== null) {
    event.preventDefault();
    close(current);
  }
});

function tell(text, refused = "") {
  alertBox.replaceChildren(make("span", { textContent: text }));
  alertBox.dataset.refused = refused;
  alertBox.hidden = false;
}

function askWhose(path) {
  tell(`${path} was saved in another window, or on another machine, since you opened it here. Yours is not saved. `);
  const theirs = make("button", { type: "button", className: "second", textContent: "Load theirs" });
  const mine = make("button", { type: "button", className: "second", textContent: "Keep mine" });
  theirs.onclick = async () => {
    saver.drop(path);
    if ((await saver.flush()) || window.confirm("Something else is not saved, either. Load the page nevertheless?")) {
      saver.stop();
      window.location.reload();
    }
  };
  mine.onclick = () => {
    alertBox.hidden = true;
    saver.keepMine(path);
    view.focus();
  };
  alertBox.append(theirs, " ", mine);
}

backButton.onclick = () => {
  replaceAll(view, current.starter);
  view.focus();
};
deleteButton.onclick = () => {
  const file = current;
  if (window.confirm(`Delete ${file.path}? It can't be brought back.`)) {
    close(file);
    Object.assign(file, { gone: true, state: null, text: undefined });
    saver.note(file.path);
    drawTree();
  }
};
diffButton.onclick = () => {
  comparing = !comparing;
  diffButton.setAttribute("aria-pressed", String(comparing));
  compare(view, comparing ? (current.starter ?? "") : null);
};
closeButton.onclick = () => close(current);
part("search").onclick = () => current && searchIn(view);

part("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.elements.namedItem("path");
  const path = field.value.trim();
  const known = files.get(path);
  if (known && !known.gone) {
    known.note === undefined ? open(known, true) : tell(`${path} is there, but can't be opened here.`);
    return;
  }
  // Only the server knows which names a challenge takes.
  const file = { path, text: "", editable: true };
  files.set(path, file);
  saver.note(path);
  await saver.flush();
  if (saver.held.has(path)) {
    saver.drop(path);
    files.delete(path);
    field.focus();
    return;
  }
  alertBox.hidden = true;
  field.value = "";
  part("new").closest("details").open = false;
  drawTree();
  open(file, true);
});

part("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = event.target.elements.namedItem("text").value.toLowerCase();
  const found = [];
  for (const file of files.values()) {
    if (file.gone || file.note !== undefined || wanted === "") {
      continue;
    }
    textOf(file).split(/\r?\n/).forEach((line, at) => {
      if (line.toLowerCase().includes(wanted)) {
        found.push({ file, number: at + 1, line: line.trim().slice(0, 120) });
      }
    });
  }
  const rows = found.slice(0, MOST_FOUND).map(({ file, number, line }) => {
    const code = make("code", { textContent: line });
    const button = make("button", { type: "button", className: "name" }, `${file.path}:${number} `, code);
    button.onclick = () => {
      open(file, false);
      goTo(view, number);
      view.focus();
    };
    return make("li", {}, button);
  });
  part("found").replaceChildren(...rows);
  const more = found.length > MOST_FOUND ? `; the first ${MOST_FOUND} are shown` : "";
  part("count").textContent = found.length === 0 ? "Nothing found." : `${found.length} found${more}.`;
});

runButton.onclick = () => {
  tests.hidden = false;
  runner.start();
};
stopButton.onclick = () => runner.stop();
part("run-close").onclick = () => {
  tests.hidden = true;
  runButton.focus();
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s" && place.isConnected) {
    event.preventDefault();
    saver.flush();
  }
});

// Nobody leaves with something unsaved who does not want to.
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saver.flush());
window.addEventListener("pagehide", () => saver.flush());
window.addEventListener("online", () => saver.flush());
window.addEventListener("beforeunload", (event) => {
  if (saver.unsaved.length > 0) {
    saver.flush();
    event.preventDefault();
  }
});
document.addEventListener("htmx:confirm", async (event) => {
  // What a part of the page asks for by itself leads nowhere.
  const isOnward = event.detail.elt.matches("a[href], form") && !event.detail.elt.hasAttribute("hx-get");
  if (!isOnward || saver.unsaved.length === 0) {
    return;
  }
  event.preventDefault();
  if ((await saver.flush()) || window.confirm("Some of what you wrote is not saved. Leave nevertheless?")) {
    event.detail.issueRequest(true);
  }
});
document.addEventListener("htmx:afterSwap", () => {
  if (!place.isConnected) {
    saver.stop();
    runner.leave();
  }
});

drawTree();
const begin = [...files.values()].filter((file) => file.editable && !file.gone && file.note === undefined);
const first =
  begin.find(isChanged) ??
  begin.find((file) => file.starter !== undefined) ??
  [...files.values()].find((file) => file.note === undefined && !file.gone);
part("loading").hidden = true;
part("work").hidden = false;
if (first) {
  open(first, false);
}
saver.report();
