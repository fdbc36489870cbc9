// A form whose sender is not signed in any more: it waits in this browser alone, is done by the password of whoever began it and nobody
// else's, and what nobody is known to have begun is shown again, not done.
import { Person, equal, holds, lacks, password, signedIn } from "../lib/adem.mjs";
import { formsOf, sentBy, unescaped } from "../lib/page.mjs";

const minute = 60_000, text = 'Warung <tutup> "lebih" awal';
const fieldsOf = (page, action) => Object.fromEntries(sentBy(formsOf(page).find(each => each.action === action)));
const notesWith = (adem, id) => Number(adem.sql(`SELECT count(*) FROM case_entries WHERE case_id = ${id} AND kind = 'note'`));
const sessionsOf = (adem, name) => Number(adem.sql(`SELECT count(*) FROM sessions WHERE expires_ms > 1 AND account_id = (SELECT id FROM accounts WHERE name = '${name}')`));

// The cookie stays in the browser, as after a night.
function endSession(adem, name) {
  adem.sql(`UPDATE sessions SET expires_ms = 1 WHERE account_id = (SELECT id FROM accounts WHERE name = '${name}')`);
}

// Somebody of NAME at the page of an incident that they take part in, whose session ends while it is open.
async function atIncident(adem, name, place) {
  equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place })).status, 201, "a report");
  const who = await signedIn(adem, name);
  const [, id] = /id="case-(\d+)"/.exec((await who.get("/")).text);
  const page = (await who.get(`/cases/${id}`)).text;
  endSession(adem, name);
  return { who, id, page, notes: `/cases/${id}/notes` };
}

const signsIn = (browser, page, name, more = {}) => browser.ask("POST", "/sign-in", { ...fieldsOf(page, "/sign-in"), name, password, ...more });

export async function waitsHereAlone(adem) {
  const { who: sari, id, page, notes } = await atIncident(adem, "Sari Wulandari", "31.71.08.1002.008"), before = notesWith(adem, id);
  const sent = await sari.ask("POST", notes, { ...fieldsOf(page, notes), action: "note", text, form_key: "satu" }), step = sent.location;
  holds(step, "/sign-in/");
  holds(sent.headers.get("set-cookie"), "Max-Age=600; HttpOnly; SameSite=Strict");
  const asked = await sari.get(step);
  holds(asked.text, "lalu tulisan Anda langsung disimpan");
  holds(unescaped(asked.text), text);
  adem.shift(9 * minute);
  holds(unescaped((await sari.get(step)).text), text, "after nine minutes");
  adem.shift(11 * minute);
  equal((await sari.get(step)).location, "/sign-in", "after eleven minutes");
  adem.shift(0);

  // Whoever signs in here by themselves has nothing of it, nor whoever comes after them; nor is there anything elsewhere.
  const cookies = new Map(sari.cookies), browser = sari;
  equal((await browser.ask("POST", "/sign-in", { name: "Hasan Basri", password })).status, 303, "Hasan signs in in this browser");
  const his = await browser.get(step);
  equal(his.location, "/", "what waits, for Hasan");
  lacks(his.text, "Warung", "what waits, for Hasan");
  await browser.get("/accounts/me");
  await browser.post("/sign-out");
  equal((await browser.get(step)).location, "/sign-in", "after he signed out");
  for (const path of ["/sign-in/1", `/sign-in/${"a".repeat(33)}`]) equal((await new Person(adem).get(path)).status, 404, path);

  // It can be deleted before that.
  browser.cookies = cookies;
  holds(unescaped((await browser.get(step)).text), text, "with the cookie of the session that began it");
  const gone = await browser.ask("POST", `${step}/leave`, "");
  equal(gone.location, "/sign-in", "where deleting leads");
  equal((await browser.get(step)).location, "/sign-in", "after deleting");
  equal(notesWith(adem, id), before, "notes");
}

export async function onlyWhoBeganIt(adem) {
  const { who: sari, id, page, notes } = await atIncident(adem, "Sari Wulandari", "31.71.08.1002.008"), before = notesWith(adem, id);
  const asked = await sari.follow("POST", notes, { ...fieldsOf(page, notes), action: "note", text, form_key: "dua" });
  const sessions = sessionsOf(adem, "Bima Pratama");
  const other = await signsIn(sari, asked.text, "Bima Pratama");
  equal(other.status, 409, "somebody else's password");
  holds(other.text, "milik orang lain");
  equal(sessionsOf(adem, "Bima Pratama"), sessions, "sessions of somebody else");
  for (let i = 0; i < 8; i++) equal((await signsIn(sari, other.text, "Bima Pratama")).status, 409, `a right password is no guess, ${i}`);
  equal(notesWith(adem, id), before, "notes before she signs in");
  const forged = await signsIn(new Person(adem), asked.text, "Sari Wulandari", { next: `/cases/${id}/close` });
  equal(notesWith(adem, id), before, "notes where the ticket is used for another form");
  equal(forged.status === 303, false, "the form of another address is not done");
  const copy = new Person(adem);
  for (const browser of [sari, copy]) equal((await signsIn(browser, asked.text, "Sari Wulandari")).location, `/cases/${id}`, "her own password");
  equal(notesWith(adem, id), before + 1, "notes, of a form that was sent twice");
}

// Two halves of what needs two, and rights, are never done by the password of whoever comes next.
export async function nothingIsPlanted(adem) {
  const { id } = await atIncident(adem, "Sari Wulandari", "31.71.08.1002.008");
  const was = adem.sql(`SELECT state FROM cases WHERE id = ${id}`).trim();
  adem.sql(`UPDATE cases SET state = 'closing' WHERE id = ${id}`);
  const entries = () => adem.sql(`SELECT count(*) FROM case_entries WHERE case_id = ${id}`), state = () => adem.sql(`SELECT state FROM cases WHERE id = ${id}`).trim();
  const before = entries(), browser = new Person(adem);
  const asked = await browser.follow("POST", `/cases/${id}/confirm`, { calm: "yes", form_key: "zz" });
  equal(asked.status, 401, "without any session");
  holds(asked.text, "belum ada yang terkirim");
  const shown = await signsIn(browser, asked.text, "Bima Pratama");
  holds(shown.text, "Belum ada yang terkirim. Periksa sekali lagi");
  equal(entries(), before, "entries after Bima signed in");
  equal(state(), "closing", "the state after Bima signed in");
  adem.sql(`UPDATE cases SET state = '${was}' WHERE id = ${id}`);

  const [, membership] = /action="\/memberships\/(\d+)\/end"/.exec(await pageOfPosts(adem));
  const ended = () => adem.sql(`SELECT count(*) FROM memberships WHERE id = ${membership} AND ended_ms IS NOT NULL`).trim();
  const chief = await signedIn(adem, "Bayu Saputra"), token = chief.csrf;
  endSession(adem, "Bayu Saputra");
  for (const [who, form] of [[new Person(adem), {}], [chief, { csrf: token }]]) {
    const step = await who.follow("POST", `/memberships/${membership}/end`, { ...form, form_key: "akhir" });
    holds(step.text, "belum ada yang terkirim");
    const page = await signsIn(who, step.text, "Bayu Saputra");
    equal(page.location, "/", "a button without its page is not shown");
    equal(ended(), "0", "the membership");
  }
}

async function pageOfPosts(adem) {
  const chief = await signedIn(adem, "Bayu Saputra");
  const pages = [...(await chief.get("/posts")).text.matchAll(/href="(\/posts\/\d+)"/g)].map(found => found[1]);
  let text = "";
  for (const path of pages) text += (await chief.get(path)).text;
  return text;
}
