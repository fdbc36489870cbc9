// On a page with several forms that take text: the button of the other language takes along what stands in the one that was typed in.
const other = document.querySelector("form[data-lang]"), button = other?.querySelector("button");

const started = field => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.options ? [...field.options].some(option => option.selected !== option.defaultSelected) && field.selectedIndex > 0
    : field.type !== "hidden" && field.type !== "password" && "defaultValue" in field && field.value !== field.defaultValue;

if (other) {
  other.hidden = false;
  const language = button.value;
  other.addEventListener("submit", event => {
    const form = [...document.querySelectorAll("main form")].find(each => [...each.elements].some(started));
    if (!form) return;
    event.preventDefault();
    button.value = language + form.getAttribute("action");
    form.id ||= "typed";
    button.setAttribute("form", form.id);
    form.requestSubmit(button);
  });
}
