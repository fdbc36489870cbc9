// The page of a case offers what would be accepted, and nothing else, and the board nothing else: every answer is given by everybody in every state of a call.
import { Person, equal, signedIn } from "../lib/adem.mjs";

const answers = ["seen", "mine", "on_the_way", "there", "calm", "false_alarm", "helping", "accepted", "refused"];
const officer = "Sari Wulandari", colleague = "Bima Pratama", desk = "Dimas Nugroho", command = "Agung Wibisono", call110 = "Citra Anggraini", head = "Hasan Basri";

// How a call comes into each state: who says what, one after the other, or that the reporter writes, and how long after the one before.
const states = {
  "nobody has answered": [],
  "seen by its post": [[officer, { answer: "seen" }]],
  "taken": [[officer, { answer: "mine" }]],
  "somebody helps": [[officer, { answer: "mine" }], [desk, { answer: "helping" }]],
  "on the way": [[officer, { answer: "mine" }], [officer, { answer: "on_the_way" }]],
  "just arrived": [[officer, { answer: "mine" }], [officer, { answer: "there" }]],
  "there for three minutes": [[officer, { answer: "mine" }], [officer, { answer: "there" }], 180000],
  "one says that it is over": [[officer, { answer: "mine" }], [colleague, { answer: "calm" }]],
  "the desk says that it is over": [[officer, { answer: "mine" }], [desk, { answer: "calm" }]],
  "a false alarm, says the head": [[head, { answer: "false_alarm" }]],
  "being handed over": [[officer, { answer: "mine" }], [officer, { answer: "handed_over", to_post: "Polsek Johar Baru" }]],
  "ended": [[officer, { answer: "mine" }], [officer, { answer: "there" }], 180000, [officer, { answer: "calm" }]],
  "nobody has answered, and the reporter writes": ["message"],
  "taken, and the reporter writes": [[officer, { answer: "mine" }], "message"],
  "on the way, and the reporter writes": [[officer, { answer: "mine" }], [officer, { answer: "on_the_way" }], "message"],
  "there, and the reporter writes": [[officer, { answer: "mine" }], [officer, { answer: "there" }], 180000, "message"],
  "the desk says that it is over, and the reporter writes": [[officer, { answer: "mine" }], [desk, { answer: "calm" }], "message"],
  "ended, and the reporter writes": [[officer, { answer: "mine" }], [officer, { answer: "there" }], 180000, [officer, { answer: "calm" }], "message"],
};

const arrived = ["just arrived", "there for three minutes", "there, and the reporter writes"];

const newest = adem => adem.sql("SELECT case_id, id FROM alerts ORDER BY raised_ms DESC LIMIT 1").trim().split("|");

async function aCall(adem) {
  const made = await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008" });
  equal(made.status, 201, "a report");
  const [id, alert] = newest(adem);
  return { id, alert, receipt: made.data.receipt };
}

// The reporter writes: after the end it is another call.
async function message(adem, call) {
  const said = await new Person(adem).post("/receipts/messages", { receipt: call.receipt, text: "Mereka kembali" });
  equal(said.status, 303, "a message");
  [, call.alert] = newest(adem);
}

const turn = (adem, call) => Number(adem.sql(`SELECT turn FROM alerts WHERE id = ${call.alert}`).trim());
const formOf = (page, call) => new RegExp(`action="/alerts/${call.alert}/answers"[^]*?</form>`).exec(page)?.[0] ?? "";
const offered = (page, call) => new Set([...formOf(page, call).matchAll(/<button[^>]* name="answer" value="(\w+)"/g)].map(([, code]) => code));

async function answer(who, call, form) {
  const page = (await who.get(`/cases/${call.id}`)).text;
  const to_post = form.to_post && new RegExp(`<option value="(\\d+)"[^>]*>${form.to_post}<`).exec(page)[1];
  const [, seen] = /name="seen" value="(\d+)"/.exec(formOf(page, call)) ?? [];
  return who.post(`/alerts/${call.alert}/answers`, { ...form, ...(seen && { seen }), ...(to_post && { to_post }) });
}

async function undo(who, call, what) {
  const page = (await who.get(`/cases/${call.id}`)).text;
  const [, id] = new RegExp(`action="/alerts/${call.alert}/undo"[^]*?name="answer" value="(\\d+)"`).exec(page) || [];
  if (!id) throw new Error(`${what} cannot be taken back`);
  equal((await who.post(`/alerts/${call.alert}/undo`, { answer: id })).status, 303, `taking back: ${what}`);
}

// One person tries every answer; what changes something is taken back. Returns what the page offers wrongly or hides.
async function triesAll(adem, who, call, state) {
  const wrong = [], page = await who.get(`/cases/${call.id}`), shown = offered(page.text, call);
  if (page.status === 403) return [];
  equal(page.status, 200, `the case of ${who.name}`);
  const onBoard = offered((await who.get("/")).text, call);
  for (const code of answers) {
    const before = turn(adem, call), what = `${state}, ${who.name}, ${code}`;
    await answer(who, call, { answer: code });
    const accepted = turn(adem, call) !== before;
    if (accepted) await undo(who, call, what);
    if (onBoard.has(code) && !accepted) wrong.push(`${what}: offered on the board and refused`);
    // Whoever has arrived may say that they go on elsewhere; no button suggests it.
    if (accepted && code === "on_the_way" && arrived.includes(state)) continue;
    if (accepted !== shown.has(code)) wrong.push(`${what}: ${accepted ? "accepted and not offered" : "offered and refused"}`);
  }
  return wrong;
}

export async function sayWhatIsAccepted(adem) {
  const wrong = [];
  let now = 0, closable = 0;
  for (const [state, steps] of Object.entries(states)) {
    const people = new Map();
    for (const name of [officer, colleague, desk, command, call110, head]) people.set(name, await signedIn(adem, name));
    const call = await aCall(adem);
    for (const step of steps)
      if (typeof step === "number") adem.shift(now += step);
      else if (step === "message") await message(adem, call);
      else equal((await answer(people.get(step[0]), call, step[1])).status, 303, `${state}: ${step[0]} says ${step[1].answer}`);
    for (const who of people.values()) wrong.push(...await triesAll(adem, who, call, state));
    const asks = (await people.get(officer).get(`/cases/${call.id}`)).text.includes(`action="/cases/${call.id}/close"`);
    const asked = await people.get(officer).post(`/cases/${call.id}/close`, { outcome: "calmed" });
    if (asks !== (asked.status === 303)) wrong.push(`${state}: closing is ${asks ? "" : "not "}offered, and answers ${asked.status}`);
    closable += asks;
    adem.shift(now += 7 * 3600000); // the next report is another incident's
  }
  equal(wrong.join("\n"), "", "buttons that lie");
  equal(closable, 1, "states in which closing is offered");
}
