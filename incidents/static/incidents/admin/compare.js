"use strict";

// Fetches the comparison of what is published with what is being edited, once somebody opens it.
// Without this script the link inside leads to the same comparison on a page of its own.
document.querySelectorAll("[data-compare]").forEach((place) => {
  const details = place.closest("details");
  const fetchOnce = async () => {
    const link = place.innerHTML;
    place.setAttribute("aria-busy", "true");
    place.textContent = "Comparing…";
    try {
      const answer = await fetch(place.dataset.compare, { credentials: "same-origin" });
      if (answer.redirected || !(answer.ok || answer.status === 503)) {
        throw new Error(`status ${answer.status}`);
      }
      place.innerHTML = await answer.text();
    } catch {
      place.innerHTML = link;
      place.prepend("The comparison could not be fetched. ");
    }
    place.removeAttribute("aria-busy");
  };
  details.addEventListener("toggle", fetchOnce, { once: true });
});
