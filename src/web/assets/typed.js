// On a page with several forms that take text: the button of the other language takes along what stands in all that were typed in. The
// first is sent to the server, as it is without script, so that what was wrong with it is said again; all are handed over in the window's
// name, which is empty again as soon as the next page is there. It is not written down, unlike a browser's stores, and no other site gets it.
const other = document.querySelector("form[data-lang]"), button = other?.querySelector("button");

const started = field => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.options ? [...field.options].some(option => option.selected !== option.defaultSelected) && field.selectedIndex > 0
    : field.type !== "hidden" && field.type !== "password" && "defaultValue" in field && field.value !== field.defaultValue;

// What came from the server as it was typed is no change any more, but is still there to be kept.
const taken = new WeakSet();
const typedIn = form => taken.has(form) || [...form.elements].some(field => started(field) || field.ariaInvalid === "true" || (field.type === "textarea" && field.value));

// Forms that go to one address are told apart by their order, fields by theirs.
const forms = () => [...document.querySelectorAll("main form")];
const addressOf = form => form.getAttribute("action");
const orderOf = form => forms().filter(each => addressOf(each) === addressOf(form)).indexOf(form);
const kept = field => field.name && !["hidden", "password", "submit"].includes(field.type);
const fieldsOf = form => [...form.elements].filter(kept);

const MARK = "adem-typed:";
function handOver(all) {
  window.name = MARK + JSON.stringify(all.map(form => [addressOf(form), orderOf(form), fieldsOf(form).map(each => [each.name, each.value, each.checked])]));
}

function takeOver() {
  const text = window.name.startsWith(MARK) ? window.name.slice(MARK.length) : "[]";
  if (window.name.startsWith(MARK)) window.name = "";
  for (const [address, order, fields] of JSON.parse(text)) {
    const form = forms().filter(each => addressOf(each) === address)[order];
    if (form) fill(form, fields);
  }
}

function fill(form, fields) {
  taken.add(form);
  for (const [at, field] of fieldsOf(form).entries()) {
    const [name, value, checked] = fields[at] ?? [];
    if (field.name !== name) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
}

if (other) {
  other.hidden = false;
  const language = button.value;
  other.addEventListener("submit", event => {
    const all = forms().filter(typedIn), [form] = all;
    if (!form) return;
    event.preventDefault();
    handOver(all);
    button.value = language + addressOf(form);
    form.id ||= "typed";
    button.setAttribute("form", form.id);
    form.requestSubmit(button);
  });
}
takeOver();
addEventListener("pageshow", event => event.persisted && takeOver());
