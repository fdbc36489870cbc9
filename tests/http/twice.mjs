// A form that is sent twice is done once, whichever worker takes it: a double tap, a phone that sends again on a bad line.
import { Person, equal, holds, lacks, signedIn, until } from "../lib/adem.mjs";

const place = "31.71.08.1002.008";
const count = (text, piece) => text.split(piece).length - 1;
const keyOf = (page, action) => {
  const found = new RegExp(`<form[^>]*action="${action}(?:#[^"]*)?"[^>]*><input type="hidden" name="form_key" value="([A-Za-z0-9_-]{23,})">`).exec(page);
  if (!found) throw new Error(`no key in the form to ${action}:\n${page.slice(0, 3000)}`);
  return found[1];
};
// On connections of their own, so that several workers get one.
const atOnce = (adem, who, n, path, form) => Promise.all(Array.from({ length: n }, () => {
  const copy = new Person(adem, who.name);
  Object.assign(copy, { cookies: new Map(who.cookies), csrf: who.csrf });
  return copy.follow("POST", path, { ...(copy.csrf && { csrf: copy.csrf }), ...form }, { connection: "close" });
}));

async function aCase(adem, officer, text) {
  const reporter = new Person(adem), page = (await reporter.get("/reports/new")).text;
  const form = { level: "nyata", place, text, form_key: keyOf(page, "/reports"), proof_token: /name="proof_token" value="([^"]*)"/.exec(page)[1] };
  const made = await reporter.follow("POST", "/reports", form);
  holds(made.text, 'id="receipt"', "the page of the receipt");
  const [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  const board = await officer.get("/");
  return { reporter, form, receipt, id: /id="case-(\d+)"/.exec(board.text)[1] };
}

export async function notes(adem) {
  const officer = await signedIn(adem, "Sari Wulandari"), { id } = await aCase(adem, officer, "catatan dua kali");
  const address = `/cases/${id}`, page = (await officer.get(address)).text;
  const form = { action: "note", text: "Sudah bicara dengan warung", form_key: keyOf(page, `${address}/notes`) };
  const answers = await atOnce(adem, officer, 8, `${address}/notes`, form);
  for (const answer of answers) equal(answer.status, 303, `a note: ${answer.text}`);
  equal(new Set(answers.map(answer => answer.location)).size, 1, "where the answers lead");
  equal(count((await officer.get(address)).text, form.text), 1, "notes");

  const other = await officer.post(`${address}/notes`, { ...form, text: "Sesuatu yang lain" });
  equal(other.status, 409, "the same form with another text");
  holds(other.text, "Sesuatu yang lain", "the page of the refusal");
  lacks((await officer.get(address)).text, "Sesuatu yang lain", "the case");

  const colleague = await signedIn(adem, "Bima Pratama");
  await colleague.get(address);
  equal((await colleague.post(`${address}/notes`, form)).status, 303, "somebody else under the same key");
  equal(count((await officer.get(address)).text, form.text), 2, "notes of two people");
}

export async function answers(adem) {
  const officer = await signedIn(adem, "Sari Wulandari"), { id } = await aCase(adem, officer, "jawaban dua kali");
  const page = (await officer.get(`/cases/${id}`)).text, [, alert] = /action="\/alerts\/(\d+)\/answers"/.exec(page);
  const form = { answer: "seen", form_key: keyOf(page, `/alerts/${alert}/answers`) };
  for (const answer of await atOnce(adem, officer, 6, `/alerts/${alert}/answers`, form)) equal(answer.status, 303, `an answer: ${answer.text}`);
  const rows = adem.sql(`SELECT count(*) FROM alert_answers WHERE alert_id = ${alert}`);
  if (rows !== undefined) equal(Number(/\d+/.exec(rows)[0]), 1, "answers");
}

export async function reports(adem) {
  const officer = await signedIn(adem, "Sari Wulandari"), { reporter, form, receipt } = await aCase(adem, officer, "laporan dua kali");
  for (const answer of await atOnce(adem, reporter, 4, "/reports", form)) {
    equal(answer.status, 200, "the same report");
    holds(answer.text, receipt, "the page of the receipt");
  }
  const other = await reporter.post("/reports", { ...form, text: "isi yang lain" });
  equal(other.status, 409, "another text under the same key");
  holds(other.text, "isi yang lain", "the page of the refusal");

  // A program without the form's key: its token says which report it was, and stands for no other.
  const { form_key: _, ...bare } = form, machine = new Person(adem);
  equal((await machine.json("POST", "/reports", bare)).data.receipt, receipt, "the receipt of the same report");
  for (const [field, value] of [["place", "31.71.08.1002.007"], ["text", "isi yang lain"], ["contact", "warung"], ["level", "ambang"], ["trigger", "blades"]]) {
    const swallowed = await machine.json("POST", "/reports", { ...bare, [field]: value });
    equal(swallowed.status, 409, `a report with another ${field} under the same token`);
    lacks(swallowed.text, receipt, "the refusal");
  }

  const thread = await reporter.follow("POST", "/receipts", { receipt });
  const said = { receipt, text: "Sudah bubar sebagian", form_key: keyOf(thread.text, "/receipts/messages") };
  for (const answer of await atOnce(adem, reporter, 6, "/receipts/messages", said)) {
    equal(answer.status, 200, "a message");
    equal(count(answer.text.replace(/<input type="hidden"[^>]*>/g, ""), said.text), 1, "the message in the thread");
  }
  const second = await aCase(adem, officer, "ditarik lagi");
  equal((await second.reporter.follow("POST", "/receipts/withdraw", { receipt: second.receipt })).status, 200, "taking the text back");
  const { form_key: __, ...withdrawn } = second.form;
  equal((await machine.json("POST", "/reports", withdrawn)).status, 409, "the same report after its text was taken back");
  adem.shift(11 * 60000);
  const late = await reporter.post("/reports", form);
  equal(late.status, 409, "the same report after eleven minutes");
  lacks(late.text, receipt, "the page then");
  adem.shift(0);
}
