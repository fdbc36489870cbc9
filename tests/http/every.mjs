// What holds for every route by itself, made from "adem routes --json": nobody and the wrong role are turned away, forms from
// elsewhere and without the page's token are refused, bodies that are no forms too, and each field keeps its limits.
import { people } from "../lib/people.mjs";
import { may } from "./coverage.mjs";
import { Person, equal, holds, lacks, password, signedIn } from "../lib/adem.mjs";
import { formsOf, sentBy } from "../lib/page.mjs";

const form = "application/x-www-form-urlencoded";
const bodyBytesMost = 256 * 1024;

export const withId = (path, id) => path.replace(/:[a-z]+/g, id);
const fieldsOf = (page, action) => Object.fromEntries(sentBy(formsOf(page).find(each => each.action === action)));
const keyOf = route => `${route.method} ${route.path}`;

async function refused(who, route, { path = withId(route.path, "1"), body, headers = {} }, status, what) {
  const sent = route.method === "POST" ? body ?? "" : undefined;
  const answer = await who.ask(route.method, path, sent, { accept: "application/json", ...headers });
  equal(answer.status, status, `${keyOf(route)}, ${what}: status`);
  const { error } = JSON.parse(answer.text);
  if (!error.code || !error.message || typeof error.fields !== "object")
    throw new Error(`${keyOf(route)}, ${what}: ${answer.text}`);
  return error;
}

export class Crew {
  constructor(adem) {
    this.adem = adem;
    this.all = new Map();
  }

  async member(name) {
    if (!this.all.has(name)) this.all.set(name, await signedIn(this.adem, name));
    return this.all.get(name);
  }

  // Somebody for whom the route is, or is not; undefined when there is nobody such.
  async one(route, allowed) {
    if (route.who === "anyone") return allowed ? new Person(this.adem) : undefined;
    const name = [...people.keys()].find(each => may(route, each) === allowed);
    return name && this.member(name);
  }
}

export async function turnsAway(adem, routes, coverage) {
  const crew = new Crew(adem);
  for (const route of routes.filter(each => each.who !== "anyone")) {
    equal((await refused(new Person(adem), route, {}, 401, "nobody")).code, "sign_in", `${keyOf(route)}: code`);
    const page = await new Person(adem).ask(route.method, withId(route.path, "1"), route.method === "POST" ? "" : undefined);
    coverage.note(route.method, withId(route.path, "1"), undefined, page);
    equal(page.status, route.method === "GET" ? 303 : 401, `${keyOf(route)} as a page: status`);
    const wrong = await crew.one(route, false);
    if (!wrong) {
      equal(route.who, "signed in", `${keyOf(route)} is for`);
      continue;
    }
    equal((await refused(wrong, route, {}, 403, `as ${wrong.name}`)).code, "denied", `${keyOf(route)}: code`);
    coverage.note(route.method, withId(route.path, "1"), wrong.name, { status: 403 });
  }
}

export async function refusesForeignForms(adem, routes) {
  const crew = new Crew(adem);
  for (const route of routes.filter(each => each.method === "POST")) {
    const who = await crew.one(route, true), token = who.csrf ? `csrf=${encodeURIComponent(who.csrf)}` : "";
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, { origin: "null" }, { referer: "https://evil.example/" }])
      await refused(who, route, { body: token, headers }, 403, `from elsewhere ${JSON.stringify(headers)}`);
    const text = "Ketikan situs lain", fields = { ...(who.csrf && { csrf: who.csrf }), ...plausible(route.fields), text, name: text, form_key: "k" };
    const shown = await who.ask("POST", withId(route.path, "1"), fields, { "sec-fetch-site": "cross-site", origin: "https://evil.example" });
    equal(shown.status, 403, `${keyOf(route)} from elsewhere, as a page`);
    lacks(shown.text, text, `${keyOf(route)} from elsewhere`);
    lacks(shown.text, " data-kept", `${keyOf(route)} from elsewhere`);
    const prepared = formsOf(shown.text).filter(each => each.fields.some(({ name }) => !["csrf", "form_key"].includes(name)));
    equal(prepared.length, 0, `${keyOf(route)} from elsewhere: forms that hold something`);
    if (route.who === "anyone") continue;
    await refused(who, route, { body: "" }, 403, "without the page's token");
    await refused(who, route, { body: `${token}x` }, 403, "with a changed token");
    const other = await crew.one({ who: "signed in" }, true) === who ? await crew.member("Bima Pratama") : await crew.one({ who: "signed in" }, true);
    await refused(who, route, { body: `csrf=${encodeURIComponent(other.csrf)}` }, 403, "with somebody else's token");
  }
}

export async function refusesWhatIsNoForm(adem, routes) {
  const nobody = new Person(adem);
  for (const route of routes) {
    const other = { ...route, method: route.method === "GET" ? "POST" : "GET" };
    const path = withId(route.path, "1");
    if (!routes.some(each => each.method === other.method && new RegExp(`^${each.path.replace(/:[a-z]+/g, "[^/]+")}$`).test(path)))
      await refused(nobody, other, {}, 405, "the other method");
    if (route.method === "GET") continue;
    await refused(nobody, route, { body: "a=%ff%fe" }, 400, "not UTF-8");
    await refused(nobody, route, { body: "a=%zz" }, 400, "a broken escape");
    await refused(nobody, route, { body: "a=%00" }, 400, "a NUL");
    await refused(nobody, route, { body: Array.from({ length: 300 }, (_, i) => `a${i}=`).join("&") }, 400, "too many fields");
    await refused(nobody, route, { body: `a=${"x".repeat(bodyBytesMost)}` }, 413, "too long");
    await refused(nobody, route, { body: "{}", headers: { "content-type": "application/json" } }, 415, "JSON");
  }
}

// Values that do not fit FIELD, and one at its upper limit that does.
function wrongValues({ kind, min, max, required }) {
  const long = "é".repeat(max ?? 0), none = required ? [""] : [];
  if (kind === "line" || kind === "text") return [...none, `${long}é`, ...(min > 1 ? ["é".repeat(min - 1)] : [])];
  if (kind === "secret") return [...none, "x".repeat(max + 1), ...(min > 1 ? ["x".repeat(min - 1)] : [])];
  if (kind === "int") return [...none, String(min - 1), String(max + 1), "1e1", "0x1", "1.5", "9".repeat(30), "satu"];
  if (kind === "id" || kind === "ids") return [...none, "-1", "1.5", "abc", "9223372036854775808"];
  if (kind === "code" || kind === "set") return [...none, "nothing-such", "NYATA", "é"];
  if (kind === "date") return [...none, "2026-02-30", "2026-13-01", "26-1-1", "besok", "2026-01-01T00:00"];
  if (kind === "time") return [...none, "24:00", "7", "12:60"];
  return [];
}

const longest = ({ kind, max }) => kind === "line" || kind === "text" ? "é".repeat(max) : kind === "secret" ? "x".repeat(max) : undefined;

export async function keepsLimits(adem, routes) {
  const crew = new Crew(adem);
  let count = 0;
  for (const route of routes.filter(each => each.fields.length)) {
    const who = await crew.one(route, true);
    const send = (name, value) => who.ask("POST", withId(route.path, "1"), new URLSearchParams({ ...(who.csrf && { csrf: who.csrf }), [name]: value }).toString(),
      { accept: "application/json" });
    for (const field of route.fields) {
      for (const value of wrongValues(field)) {
        const answer = await send(field.name, value), shown = `${keyOf(route)} ${field.name}=${value.slice(0, 40)} (${value.length})`;
        equal(answer.status, 422, `${shown}: status`);
        if (!JSON.parse(answer.text).error.fields[field.name]) throw new Error(`${shown}: not said of the field: ${answer.text}`);
        count++;
      }
      if (longest(field) === undefined) continue;
      const said = async value => JSON.parse((await send(field.name, value)).text).error.fields[field.name];
      if (await said(longest(field)) === await said(`${longest(field)}x`)) throw new Error(`${keyOf(route)} ${field.name}: refused at its limit already`);
    }
  }
  return count;
}

// A form that fits, as far as its fields say.
export function plausible(fields) {
  const value = ({ kind, min, codes }) => ({ line: "a".repeat(Math.max(min, 1)), text: "a".repeat(Math.max(min, 1)), secret: "a".repeat(Math.max(min, 1)),
    int: String(min), id: "1", ids: "1", code: codes?.[0], set: codes?.[0], date: "2030-01-05", time: "12:00" })[kind];
  return Object.fromEntries(fields.filter(each => each.required).map(each => [each.name, value(each)]));
}

export async function knowsWhatIsNotThere(adem, routes) {
  const crew = new Crew(adem);
  for (const route of routes.filter(each => each.path.includes(":"))) {
    const who = await crew.one(route, true);
    const body = new URLSearchParams({ ...(who.csrf && { csrf: who.csrf }), ...plausible(route.fields) }).toString();
    for (const id of ["7", "0", "-1", "1x", "9223372036854775808", "%C3%A9", "%2E%2E%2Fadem.db"])
      await refused(who, route, { path: withId(route.path, id), body }, 404, `with the id ${id}`);
  }
}

// Rights, keys and ladders: an open session is not enough after ten minutes. What was chosen is kept, and done once the password is
// typed. The list is written out, so that a new route of the kind is decided on.
export async function asksAgain(adem, routes) {
  const crew = new Crew(adem), fresh = routes.filter(route => route.fresh);
  equal(fresh.map(route => route.path).sort().join(" "), ["/alerts/rungs", "/alerts/rungs/:id/end", "/memberships/:id/end", "/memberships/:id/key",
    "/memberships/:id/roles", "/memberships/:id/vouch", "/posts/:id/invitations"].join(" "), "routes that ask again");
  const stays = routes.filter(route => route.method === "POST" && /^\/(memberships|alerts\/rungs)/.test(route.path) && !route.fresh);
  equal(stays.map(keyOf).join(" "), "", "routes of rights that do not");
  for (const route of fresh) await crew.one(route, true);
  const hasan = await crew.member("Hasan Basri"), posts = await hasan.get("/posts");
  const path = `${/\/posts\/\d+(?=">Sekretariat RW 08)/.exec(posts.text)[0]}/invitations`;
  adem.shift(11 * 60000);
  for (const route of fresh) {
    const who = await crew.one(route, true), page = await who.post(withId(route.path, "1"), { roles: "head" });
    equal(page.status, 401, `${keyOf(route)} after eleven minutes`);
    holds(page.text, 'name="kept.roles" value="head"', `${keyOf(route)}: what was chosen`);
    equal((await who.ask("POST", withId(route.path, "1"), { csrf: who.csrf }, { origin: "https://evil.example" })).status, 403, `${keyOf(route)} from elsewhere`);
    equal((await who.post(withId(route.path, "1"), { show: `id${withId(route.path, "1")}` })).status, routes.some(each => each.method === "GET" && each.path === route.path) ? 200 : 401, `${keyOf(route)} shown again`);
    const other = await who.post(withId(route.path, "1"), { roles: "head", show: "id/sign-out" });
    equal(other.status, 200, `${keyOf(route)} with another form`);
    holds(other.text, 'action="/sign-out"', `${keyOf(route)} with another form: that form`);
  }
  const asked = await hasan.post(path, { name: "Orang Baru", roles: "head" });
  const kept = fieldsOf(asked.text, "/sign-in");
  const wrong = await hasan.ask("POST", "/sign-in", { ...kept, name: "Hasan Basri", password: "salah" });
  equal(wrong.status, 401, "a wrong password");
  const done = await hasan.ask("POST", "/sign-in", { ...fieldsOf(wrong.text, "/sign-in"), name: "Hasan Basri", password });
  equal(done.status, 200, "the right one");
  holds(done.text, 'id="code"', "the page of the invitation");
  await hasan.get("/accounts/me");
  equal((await hasan.post(path, { name: "Orang Lain", roles: "head" })).status, 200, "a moment later");
  adem.shift(0);
}
