"use strict";

function data(id) {
  const element = document.getElementById(id);
  return element && JSON.parse(element.textContent);
}

for (const form of document.querySelectorAll("form[data-question]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.question)) {
      event.preventDefault();
    }
  });
}

const chart = data("ascents");
if (chart) {
  const figure = document.querySelector("figure.chart");
  for (const ascent of chart.ascents) {
    const bar = document.createElement("div");
    bar.textContent = `${ascent.climber}: ${"▪".repeat(ascent.tries)}`;
    figure.append(bar);
  }
}

const suggestions = data("suggestions");
if (suggestions) {
  const list = document.createElement("datalist");
  list.id = "names";
  for (const boulder of suggestions) {
    list.append(new Option(boulder.name));
  }
  document.body.append(list);
  document.querySelector("form.search input[name=q]").setAttribute("list", "names");
}
