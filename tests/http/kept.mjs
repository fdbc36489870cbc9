// What somebody typed is in the answer, whatever becomes of the form: each form that takes a text is sent in each of these situations.
import { Crew, plausible, withId } from "./every.mjs";
import { Person, equal, holds, lacks } from "../lib/adem.mjs";

const unescaped = html => html.replaceAll("&#34;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const written = ({ kind, max }) => (kind === "text" || kind === "line") && max >= 40;

// The hidden fields of the page's form to ACTION.
function fieldsOf(page, action) {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(page);
  if (!form) throw new Error(`no form to ${action}:\n${page.slice(0, 2000)}`);
  return Object.fromEntries([...form[1].matchAll(/<(?:input|textarea)[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?/g)].map(([, name, value]) => [name, unescaped(value ?? "")]));
}

class Situation {
  constructor(route, who, field) {
    Object.assign(this, { route, who, field, path: withId(route.path, "1"), text: `Di gang <${field.name}> "tadi" & sekarang` });
  }

  get what() {
    return `${this.route.method} ${this.route.path} ${this.field.name}`;
  }

  form(more) {
    return { ...plausible(this.route.fields), [this.field.name]: this.text, ...more };
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
  const action = page.includes('action="/language/nobody"') ? "/language/nobody" : "/language";
  const answer = await who.ask("POST", action, { ...fieldsOf(page, action), lang: "en" });
  holds(unescaped(answer.text), one.text, `${one.what}, in the other language`);
  holds(answer.text, '<html lang="en">', `${one.what}, in the other language`);
  await who.ask("POST", action, { ...fieldsOf(answer.text, action), lang: "id" });
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
  await one.send(who, { ...csrf, form_key: "k" }, [200, 303, 400, 401, 403, 404, 409, 422, 429], "as it is");
}

// How many fields were looked at.
export async function nothingIsLost(adem, routes) {
  const crew = new Crew(adem);
  let count = 0;
  for (const route of routes.filter(each => each.method === "POST"))
    for (const field of route.fields.filter(written)) {
      if (/^\/(sign-in|language|recover|invitations)/.test(route.path)) continue; // what these take is a name or a code
      if (/^(proof_|back$|next$|receipt$)/.test(field.name)) continue; // not typed, or known by it
      await situations(new Situation(route, await crew.one(route, true), field), adem);
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
  officer.cookies.delete("adem");
  const out = await officer.ask("POST", notes, form);
  equal(out.status, 401, "without a session");
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
  const elsewhere = new Person(adem);
  equal((await elsewhere.ask("POST", "/language/nobody", { lang: "en", back: notes, "kept.action": "note", "kept.text": "eingeschmuggelt" })).location, "/",
    "a form for members inside one for nobody");
  lacks((await officer.get(`/cases/${id}`)).text, "eingeschmuggelt", "the case");
}

// The receipt and its thread survive another language.
export async function languageKeepsReceipts(adem) {
  const reporter = new Person(adem), page = (await reporter.get("/reports/new")).text;
  const form = { ...fieldsOf(page, "/reports"), level: "nyata", place: "31.71.08.1002.008", text: "di jembatan" };
  const made = await reporter.ask("POST", "/reports", form), [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  const english = await reporter.ask("POST", "/language/nobody", { ...fieldsOf(made.text, "/language/nobody"), lang: "en" });
  holds(english.text, receipt, "the page of the receipt in English");
  holds(english.text, '<html lang="en">', "the page of the receipt in English");
  const thread = await reporter.ask("POST", "/receipts", { receipt });
  const indonesian = await reporter.ask("POST", "/language/nobody", { ...fieldsOf(thread.text, "/language/nobody"), lang: "id" });
  holds(indonesian.text, "di jembatan", "the thread in Indonesian");
  holds(indonesian.text, '<html lang="id">', "the thread in Indonesian");
}
