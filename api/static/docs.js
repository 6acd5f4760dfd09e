// Starts the documentation page. A file of its own, so that the page needs no inline script.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: document.body.dataset.document,
    dom_id: "#docs",
    deepLinking: true,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
  });
});
