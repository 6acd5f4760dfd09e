// What every page loads. Pages work by links and forms; htmx sends them without a reload.
import "htmx.org/dist/htmx.esm.js";

// A part of a page that can't be had for once is asked for again; an error would be put where the part is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (!event.detail.boosted && status >= 400) {
    event.detail.shouldSwap = false;
    if (status === 403 || status === 404) {
      // It will not come back.
      window.location.reload();
    }
  }
});

// A part that follows by itself is not taken from under whoever is in it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.getAttribute("hx-trigger")?.startsWith("every") && part.contains(document.activeElement)) {
    event.preventDefault();
  }
});

// Whoever hears a page is told of the new one, and goes on from its beginning.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted && !document.querySelector("[autofocus]")) {
    document.getElementById("main")?.focus();
  }
});

// A candidate's link has their code behind the #, which browsers send to nobody: it goes from there into the form.
function takeCode() {
  const form = document.querySelector("form[data-from-address]");
  if (!(form instanceof HTMLFormElement) || !window.location.hash.startsWith("#mbx_")) {
    return;
  }
  const code = window.location.hash.slice(1);
  // Neither the history nor a bookmark keeps it.
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.namedItem(form.dataset.fromAddress).value = code;
  // Where somebody else is at work already they are asked first: a link may be put before a person by anyone.
  if ("atOnce" in form.dataset) {
    form.requestSubmit();
  }
}
takeCode();
window.addEventListener("hashchange", takeCode);

// What a provider sent along with a browser is sent on; neither the history nor a bookmark keeps it.
const arrived = document.querySelector("form[data-send-at-once]");
if (arrived instanceof HTMLFormElement) {
  window.history.replaceState(null, "", window.location.pathname);
  arrived.requestSubmit();
}

// A file that is too large would be cut off on its way, and nobody told.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLInputElement && "mostBytes" in field.dataset) {
    const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
    field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
    field.reportValidity();
  }
});

// What was written into a form and not kept is not lost without a word.
document.addEventListener("input", (event) => {
  event.target.closest?.("form[data-guarded]")?.setAttribute("data-changed", "");
});
const unkept = () => document.querySelector("form[data-guarded][data-changed]");
window.addEventListener("beforeunload", (event) => {
  if (unkept() !== null) {
    event.preventDefault();
  }
});
document.addEventListener("htmx:confirm", (event) => {
  const form = unkept();
  const part = event.detail.elt;
  if (form === null || part === form || part.getAttribute("hx-trigger")?.startsWith("every")) {
    return;
  }
  if (window.confirm("What you wrote here is not kept. Leave nevertheless?")) {
    form.removeAttribute("data-changed");
  } else {
    event.preventDefault();
  }
});

// Times are told as UTC; whoever points at one sees what that is where they are.
document.addEventListener("htmx:load", (event) => {
  for (const time of event.detail.elt.querySelectorAll("time[datetime]")) {
    time.title = new Date(time.dateTime).toLocaleString();
  }
});

// A request that got no answer, as without a network.
document.addEventListener("htmx:sendError", (event) => {
  const said = document.getElementById("no-answer");
  if (event.detail.boosted !== false && said instanceof HTMLElement) {
    said.hidden = false;
  }
});
document.addEventListener("htmx:beforeRequest", () => {
  const said = document.getElementById("no-answer");
  if (said instanceof HTMLElement) {
    said.hidden = true;
  }
});

// On paper nothing can be opened: what is folded up is unfolded for as long as it is printed.
const unfolded = [];
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("main details:not([open], .invite, .remarking)")) {
    part.open = true;
    unfolded.push(part);
  }
});
window.addEventListener("afterprint", () => {
  for (const part of unfolded.splice(0)) {
    part.open = false;
  }
});
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLButtonElement && "prints" in event.target.dataset) {
    window.print();
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && "selectAll" in event.target.dataset) {
    event.target.select();
  }
});

// A candidate's clock: the server says how much is left, and between its words the page counts by itself.
const counted = new WeakMap();
function tick() {
  for (const part of document.querySelectorAll("[data-seconds-left]")) {
    if (!counted.has(part)) {
      counted.set(part, performance.now() + Number(part.dataset.secondsLeft) * 1000);
    }
    if ("stands" in part.dataset) {
      continue;
    }
    const left = Math.max(0, Math.round((counted.get(part) - performance.now()) / 1000));
    const minutes = String(Math.floor(left / 60) % 60).padStart(2, "0");
    part.textContent = `${Math.floor(left / 3600)}:${minutes}:${String(left % 60).padStart(2, "0")}`;
  }
}
setInterval(tick, 1000);
