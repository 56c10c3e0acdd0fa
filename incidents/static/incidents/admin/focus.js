/* Where the keyboard is, and what it is on: what is wrong after an error, the first input of a row that was added. */
"use strict";

function label(field) {
  const named = field.labels && field.labels.length ? field.labels[0].innerText : field.getAttribute("aria-label");
  return (named || "").replace(/:\s*$/, "");
}

/* A select with a search is hidden behind what stands for it. */
function inputs(part) {
  const found = part.querySelectorAll("input, select:not(.select2-hidden-accessible), textarea, .select2-selection");
  return [...found].filter((each) => each.type !== "hidden" && !each.closest(".empty-form"));
}

/* Names what stands for selects with a search, which is otherwise called by its value, and by nothing if it has none. */
function nameSearches() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const parts = select.nextElementSibling?.querySelectorAll(".select2-selection, .select2-selection__rendered") || [];
    for (const part of label(select) ? parts : []) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", label(select));
    }
  }
}

/* Boxes to tick are named one by one; together they are called what the row is. */
function nameGroups() {
  for (const group of document.querySelectorAll(".form-row div[id]:has(> div input[type=checkbox])")) {
    const row = group.closest(".fieldBox, .form-row").querySelector("label, legend");
    if (!row || group.contains(row)) continue;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", row.innerText.replace(/:\s*$/, ""));
  }
}

/* The field that a list of errors is about; of one about all rows of a kind, those rows. */
function subject(list) {
  const near = list.id.endsWith("_error") && document.getElementById(list.id.slice(0, -"_error".length));
  if (near && inputs(near.parentElement).includes(near)) return near;
  return list.matches(".nonform") ? list.closest(".inline-group") : inputs(list.parentElement)[0];
}

function go(event, to) {
  event.preventDefault();
  to.closest("details")?.setAttribute("open", "");
  const target = to.matches(".inline-group") ? to.querySelector(".add-row a") || inputs(to)[0] : to;
  target?.focus();
}

/* Lists the errors of fields below the note that there are some, each with a link to its field, and focuses the note. */
function summarise(note) {
  const found = document.createElement("ul");
  for (const list of document.querySelectorAll("ul.errorlist:not(.nonfield)")) {
    const to = subject(list);
    if (!to) continue;
    to.id ||= `field-${found.childElementCount}`;
    const link = document.createElement("a");
    const said = [...list.children].map((each) => each.innerText).join(" ");
    link.href = `#${to.id}`;
    link.textContent = label(to) ? `${label(to)}: ${said}` : said;
    link.addEventListener("click", (event) => go(event, to));
    found.appendChild(document.createElement("li")).append(link);
  }
  if (found.childElementCount) note.append(found);
  note.tabIndex = -1;
  note.focus();
}

addEventListener("load", () => setTimeout(() => {
  nameSearches();
  nameGroups();
  const note = document.querySelector(".errornote");
  if (note) summarise(note);
}));

// Other listeners first make searches of its selects.
document.addEventListener("formset:added", (event) => setTimeout(() => {
  nameSearches();
  inputs(event.target)[0]?.focus();
}));
