// The report form: shows what belongs together.
const form = document.querySelector("form[data-proof]");

// Only a fight that is gathering needs no text: for the rest the part with the text opens, and the next page names the readers.
const spare = document.querySelector("[data-spare]"), more = form.querySelector("details");
const readers = document.querySelector("[data-readers]");
const send = form.querySelector("button[data-next]"), urgent = document.querySelector("[data-urgent]");
const within = (inner, outer) => `${inner}.`.startsWith(`${outer}.`);
function suit() {
  const level = form.elements.level.value, place = form.elements.place.value;
  spare.hidden = level === "nyata";
  readers.hidden = !spare.hidden && level !== "";
  for (const post of readers.querySelectorAll("[data-covers]"))
    post.hidden = place !== "" && !within(place, post.dataset.covers) && !within(post.dataset.covers, place);
  if (level && level !== "nyata") more.open = true;
  if (level) send.textContent = level === "nyata" ? send.dataset.now : send.dataset.next;
  urgent.hidden = level !== "";
}
form.addEventListener("change", suit);
suit();
