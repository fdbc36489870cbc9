// What somebody typed is in the answer, whatever becomes of the form: each form that takes a text is sent in each of these situations.
import { readFileSync } from "node:fs";
import { Crew, plausible, withId } from "./every.mjs";
import { Person, equal, holds, lacks, until } from "../lib/adem.mjs";
import { formsOf, sentBy, switchLanguage, unescaped } from "../lib/page.mjs";

const known = /^(proof_|back$|next$|receipt$|place$)/; // fields that nobody types into
const ofSigningIn = /^\/(sign-in|recover|invitations\/\w+|receipts)$/; // codes and names, which are short
const written = ({ name, kind, max }) => !known.test(name) && (kind === "text" || kind === "line") && max >= 40;

// The hidden fields of the page's form to ACTION.
function fieldsOf(page, action) {
  const form = new RegExp(`<form[^>]*action="${action}(?:#[^"]*)?"[^>]*>([\\s\\S]*?)</form>`).exec(page);
  if (!form) throw new Error(`no form to ${action}:\n${page.slice(0, 2000)}`);
  return Object.fromEntries([...form[1].matchAll(/<(?:input|textarea)[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?/g)].map(([, name, value]) => [name, unescaped(value ?? "")]));
}

class Situation {
  constructor(route, who, field, known) {
    Object.assign(this, { route, who, field, known: route.fields.some(each => each.name === "receipt") ? known : {}, path: withId(route.path, "1"), text: `Di gang <${field.name}> "tadi" & sekarang` });
  }

  get what() {
    return `${this.route.method} ${this.route.path} ${this.field.name}`;
  }

  form(more) {
    return { ...plausible(this.route.fields), ...this.known, [this.field.name]: this.text, ...more };
  }

  async send(who, more, statuses, situation) {
    const answer = await who.ask("POST", this.path, this.form(more));
    if (!statuses.includes(answer.status)) throw new Error(`${this.what}, ${situation}: status ${answer.status}`);
    if (answer.status !== 200 && answer.status !== 303) holds(unescaped(answer.text), this.text, `${this.what}, ${situation}`);
    return answer;
  }
}

// In the other language the same page, with the same text.
async function switches(one, who, page) {
  const form = formsOf(page).find(each => each.fields.some(field => field.value.startsWith(one.text)));
  if (!form?.show) throw new Error(`${one.what}: no way to the other language:\n${page.slice(0, 3000)}`);
  const answer = await switchLanguage(who, form);
  holds(unescaped(answer.text), one.text, `${one.what}, in the other language`);
  holds(answer.text, '<html lang="en">', `${one.what}, in the other language`);
  await switchLanguage(who, formsOf(answer.text).find(each => each.action === form.action && each.show));
}

// More than a server reads: what it read comes back, and is sent from there once it is shorter. Half an escape is at the end, or a character.
async function tooLarge(one, who, csrf) {
  for (const [end, letters] of [["a", 300000], ["\u20ac", 30000], ["a\u20ac", 30000], ["ab\u20ac", 30000]]) {
    const page = await one.send(who, { ...csrf, [one.field.name]: `${one.text} ${end.repeat(letters)}` }, [413], "larger than what is read");
    const form = formsOf(page.text).find(each => each.action === one.path), field = form.fields.find(each => each.name === one.field.name);
    lacks(field.value, "\ufffd", `${one.what}: half a character`);
    field.value = one.text;
    const again = await who.ask("POST", one.path, new URLSearchParams(sentBy(form)).toString());
    if (![200, 303, 400, 404, 409, 422, 429].includes(again.status)) throw new Error(`${one.what}, shortened: status ${again.status}`);
  }
}

// The database is there again, and every web worker has found it: after a refusal each waits for a moment before it tries anew.
async function backAgain(adem) {
  const connections = () => readFileSync(adem.log, "utf8").match(/process=adem-web event=postgres_connected/g)?.length ?? 0, before = connections();
  adem.awayNode(undefined, false);
  await until(async () => await new Person(adem).get("/") && connections() >= before + adem.settings.workers, "the database in every worker");
}

// The database cannot be written to, or there is none at all: what was typed is in the answer.
export async function databaseAway(adem, routes) {
  const crew = new Crew(adem), made = await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007" });
  const all = [];
  for (const route of routes.filter(each => each.method === "POST"))
    for (const field of route.fields.filter(written))
      if (!/^\/(sign-in|recover|invitations)/.test(route.path)) all.push(new Situation(route, await crew.one(route, true), field, { receipt: made.data.receipt }));
  const each = async (statuses, what) => {
    for (const one of all) await one.send(one.who, { ...(one.who.csrf && { csrf: one.who.csrf }), form_key: `k${all.indexOf(one)}` }, statuses, what);
  };
  for (const table of ["form_keys", "regions"]) { // one is written by each form, one read by each page
    adem.sql(`ALTER TABLE ${table} RENAME TO away`);
    try {
      await each(table === "regions" ? [500] : [422, 500], `${table} is away`); // 422: a question comes before anything is written
    } finally {
      adem.sql(`ALTER TABLE away RENAME TO ${table}`);
    }
  }
  if (adem.admin && !adem.nodes.length) {
    adem.awayNode(undefined, true);
    try {
      await each([503], "the database is away");
      for (const one of all.slice(0, 3)) {
        const answer = await one.who.ask("POST", one.path, one.form({}), { origin: "https://evil.example" });
        equal(answer.text.includes(one.text), false, `${one.what} of another site is in the answer where the database is away`);
      }
    } finally {
      await backAgain(adem);
    }
  }
  return all.length;
}

async function situations(one, adem) {
  const { who, field } = one, csrf = who.csrf && { csrf: who.csrf };
  if (one.route.who !== "anyone") {
    await one.send(new Person(adem), {}, [401], "signed out");
    await one.send(who, { csrf: "x".repeat(44) }, [403], "with an old page");
  }
  const long = { [field.name]: `${one.text} ${"é".repeat(field.max)}`, ...csrf };
  const refused = await one.send(who, long, [422], "too long");
  await one.send(who, { ...long, [field.name]: `${one.text} ${"a".repeat(200000)}` }, [422], "much too long");
  await switches(one, who, refused.text);
  await tooLarge(one, who, csrf);
  await one.send(who, { ...csrf, form_key: "k" }, [200, 303, 400, 401, 403, 404, 409, 422, 429], "as it is");
}

// How many fields were looked at.
export async function nothingIsLost(adem, routes) {
  const crew = new Crew(adem), made = await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007" });
  let count = 0;
  for (const route of routes.filter(each => each.method === "POST"))
    for (const field of route.fields.filter(written)) {
      if (/^\/(sign-in|recover|invitations)/.test(route.path)) continue; // what these take is a name or a code
      await situations(new Situation(route, await crew.one(route, true), field, { receipt: made.data.receipt }), adem);
      count++;
    }
  return count;
}

// Somebody's session ends while they write: they sign in on the page that says so, and the text is saved. Once.
export async function signingInSaves(adem) {
  const reporter = new Person(adem);
  equal((await reporter.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "ramai" })).status, 201, "a report");
  const officer = new Person(adem, "Sari Wulandari"), text = 'Warung <tutup> "lebih" awal';
  equal((await officer.signIn()).status, 303, "signing in");
  const [, id] = /id="case-(\d+)"/.exec((await officer.get("/")).text);
  const notes = `/cases/${id}/notes`, page = (await officer.get(`/cases/${id}`)).text;
  const form = { ...fieldsOf(page, notes), action: "note", text };
  adem.sql("UPDATE sessions SET expires_ms = 1 WHERE account_id = (SELECT id FROM accounts WHERE name = 'Sari Wulandari')");
  const out = await officer.follow("POST", notes, form);
  equal(out.status, 200, "without a session");
  holds(unescaped(out.text), text, "the page to sign in on");
  const again = { ...fieldsOf(out.text, "/sign-in"), name: officer.name };
  const wrong = await officer.ask("POST", "/sign-in", { ...again, password: "salah" });
  equal(wrong.status, 401, "a wrong password");
  const right = { ...fieldsOf(wrong.text, "/sign-in"), name: officer.name, password: "adem-malam-ini" };
  const saved = await officer.ask("POST", "/sign-in", right);
  equal(saved.status, 303, "signing in on that page");
  holds(saved.location, `/cases/${id}`, "where it leads");
  const count = async () => unescaped((await officer.get(`/cases/${id}`)).text).split(text).length - 1;
  equal(await count(), 1, "notes");
  const much = Array.from({ length: 2000 }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20000))).join("");
  const full = await new Person(adem).ask("POST", notes, { ...form, form_key: "lain", text: much });
  equal(full.status, 401, "more than a cookie holds");
  holds(full.text, much, "the page itself");
}

// Types into all fields of FORM; what is in them then.
function type(form) {
  for (const [i, field] of form.fields.entries()) {
    if (field.kind === "textarea" || field.kind === "text") field.value = `Ketik <${i}> "& lagi"`;
    if (field.kind === "number") field.value = "7";
    if (field.kind === "date") field.value = "2030-02-03";
    if (field.kind === "tel") field.value = "0210000007";
    if (field.kind === "select") field.value = field.options.at(-1);
    if (field.kind === "checkbox") field.sent = !field.sent;
    if (field.kind === "radio") field.sent = form.fields.filter(each => each.name === field.name).at(-1) === field;
  }
  return form.fields.filter(field => field.kind !== "hidden" && field.kind !== "password");
}

const shown = fields => JSON.stringify(fields.filter(each => each.sent).map(each => [each.name, each.value]));

// Who is shown the pages below: an officer, an administrator who leads, a head of an RW, a desk, nobody.
const onlookers = ["Sari Wulandari", "Bayu Saputra", "Hasan Basri", "Dimas Nugroho", undefined];

// Whoever may see the page that PATH is made of.
async function lookers(adem, crew, routes) {
  const reporter = new Person(adem), sari = await crew.member("Sari Wulandari");
  const made = await reporter.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "ramai" });
  const [, id] = /id="case-(\d+)"/.exec((await sari.get("/")).text);
  const page = (await sari.get(`/cases/${id}`)).text;
  const [, alert] = /action="\/alerts\/(\d+)\/answers"/.exec(page), [, seen] = /name="seen" value="(\d+)"/.exec(page);
  equal((await sari.post(`/alerts/${alert}/answers`, { answer: "mine", seen })).status, 303, "taking it");
  equal((await reporter.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007" })).status, 201, "another that nobody takes");
  const posts = [...(await sari.get("/posts")).text.matchAll(/href="(\/posts\/\d+)"/g)].map(found => found[1]);
  const addresses = { "/cases/:id": [`/cases/${id}`, `/cases/${id}?entries_before=0`], "/posts/:id": posts, "/reports/:id": [`/reports/${made.data.report}`],
    "/alerts/rungs": ["/alerts/rungs?level=ambang"], "/reports/new": ["/reports/new?level=nyata&place=31.71.08.1002.008"], "/sign-in": ["/sign-in?next=/cases/new"] };
  const pages = routes.filter(each => each.method === "GET" && !/live|assets|healthz|readyz|proof/.test(each.path));
  const all = [];
  for (const route of pages)
    for (const path of addresses[route.path] ?? (route.path.includes(":") ? [] : [route.path])) all.push({ route, path });
  return { all, receipt: made.data.receipt };
}

// No page tells a moment more closely than it says it in words: no number of milliseconds since 1970 stands anywhere, except in the links to
// other weeks of a roster, which are midnights.
export async function tellsNoMoments(adem, routes) {
  const crew = new Crew(adem), { all, receipt } = await lookers(adem, crew, routes);
  const pages = [];
  for (const name of onlookers)
    for (const { path } of all) pages.push([path, name, await (name ? await crew.member(name) : new Person(adem)).get(path)]);
  pages.push(["the thread", undefined, await new Person(adem).follow("POST", "/receipts", { receipt })]);
  for (const [path, name, { text }] of pages) {
    const found = /.{0,80}(?<!\d|week=)1[5-9]\d{11}(?!\d).{0,20}/.exec(text);
    if (found) throw new Error(`${path} as ${name}: ${found[0]}`);
  }
  return pages.filter(([, , { status }]) => status === 200).length;
}

// Each field that people write in says its limit, and is described by it: the one that the server holds it to. Nobody gets past what a
// server reads by typing.
export async function saysLimits(adem, routes) {
  const crew = new Crew(adem), { all, receipt } = await lookers(adem, crew, routes), reporter = new Person(adem), said = new Set();
  const look = (what, { text }) => {
    for (const [, action, inner] of text.matchAll(/<form[^>]* action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)) {
      const route = routes.find(each => each.method === "POST" && each.path === action.replace(/#.*/, "").replace(/\d+/, ":id"));
      for (const [tag, name] of inner.matchAll(/<(?:textarea|input)[^>]* name="([^"]*)"[^>]*>/g)) {
        if (!tag.startsWith("<textarea") && !/type="(text|tel)"/.test(tag)) continue;
        holds(tag, " maxlength=", `${what}, ${name}`);
        const field = route?.fields.find(each => each.name === name);
        if (!field || !written(field) || ofSigningIn.test(route.path)) continue;
        const [, id] = /id="([^"]*)"/.exec(tag), [, described] = /aria-describedby="([^"]*)"/.exec(tag) ?? [, ""];
        equal(described.split(" ").includes(`${id}-limit`), true, `${what}, ${name}: is described by its limit`);
        holds(inner, `id="${id}-limit" data-limit="${field.max}"`, `${what}, ${name}`);
        said.add(`${route.path} ${name}`);
      }
    }
  };
  for (const name of onlookers)
    for (const { path } of all) look(`${path} as ${name}`, await (name ? await crew.member(name) : new Person(adem)).get(path));
  look("the thread", await reporter.follow("POST", "/receipts", { receipt }));
  const wanted = routes.filter(each => each.method === "POST" && !ofSigningIn.test(each.path))
    .flatMap(({ path, fields }) => fields.filter(written).map(({ name }) => `${path} ${name}`));
  equal([...said].sort().join(", "), wanted.sort().join(", "), "the fields that were seen on a page");
}

async function switchKeeps(who, path, page, name) {
  const actions = [];
  for (const { action, takesText } of formsOf(page)) {
    if (!takesText) continue;
    const what = `${path}, form to ${action}, as ${name}`, form = formsOf(page).find(each => each.action === action);
    if (!form.show) throw new Error(`${what}: no button that shows it in the other language`);
    const typed = shown(type(form)), english = await switchLanguage(who, form);
    equal(english.status, 200, `${what}: status`);
    equal(form.show.formaction, path, `${what}: where the button leads`);
    holds(english.text, `<html lang="${form.show.lang}">`, what);
    const again = formsOf(english.text).find(each => each.action === action);
    equal(shown(again.fields.filter(field => field.kind !== "hidden" && field.kind !== "password")), typed, `${what}: what was typed`);
    const back = await switchLanguage(who, again), last = formsOf(back.text).find(each => each.action === action);
    equal(shown(last.fields.filter(field => field.kind !== "hidden" && field.kind !== "password")), typed, `${what}: what was typed, there and back`);
    actions.push(action.replace(/\d+/, ":id"));
  }
  return actions;
}

// The language button of every page with a form: typed texts and choices stay, the address too, and nothing is sent.
export async function languageKeepsTyped(adem, routes) {
  const crew = new Crew(adem), actions = new Set(), { all, receipt } = await lookers(adem, crew, routes);
  for (const name of onlookers)
    for (const { route, path } of all) {
      const who = name ? await crew.member(name) : new Person(adem), page = await who.get(path);
      if (page.status !== 200 || (name && route.who === "anyone" && /sign-in|recover|invitations/.test(path))) continue;
      for (const action of await switchKeeps(who, path, page.text, name)) actions.add(action);
    }
  const reporter = new Person(adem), led = await reporter.ask("POST", "/receipts", { receipt }), thread = await reporter.get(led.location);
  for (const action of await switchKeeps(reporter, led.location, thread.text)) actions.add(action);
  const unseen = routes.filter(each => each.method === "POST" && each.fields.some(written) && !actions.has(each.path)).map(each => each.path);
  equal(unseen.join(" "), "/invitations/accept", "forms that take a text and were on no page");
  return actions.size;
}

// Without a form the button leads back to the same address. Nobody's pages ask for no session, and give none.
export async function languageStaysHere(adem) {
  const visitor = new Person(adem), front = await visitor.get("/places/31.71.08.1002.008");
  const [button] = formsOf(front.text).filter(each => each.show);
  const answer = await switchLanguage(visitor, button);
  equal(answer.status, 303, "status");
  equal(answer.location, "/places/31.71.08.1002.008", "where it leads");
  holds((await visitor.get("/reports/new")).text, '<html lang="en">', "the next page");
  const sent = () => adem.sql("SELECT count(*) FROM reports").trim(), before = sent();
  const elsewhere = await visitor.ask("POST", "/reports/new", { show: "en/reports", text: "untergeschoben" }, { origin: "https://evil.example" });
  equal(elsewhere.status, 403, "from another site");
  equal(sent(), before, "reports after it");
}

// Before what is not urgent is sent, its whole text waits, in the browser where there is room for it.
export async function waitsWhole(adem) {
  const words = ["nanti", "malam", "di", "lapangan", "katanya", "anak", "RW", "sebelah", "mau", "datang", "bawa", "petasan", "balas", "dendam", "soal", "kemarin"];
  let seed = 7;
  const next = most => (seed = (seed * 48271) % 2147483647) % most;
  const make = piece => { let text = ""; while ([...text].length < 3990) text += piece(); return text; };
  for (const [text, status] of [[make(() => `${words[next(16)]}${next(9) ? "" : next(99)} `).trim(), 303], [make(() => String.fromCodePoint(0x1f300 + next(700))), 200]]) {
    const reporter = new Person(adem), form = { level: "ambang", place: "31.71.08.1002.008", text };
    equal((await reporter.ask("POST", "/reports", form)).status, status, `${text.slice(0, 20)}: status`);
    const step = await reporter.follow("POST", "/reports", form);
    const [sure] = formsOf(step.text).filter(each => each.action === "/reports");
    equal(sure.fields.find(each => each.name === "text").value, text, "the text that waits");
    const made = await reporter.follow("POST", "/reports", new URLSearchParams(sentBy(sure)).toString()), [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
    holds(unescaped((await reporter.follow("POST", "/receipts", { receipt })).text), text, "the thread");
  }
}

// The receipt and its thread survive another language.
export async function languageKeepsReceipts(adem) {
  const reporter = new Person(adem), page = (await reporter.get("/reports/new")).text;
  const form = { ...fieldsOf(page, "/reports"), level: "nyata", place: "31.71.08.1002.008", text: "di jembatan" };
  const led = await reporter.ask("POST", "/reports", form), made = await reporter.get(led.location), [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  const [button] = formsOf(made.text).filter(each => each.show);
  equal((await switchLanguage(reporter, button)).location, led.location, "where the language button of the receipt leads");
  const again = await reporter.get(led.location);
  holds(again.text, receipt, "the page of the receipt in English");
  holds(again.text, '<html lang="en">', "the page of the receipt in English");
  await switchLanguage(reporter, { ...button, show: { ...button.show, value: "id" } });
  const thread = await reporter.follow("POST", "/receipts", { receipt });
  const say = formsOf(thread.text).find(each => each.action === "/receipts/messages");
  equal((await switchLanguage(reporter, say)).location, thread.path, "where the language button of the thread leads, with nothing typed");
  const english = await reporter.get(thread.path);
  holds(english.text, "di jembatan", "the thread in English");
  holds(english.text, '<html lang="en">', "the thread in English");

  // Looking for news sends nothing, and loses nothing that was typed.
  say.fields.find(each => each.name === "text").value = "belum selesai <menulis>";
  const looked = await reporter.ask("POST", thread.path, new URLSearchParams([...sentBy(say), ["show", "/receipts/messages"]]).toString());
  equal(looked.status, 200, "looking for news");
  equal(formsOf(looked.text).find(each => each.action === "/receipts/messages").fields.find(each => each.name === "text").value, "belum selesai <menulis>",
    "what was typed");
  equal(looked.text.split("belum selesai").length - 1, 1, "how often it stands there");
}
