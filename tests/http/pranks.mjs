// A thousand pranks at once, and two fights among them: one in a quiet street, one where the pranks are. Nothing is refused for its
// rate here (flood.mjs is about that): all of it arrives, and what counts has to stay on top, ring, be answered, and keep its secrets.
import { Adem, Person, equal, holds, lacks, signedIn, until } from "../lib/adem.mjs";

const pranks = 1000, senders = 12, secondStep = 60000, interval = 3 * 60000;
const flooded = "31.71.08.1002.008", quiet = "31.71.08.1002.003";
const village = ["001", "002", "003", "004", "005", "006", "007"].map(rw => `31.71.08.1002.${rw}`);
const elsewhere = [["1001", 11], ["1003", 7], ["1004", 14]].flatMap(([code, n]) =>
  Array.from({ length: n }, (_, i) => `31.71.08.${code}.${String(i + 1).padStart(3, "0")}`));

// Half of them about one place, a quarter about its village, where none says that it is a fight, and the rest anywhere.
function prank(i) {
  const levels = ["potensi", "ambang", "nyata"], spared = i % 5 === 0 && { spare_neighbours: "yes" };
  if (i % 2 === 0) return { place: flooded, level: levels[i / 2 % 3], ...spared };
  if (i % 4 === 1) return { place: village[(i - 1) / 4 % village.length], level: levels[(i - 1) / 4 % 2], ...spared };
  return { place: elsewhere[(i - 3) / 4 % elsewhere.length], level: levels[i % 3], ...spared };
}

// A fight spares nobody.
const hides = report => Boolean(report.spare_neighbours) && report.level !== "nyata";

async function send(adem, i, form) {
  const asked_ms = Date.now();
  const answer = await new Person(adem).ask("POST", "/reports", { trigger: "rumour", ...form }, { accept: "application/json", "x-forwarded-for": `203.0.${i % 200}.${i % 250 + 1}` });
  equal(answer.status, 201, `report ${i}: ${answer.text}`);
  return { ...form, receipt: JSON.parse(answer.text).receipt, asked_ms, answered_ms: Date.now() };
}

const told = async (adem, report) => (await new Person(adem).json("POST", "/receipts", { receipt: report.receipt })).data;

// The rows of a board from top to bottom, as a person reads them.
const rowsOf = page => [...page.matchAll(/<li id="case-(\d+)"[^>]*data-reports="(\d+)">([\s\S]*?)<\/li>/g)].map(([, id, reports, text]) =>
  ({ id, reports: Number(reports), level: /class="mark (\w+)"/.exec(text)[1], alert: /\/alerts\/(\d+)\/answers/.exec(text)?.[1], place: /<h3><a [^>]*>([^<]*)/.exec(text)[1] }));
const boardOf = async who => rowsOf((await who.get("/")).text);
const count = (text, piece) => text.split(piece).length - 1;

// Every page of what a case page shows a page at a time.
async function pagesOf(who, id, cursor) {
  const pages = [];
  for (let path = `/cases/${id}`; path; path = new RegExp(`href="(/cases/\\d+\\?${cursor}=\\d+)"`).exec(pages.at(-1))?.[1]) pages.push((await who.get(path)).text);
  return pages.join("");
}

// What a reporter is told the moment that the report is taken: on a busy machine the flood lasts longer than a step.
const heard = async (adem, sending) => {
  const report = await sending;
  return { ...report, told: await told(adem, report) };
};

async function theFlood(adem) {
  const sent = [], real = [];
  let next = 0;
  await Promise.all(Array.from({ length: senders }, async () => {
    while (next < pranks) {
      const i = next++;
      if (i === pranks / 2) real.push(heard(adem, send(adem, pranks, { place: quiet, level: "nyata", text: "Dua kelompok membawa balok di gang tiga" })),
        send(adem, pranks + 1, { place: flooded, level: "nyata", text: "Ada yang sudah terluka di dekat jembatan" }));
      sent.push(await send(adem, i, { ...prank(i), text: `Iseng nomor ${i} di sini` }));
    }
  }));
  return { sent, real: await Promise.all(real) };
}

// The fights are the only ones of this village, so they come first on its board, each with its call, deadline and answer.
async function realOnesAreHeard(adem, sari, dimas, { street, among }) {
  const board = await boardOf(sari), fights = board.filter(row => row.level === "nyata");
  equal(fights.length, 2, "fights on the board");
  equal(board.slice(0, 2).every(row => row.level === "nyata"), true, "the fights are on top");
  const one = fights.find(row => row.place.startsWith("RW 03")), many = fights.find(row => row.place.startsWith("RW 08"));
  const desk = await boardOf(dimas), last = desk.findLastIndex(row => row.level === "nyata");
  equal(desk.slice(0, last).every(row => row.level === "nyata"), true, "nothing lighter stands above a fight");
  for (const { id } of [one, many]) equal(desk.some(row => row.id === id), true, "the desk sees it");

  const called = adem.sql(`SELECT p.name FROM alert_calls k JOIN posts p ON p.region = k.region AND p.id = k.post_id WHERE k.alert_id = ${one.alert} AND k.step = 0 ORDER BY p.name`);
  equal(called.trim(), "Bhabinkamtibmas Kampung Rawa\nPolsek Johar Baru", "who is called for the quiet street");
  const { due_ms, state, late_ms } = street.told;
  equal(`${state} ${late_ms}`, "ringing null", "what its reporter is told");
  if (due_ms < street.asked_ms + secondStep || due_ms > street.answered_ms + secondStep) throw new Error(`the next step at ${due_ms}, sent from ${street.asked_ms} to ${street.answered_ms}`);

  for (const [row, report] of [[one, street], [many, among]]) {
    equal((await sari.post(`/alerts/${row.alert}/answers`, { answer: "mine" })).status, 303, "mine");
    const [, id] = new RegExp(`id="report-(\\d+)"(?:(?!<section)[\\s\\S])*${report.text}`).exec(await pagesOf(sari, row.id, "reports_before"));
    equal((await sari.post(`/reports/${id}/messages`, { text: `Kami ke sana: ${report.place}` })).status, 303, "an answer");
    const { state: now, messages } = await told(adem, report);
    equal(`${now} ${messages.map(one => one.text).join(" | ")}`, `mine ${report.text} | Kami ke sana: ${report.place}`, "what its reporter is told then");
  }
  return many;
}

// One row, one count, one ring for each level that it rose to, and then one an interval.
async function ringsOnce(adem, sari, stream, many, sent) {
  const open = sent.filter(one => one.place === flooded && !hides(one));
  equal(many.reports, open.length, "reports counted for the officer");
  const rings = () => [...stream.text.matchAll(/event: ring\ndata: (.*)/g)].filter(([, data]) => JSON.parse(data).case === many.id).length;
  const before = rings();
  if (before < 1 || before > 3) throw new Error(`${before} rings for one incident`);
  const again = () => pagesOf(sari, many.id, "entries_before").then(text => count(text, "<b>Laporan baru: diberi tahu lagi</b>"));
  equal(await again(), 0, "rings again in the timeline");
  adem.shift(interval + 1000);
  for (let i = 0; i < 3; i++) await send(adem, pranks + 2 + i, { place: flooded, level: "nyata", text: "Masih iseng" });
  await until(() => rings() > before, "the ring of the next interval");
  equal(await again(), 1, "rings again after three minutes and three reports");
  equal(rings(), before + 1, "rings after three minutes and three reports");
}

// What spares the neighbourhood is in no number that its head reads.
async function sparedIsNowhere(hasan, sari, stream, many, sent) {
  const theirs = sent.filter(one => one.place === flooded && !hides(one) && one.level !== "potensi");
  const hidden = (await boardOf(sari)).find(row => row.place.startsWith("RW 08") && row.id !== many.id);
  equal(hidden.reports, sent.filter(one => one.place === flooded && hides(one)).length, "what is hidden");
  const board = await boardOf(hasan);
  equal(board.map(row => `${row.id} ${row.reports} ${row.level}`).join(), `${many.id} ${theirs.length} nyata`, "the board of the RW head");
  equal(count(await pagesOf(hasan, many.id, "reports_before"), '<section class="box" id="report-'), theirs.length, "reports on the page");
  equal(count(await pagesOf(hasan, many.id, "entries_before"), "<b>Laporan masuk</b>"), theirs.length, "reports in the timeline");
  const list = (await hasan.get("/cases")).text;
  equal(count(list, '<li class="item">'), 1, "cases in the list");
  equal((await hasan.get(`/cases/${hidden.id}`)).status, 403, "the hidden case");
  equal((await hasan.get(`/cases/${hidden.id}`, { accept: "application/json" })).status, 403, "the hidden case as JSON");
  await until(() => stream.text.includes(`data-reports="${theirs.length}"`), "the last number in the stream");
  for (const [, id, reports] of stream.text.matchAll(/id="case-(\d+)"[^>]*data-reports="(\d+)"/g)) {
    equal(id, many.id, "a case in the stream");
    if (Number(reports) > theirs.length) throw new Error(`${reports} reports in the stream, of ${theirs.length}`);
  }
  lacks(stream.text, hidden.id, "the stream");
}

// Each has a code of their own, and behind it what they said and nothing else.
async function eachHasAThread(adem, sent) {
  equal(new Set(sent.map(one => one.receipt)).size, pranks, "report codes");
  for (const one of sent.filter((_, i) => i % 40 === 0)) {
    const { messages, state, due_ms, answer_by_ms } = await told(adem, one);
    equal(messages.map(said => said.text).join(), one.text, "the thread");
    equal(state, [flooded, quiet].includes(one.place) && !hides(one) ? "mine" : "ringing", "the state");
    equal((hides(one) ? answer_by_ms : due_ms) > one.asked_ms, true, "the deadline");
  }
}

export async function leaveTheRealOneOnTop(kind) {
  const rates = Object.fromEntries(["reports-per-minute", "worker-reports-per-minute", "place-reports-per-minute"].map(name => [name, 1000000]));
  const adem = await new Adem(kind, rates).start();
  try {
    const [sari, dimas, hasan] = await Promise.all(["Sari Wulandari", "Dimas Nugroho", "Hasan Basri"].map(name => signedIn(adem, name)));
    const [open, neighbour] = await Promise.all([sari, hasan].map(async who => who.listen(/data-live="([^"]*)"/.exec((await who.get("/")).text)[1])));
    const begun = Date.now(), { sent, real: [street, among] } = await theFlood(adem), all = [...sent, street, among];
    console.log(`# ${kind}: ${pranks} pranks in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const many = await realOnesAreHeard(adem, sari, dimas, { street, among });
    await sparedIsNowhere(hasan, sari, neighbour, many, all);
    await eachHasAThread(adem, sent);
    await ringsOnce(adem, sari, open, many, all);
    holds(adem.run("check"), "all is well", "adem check");
    for (const stream of [open, neighbour]) stream.close();
  } finally {
    await adem.remove();
  }
}
