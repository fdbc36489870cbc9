// Keeps a list up to date from the server's events: rows are replaced or added in the order of data-sort, the reading position and the
// focus stay. Without this script the page reloads by itself.
const list = document.querySelector("[data-live]");
const state = document.querySelector("[data-live-state]");
const spoken = document.querySelector("[data-live-said]");
const empty = document.querySelector("[data-live-empty]");
const me = list.dataset.me;
const posts = new Map((list.dataset.posts || "").split(" ").filter(Boolean).map(p => {
  const [id, roles, duty] = p.split(":");
  return [id, { roles: +roles, duty: duty === "1" }];
}));
const csrf = list.dataset.csrf;

function settle(row) {
  for (const part of row.querySelectorAll("[data-for-owner]")) part.hidden = part.dataset.forOwner !== me;
  for (const part of row.querySelectorAll("[data-for-others]")) part.hidden = part.dataset.forOthers === me;
  for (const part of row.querySelectorAll("[data-for-post]")) part.hidden = !posts.has(part.dataset.forPost);
  for (const input of row.querySelectorAll("input[name=csrf]")) input.value = csrf;
  row.classList.toggle("mine", row.dataset.owner === me);
}

function put(html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("li");
  if (!made) return;
  const old = document.getElementById(made.id);
  const focus = old && old.contains(document.activeElement) ? document.activeElement.name || document.activeElement.value : null;
  if (old) old.remove();
  if (made.dataset.sort !== "gone") {
    settle(made);
    const next = [...list.children].find(row => row.dataset.sort > made.dataset.sort);
    list.insertBefore(made, next || null);
    if (!old) made.classList.add("new");
    if (focus) made.querySelector("button,a")?.focus({ preventScroll: true });
  }
  if (empty) empty.hidden = list.children.length > 0;
}

function ring(data) {
  const post = posts.get(data.post);
  if (!post || !(post.roles & data.roles) || (data.duty && !post.duty)) return;
  spoken.textContent = data.said;
  if (navigator.vibrate) navigator.vibrate([200, 100, 200]);
}

function say(word) {
  state.textContent = state.dataset[word];
}

const source = new EventSource(list.dataset.live);
source.onopen = () => say("open");
source.onerror = () => say(source.readyState === 2 ? "closed" : "again");
source.addEventListener("row", e => put(e.data));
source.addEventListener("stale", () => location.reload());
source.addEventListener("ring", e => ring(JSON.parse(e.data)));
addEventListener("pagehide", () => source.close());
