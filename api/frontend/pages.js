// What every page loads. Pages work by links and forms; htmx sends them without a reload.
import "htmx.org/dist/htmx.esm.js";

// A part of a page that can't be had for once is asked for again; an error would be put where the part is.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.boosted && event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = false;
  }
});

// Whoever hears a page is told of the new one, and goes on from its beginning.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted && !document.querySelector("[autofocus]")) {
    document.getElementById("main")?.focus();
  }
});

// A candidate's link has their code behind the #, which browsers send to nobody: it goes from there into the form.
const form = document.querySelector("form[data-from-address]");
if (form instanceof HTMLFormElement && window.location.hash.startsWith("#mbx_")) {
  const code = window.location.hash.slice(1);
  // Neither the history nor a bookmark keeps it.
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.namedItem(form.dataset.fromAddress).value = code;
  form.requestSubmit();
}

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && "selectAll" in event.target.dataset) {
    event.target.select();
  }
});
