// The step that names the readers: of the two lists, the one that the tick says.
const tick = document.querySelector("[name=spare_neighbours]"), all = document.querySelector("[data-all]"), far = document.querySelector("[data-far]");
function suit() {
  all.hidden = tick.checked;
  far.hidden = !tick.checked;
}
if (far) {
  tick.addEventListener("change", suit);
  addEventListener("pageshow", suit);
  suit();
}
