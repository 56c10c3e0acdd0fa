"use strict";

// A form that saves is sent once: the second click of a double click would add the record a second time.
// The preview opens in a tab of its own and saves nothing, so it may be asked for again and again.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || (event.submitter && event.submitter.formTarget === "_blank")) {
    return;
  }
  if (sent.has(form)) {
    event.preventDefault();
  }
  sent.add(form);
});

// Coming back with the browser's Back button finds a form that can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    sent.delete(form);
  }
});
