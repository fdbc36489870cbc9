// A roster by the clock: who stands on it, who does not any more, and who is called when nobody does.
import { Person, equal, holds, lacks, signedIn } from "../lib/adem.mjs";

const evening = Date.UTC(2030, 0, 5, 12); // Saturday, 19.00 WIB
const week = `?week=${evening}`;

async function postNamed(who, name) {
  const id = new RegExp(`/posts/(\\d+)">${name}`).exec((await who.get("/posts")).text)[1];
  return { id, page: (await who.get(`/posts/${id}${week}`)).text };
}

const accountOf = (page, name) => new RegExp(`<option value="(\\d+)"[^>]*>${name}`).exec(page)[1];
const shifts = page => [...page.matchAll(/<li(?: class="gap")?>([^<]*?)\s*(?=<)/g)].map(([, text]) => text.trim()).filter(text => text.includes("WIB"));

async function overlapsAndDays(adem, dimas) {
  const { id, page } = await postNamed(dimas, "Bhabinkamtibmas Kampung Rawa");
  const sari = accountOf(page, "Sari Wulandari"), bima = accountOf(page, "Bima Pratama");
  const put = (account, date, from, hours, more = {}) => dimas.post(`/posts/${id}/duties`, { account, date, from, hours, ...more });
  const shown = async () => shifts((await dimas.get(`/posts/${id}${week}`)).text).filter(text => !text.includes("tidak ada")).join("; ");

  equal((await put(sari, "2030-01-05", 18, 12)).status, 303, "a night");
  equal(await shown(), "18.00 WIB – Minggu, 06.00 WIB: Sari Wulandari", "the night");
  equal((await put(sari, "2030-01-05", 18, 12)).status, 303, "the same once more");
  equal((await put(sari, "2030-01-05", 20, 4)).status, 303, "a part of it");
  equal(await shown(), "18.00 WIB – Minggu, 06.00 WIB: Sari Wulandari", "still one");
  equal((await put(sari, "2030-01-05", 17, 3)).status, 303, "overlapping before");
  equal((await put(sari, "2030-01-06", 5, 3)).status, 303, "overlapping after");
  equal(await shown(), "17.00 WIB – Minggu, 08.00 WIB: Sari Wulandari", "one from first to last");
  equal((await put(bima, "2030-01-06", 23, 24)).status, 303, "a whole day");
  holds(await shown(), "23.00 WIB – Senin, 23.00 WIB: Bima Pratama", "the roster");
  equal((await put(bima, "2030-01-05", 8, 9, { sure: "1" })).status, 303, "another, whose hours only touch");
  holds(await shown(), "08.00 WIB – 17.00 WIB: Bima Pratama", "the roster");
  equal(adem.sql("SELECT count(*) FROM duties WHERE from_ms > 1890000000000 AND ended_ms IS NULL").trim(), "3", "duties kept");

  const past = await put(bima, "2020-01-01", 7, 3);
  equal(past.status, 422, "in 2020");
  holds(past.text, "Jam itu sudah lewat", "what is asked");
  holds(past.text, 'name="sure"', "the question");
  holds(past.text, 'value="2020-01-01"', "the day typed");
  holds(past.text, 'name="from" type="number" min="0" max="23" value="7"', "the hour typed");
  holds(past.text, `<option value="${bima}" selected`, "the member chosen");
  equal((await put(bima, "2030-01-05", 8, 11)).status, 422, "over to the minute");
  equal((await put(bima, "2030-01-05", 9, 11)).status, 303, "still on for an hour");
  equal((await put(bima, "2020-01-01", 7, 3, { sure: "1" })).status, 303, "in 2020, confirmed");
  equal((await put(bima, "2039-01-05", 7, 3)).status, 422, "years ahead");
  equal((await put(bima, "2039-01-05", 7, 3, { sure: "1" })).status, 303, "years ahead, confirmed");
  return { id, sari, bima };
}

// Sari asks Bima, who stands there already for a part of it: he then has one duty from first to last.
async function swapped(adem, { id }) {
  const sari = await signedIn(adem, "Sari Wulandari"), bima = await signedIn(adem, "Bima Pratama");
  const page = (await sari.get(`/posts/${id}${week}`)).text;
  const duty = /\/duties\/(\d+)\/swap/.exec(page)[1];
  equal((await sari.post(`/duties/${duty}/swap`, { to: accountOf(page, "Bima Pratama") })).status, 303, "asking");
  const board = (await bima.get("/")).text;
  holds(board, "sampai Minggu, 08.00 WIB", "the question");
  equal((await bima.post(`/swaps/${/action="\/swaps\/(\d+)"/.exec(board)[1]}`, { accept: "yes" })).status, 303, "taking it");
  const shown = shifts((await bima.get(`/posts/${id}${week}`)).text).join("; ");
  holds(shown, "08.00 WIB – Minggu, 08.00 WIB: Bima Pratama", "the roster");
  lacks(shown, "Sari", "the roster");
}

// Bima leaves while he is on duty: no roster, no board, no open question names him, and a report calls the next step at once.
async function leaves(adem, dimas, { id }) {
  const nobody = new Person(adem), report = { level: "ambang", place: "31.71.08.1002.003", text: "Ramai di gang", sure: "1" };
  const steps = () => adem.sql(`SELECT count(DISTINCT c.post_id) FROM alert_calls c JOIN posts p ON p.id = c.post_id
    WHERE p.kind = 'polsek' AND c.alert_id = (SELECT id FROM alerts ORDER BY raised_ms DESC, id DESC LIMIT 1)`).trim();
  equal((await nobody.json("POST", "/reports", report)).status, 201, "a report while Bima is on duty");
  equal(steps(), "0", "calls of the Polsek while Bima is on duty");
  const bima = await signedIn(adem, "Bima Pratama");
  const page = (await bima.get(`/posts/${id}${week}`)).text, duty = /\/duties\/(\d+)\/swap/.exec(page)[1];
  equal((await bima.post(`/duties/${duty}/swap`, { to: accountOf(page, "Sari Wulandari") })).status, 303, "asking Sari");
  const sari = await signedIn(adem, "Sari Wulandari");
  holds((await sari.get("/")).text, "<b>Bhabinkamtibmas Kampung Rawa</b>: Bima Pratama sampai ", "the board before");
  const membership = new RegExp("Bima Pratama</h3>[\\s\\S]*?/memberships/(\\d+)/end").exec((await dimas.get(`/posts/${id}`)).text)[1];
  equal((await dimas.post(`/memberships/${membership}/end`)).status, 303, "taking him off the post");
  lacks((await sari.get("/")).text, "Bima Pratama", "the board after");
  const shown = shifts((await sari.get(`/posts/${id}${week}`)).text).join("; ");
  lacks(shown, "Bima", "the roster");
  holds(shown, "20.00 WIB – Minggu, 05.00 WIB: tidak ada yang piket", "the gap");
  equal((await nobody.json("POST", "/reports", { ...report, place: "31.71.08.1002.005" })).status, 201, "a report afterwards");
  equal(steps(), "1", "calls of the Polsek at once");
  equal(adem.sql("SELECT count(*) FROM duties d WHERE d.ended_ms IS NULL AND d.until_ms > 1890000000000").trim(), "0", "duties left");
}

export async function rosterByTheClock(adem) {
  adem.sql("UPDATE regions SET demo = false"); // a demo would fill its roster by itself
  adem.shift(evening - Date.now());
  const dimas = await signedIn(adem, "Dimas Nugroho");
  const made = await overlapsAndDays(adem, dimas);
  await swapped(adem, made);
  await leaves(adem, dimas, made);
  const bayu = await signedIn(adem, "Bayu Saputra"), polres = await postNamed(bayu, "Polres Metro Jakarta Pusat");
  const nadia = adem.sql("SELECT id FROM accounts WHERE name = 'Nadia Permata'").trim();
  equal((await bayu.post(`/posts/${polres.id}/duties`, { account: nadia, date: "2030-01-06", from: 7, hours: 3 })).status, 422,
    "somebody whose roles answer nothing");
}
