// Keeps a list up to date from the server's events: rows are replaced or added in the order of data-sort, the reading position and the
// focus stay. Without this script the page reloads by itself.
const list = document.querySelector("[data-live]");
const state = document.querySelector("[data-live-state]");
const spoken = document.querySelector("[data-live-said]");
const empty = document.querySelector("[data-live-empty]");
const ending = document.querySelector("[data-live-ending]");
const end = document.querySelector("[data-live-ended]");
const me = list.dataset.me;
const off = document.querySelector("[data-live-off]");
const duties = document.querySelector("[data-live-duties]");
const nobody = document.querySelector("[data-live-nobody]");
let posts;
const csrf = list.dataset.csrf;

// What the server says of the one who looks: "OFF POST:ROLES:DUTY …". A duty that begins or ends arrives here, so that calls ring for
// whom they are.
function member(text) {
  const [offDuty, ...rest] = text.trim().split(" ");
  posts = new Map(rest.map(p => {
    const [id, roles, duty] = p.split(":");
    return [id, { roles: +roles, duty: duty === "1" }];
  }));
  if (off) off.hidden = offDuty !== "1";
  for (const part of list.querySelectorAll("[data-for-post]")) part.hidden = !posts.has(part.dataset.forPost);
  for (const block of duties.querySelectorAll("li")) if (!posts.has(block.id.slice("duty-".length))) block.remove();
}
member(list.dataset.member);

function settle(row) {
  for (const part of row.querySelectorAll("[data-for-owner]")) part.hidden = part.dataset.forOwner !== me;
  for (const part of row.querySelectorAll("[data-for-post]")) part.hidden = !posts.has(part.dataset.forPost);
  for (const part of row.querySelectorAll("[data-for-some]")) part.hidden = !part.dataset.forSome.split(" ").includes(me);
  for (const part of row.querySelectorAll("[data-for-others]")) part.hidden = part.dataset.forOthers.split(" ").includes(me);
  for (const input of row.querySelectorAll("input[name=csrf]")) input.value = csrf;
  row.classList.toggle("mine", row.dataset.owner === me);
}

// A row is the same for all who see it, so only here it is known whose it is, and where it stands for them.
const order = row => row.dataset.owner === me ? row.dataset.ownSort : row.dataset.sort;
const comesAfter = (a, b) => order(a) > order(b);

// Each post has its own view of a case. For a member of two posts the one that sees more is shown.
function seesLess(row, old) {
  return row.dataset.sort !== "gone" && row.dataset.post !== old.dataset.post && posts.has(old.dataset.post) &&
    +row.dataset.reports < +old.dataset.reports;
}

// The same control in the row's new form, or its first.
function focusAgain(row, old) {
  const same = [...row.querySelectorAll("button,a")].filter(e => !e.closest("[hidden]"));
  (same.find(e => e.value === old.value && e.href === old.href) || same[0])?.focus({ preventScroll: true });
}

function put(html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("li");
  if (!made) return;
  const old = document.getElementById(made.id);
  if (old && seesLess(made, old)) return;
  const focused = old?.contains(document.activeElement) ? document.activeElement : null;
  const seen = [...list.children].find(row => row !== old && row.getBoundingClientRect().bottom > 0);
  const top = seen?.getBoundingClientRect().top;
  if (old) old.remove();
  if (made.dataset.sort !== "gone") {
    settle(made);
    const next = [...list.children].find(row => comesAfter(row, made));
    list.insertBefore(made, next || null);
    if (!old) made.classList.add("new");
    if (focused) focusAgain(made, focused);
  }
  if (empty) empty.hidden = list.children.length > 0;
  // Who has scrolled keeps what is being read where it is; who has not sees what is new on top.
  if (seen && scrollY > 0) scrollBy(0, seen.getBoundingClientRect().top - top);
}

// Who is on duty at a post.
function duty(html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("li");
  const old = document.getElementById(made.id);
  if (old) old.replaceWith(made);
  else duties.append(made);
  nobody.hidden = duties.querySelector("[data-on]") !== null;
}

// A call is spoken; shown as well, with a way there, when the top of the list is out of sight.
function ring(data) {
  const post = posts.get(data.post);
  if (!post || !(post.roles & data.roles) || (data.duty && !post.duty)) return;
  spoken.textContent = data.said;
  if (list.getBoundingClientRect().top < 0) {
    const there = document.createElement("a");
    there.href = `#case-${data.case}`;
    there.textContent = data.said;
    spoken.replaceChildren(there);
    spoken.className = "notice flash";
  }
  buzz();
}

function buzz() {
  if (navigator.vibrate) navigator.vibrate([200, 100, 200]);
}

function calm() {
  if (spoken.className === "sr") return;
  spoken.textContent = "";
  spoken.className = "sr";
}
spoken.addEventListener("click", () => setTimeout(calm));
addEventListener("scroll", () => list.getBoundingClientRect().top >= 0 && calm(), { passive: true });

// A board that hears nothing must not look like one on which nothing happens.
function say(word) {
  const deaf = word === "closed" || word === "replaced";
  state.textContent = state.dataset[word];
  state.classList.toggle("live", !deaf);
  state.classList.toggle("notice", deaf);
  if (empty) empty.hidden = deaf || list.children.length > 0;
}

// The session has ended: said where calls stood, aloud, and to who is on duty again and again, until somebody signs in.
function ended() {
  const said = end.querySelector("h2").textContent;
  ending.hidden = state.hidden = true;
  end.hidden = false;
  document.title = spoken.textContent = said;
  end.querySelector("a").focus();
  scrollTo(0, 0);
  buzz();
  if ([...posts.values()].some(post => post.duty)) setInterval(buzz, 60_000);
}

// Whether a stream was refused because nobody is signed in any more: then a page leads away from where it was asked for.
const signedOut = () => fetch("/accounts/me", { method: "HEAD", redirect: "manual" }).then(answer => answer.type === "opaqueredirect", () => false);

// The browser tries again by itself after a lost connection, but not after a refusal (no room, the server starts anew): that is here,
// ever more slowly.
const address = new URL(list.dataset.live, location);
let source, wait_s = 5;
function connect() {
  source = new EventSource(address);
  source.onopen = () => {
    wait_s = 5;
    say("open");
  };
  source.onerror = async () => {
    if (source.readyState !== 2) return say("again");
    say("closed");
    if (await signedOut()) return ended();
    setTimeout(connect, wait_s * 1000);
    wait_s = Math.min(2 * wait_s, 120);
  };
  const on = (name, run) => source.addEventListener(name, event => {
    if (event.lastEventId) address.searchParams.set("since", event.lastEventId);
    run(event.data);
  });
  on("row", put);
  on("stale", () => location.reload());
  on("member", member);
  on("duty", duty);
  on("ending", html => ending.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children));
  on("replaced", () => {
    source.close();
    say("replaced");
  });
  on("ring", data => ring(JSON.parse(data)));
}
document.documentElement.style.overflowAnchor = "none";
connect();
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", event => event.persisted && location.reload());
