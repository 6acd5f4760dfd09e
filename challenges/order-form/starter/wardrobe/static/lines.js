// Takes a line out of the form at once. The others stay as they are, with their numbers.
// Without script the button is sent, and the server answers with the form.
document.querySelector("form.order").addEventListener("click", (event) => {
  const button = event.target.closest("button[value^='remove-']");
  if (button) {
    event.preventDefault();
    button.closest("fieldset").remove();
  }
});
