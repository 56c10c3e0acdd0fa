"use strict";

// Fetches the comparison of what is published with what is being edited, once somebody opens it.
// Without this script the link inside leads to the same comparison on a page of its own.
const compareOnce = async (place) => {
  const address = place.dataset.compare;
  delete place.dataset.compare;
  const link = [...place.childNodes];
  place.setAttribute("aria-busy", "true");
  place.textContent = "Comparing…";
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.redirected || !(answer.ok || answer.status === 503)) {
      throw new Error(`status ${answer.status}`);
    }
    place.innerHTML = await answer.text();
  } catch {
    place.replaceChildren("The comparison could not be fetched. ", ...link);
  }
  place.removeAttribute("aria-busy");
};

// A toggle does not bubble, but it is seen on its way down; so the page need not be there yet.
document.addEventListener(
  "toggle",
  (event) => {
    const place = event.target.querySelector("[data-compare]");
    if (event.target.open && place) {
      compareOnce(place);
    }
  },
  true,
);
