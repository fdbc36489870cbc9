// A page that looks for news by itself: pieces with data-fresh="KEY" are replaced by those of the page as it is now, and what somebody is
// typing in stays as it is. data-look says where to ask every quarter of a minute; data-hear, which stream tells of data-about.
const page = document.querySelector("[data-look],[data-hear]");
const said = document.querySelector("[data-fresh-said]");
const LOOK_MS = 15000;

const typedIn = field => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.options ? [...field.options].some(option => option.selected !== option.defaultSelected) && field.selectedIndex > 0
    : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
const fields = root => [...root.querySelectorAll("input,select,textarea")];
const anyTyped = root => fields(root).some(field => typedIn(field) || (field === document.activeElement && field.type !== "hidden"));
const busy = piece => anyTyped(piece) || piece.querySelector("details[open]") !== null;

// The same but for what is another with each answer: keys, tokens and numbers of forms.
const plain = piece => piece.outerHTML.replace(/ (value|id)="[^"]*"(?=[^>]*name="(form_key|csrf)")|(name="(form_key|csrf)") value="[^"]*"| id="f\d+"/g, "");
// Time that only passes is no news to be spoken.
const told = piece => plain(piece).replace(/<time[^]*?<\/time>|\d+ [^\s<]+/g, "");
const controls = root => [...root.querySelectorAll("a,button,summary")];

function replace(old, made) {
  const at = controls(old).indexOf(document.activeElement);
  for (const form of made.querySelectorAll("form")) form.removeAttribute("id"); // numbers of another page
  old.replaceWith(made);
  if (at >= 0) controls(made)[at]?.focus({ preventScroll: true });
}

const find = (root, key) => [...root.querySelectorAll("[data-fresh]")].find(each => each.dataset.fresh === key);

// What stands before it on the new page stands before it here.
function insert(made) {
  let before = made.previousElementSibling;
  while (before && !(before.dataset.fresh && find(document, before.dataset.fresh))) before = before.previousElementSibling;
  const old = before && find(document, before.dataset.fresh), list = made.parentElement.closest("[data-fresh-list]");
  const copy = document.importNode(made, true);
  for (const form of copy.querySelectorAll("form")) form.removeAttribute("id");
  copy.classList.add("new");
  if (old) old.after(copy);
  else if (list) document.querySelector(`[data-fresh-list="${list.dataset.freshList}"]`)?.prepend(copy);
}

function merge(made) {
  let changed = false;
  for (const piece of made.querySelectorAll("[data-fresh]")) {
    const old = find(document, piece.dataset.fresh);
    if (!old) {
      if (piece.parentElement.closest("[data-fresh]") && !find(document, piece.parentElement.closest("[data-fresh]").dataset.fresh)) continue;
      insert(piece);
      changed = true;
    } else if (plain(old) !== plain(piece) && !busy(old)) {
      changed ||= told(old) !== told(piece);
      replace(old, document.importNode(piece, true));
    }
  }
  for (const old of document.querySelectorAll("[data-fresh]"))
    if (!find(made, old.dataset.fresh) && !busy(old)) {
      old.remove();
      changed = true;
    }
  if (changed && said) said.textContent = said.dataset.changed;
}

let looking = false, again = false;
async function look(address) {
  if (looking) return void (again = true);
  looking = true;
  again = false;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) ended(answer.url);
    else if (answer.ok) merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The next look may find a connection.
  }
  looking = false;
  if (again) look(address);
}

// The page cannot be had any more: it goes, unless something would be lost that was typed.
let timer;
function ended(where) {
  if (anyTyped(document)) return;
  clearInterval(timer);
  location.replace(where);
}

if (page?.dataset.look) {
  const now = () => document.visibilityState === "visible" && look(page.dataset.look);
  timer = setInterval(now, LOOK_MS);
  document.addEventListener("visibilitychange", now);
}
if (page?.dataset.hear) {
  const { from, about } = page.dataset, address = new URL(page.dataset.hear, location);
  const now = () => look(location.pathname === from ? location.href : from);
  let source;
  const hear = () => {
    source = new EventSource(address);
    const on = (name, run) => source.addEventListener(name, event => {
      if (event.lastEventId) address.searchParams.set("since", event.lastEventId);
      run(event.data);
    });
    on("row", data => data.includes(`id="${about}"`) && now());
    on("stale", now);
    on("replaced", () => {
      source.close();
      document.querySelector("[data-fresh-off]").hidden = false;
    });
    source.onerror = () => source.readyState === 2 && setTimeout(hear, LOOK_MS);
  };
  hear();
  addEventListener("pagehide", () => source.close());
}
// A page out of the browser's memory may be old, or have been left since.
addEventListener("pageshow", event => event.persisted && location.reload());
