// A parameter without a value is an error to the server, so a field left empty is not sent.
for (const form of document.querySelectorAll("form[data-omit-empty]")) {
  form.addEventListener("submit", () => {
    for (const input of form.querySelectorAll("input")) {
      input.disabled = input.value.trim() === "";
    }
  });
  // Coming back with the browser's Back button must find every field usable again.
  addEventListener("pageshow", () => {
    for (const input of form.querySelectorAll("input")) {
      input.disabled = false;
    }
  });
}
