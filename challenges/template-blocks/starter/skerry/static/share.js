"use strict";

const { title } = document.currentScript.dataset;
if (navigator.share) {
  const button = document.createElement("button");
  button.textContent = "Share";
  button.addEventListener("click", () => navigator.share({ title, url: location.href }));
  document.querySelector("main").append(button);
}
