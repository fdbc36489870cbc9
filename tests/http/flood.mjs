// Honest reporters get through while somebody floods. Everything comes from this machine, which is a trusted proxy here: where a
// request comes from is said by X-Forwarded-For. What is asserted are counts, never times.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Adem, Person, equal } from "../lib/adem.mjs";

const place = "31.71.08.1002.008", otherPlace = "31.71.08.1002.007";
const bits = 6;
// Rates that no honest test of a few seconds meets; each test narrows the one that it is about.
const wide = { "proof-of-work-bits": bits, "reports-per-minute": 1000000, "worker-reports-per-minute": 1000000, "place-reports-per-minute": 1000000 };

const from = address => ({ accept: "application/json", "x-forwarded-for": address });

function solve(token, wanted) {
  for (let n = 0; ; n++) {
    const hash = createHash("sha256").update(token + n).digest();
    if (hash.readUInt32BE(0) >>> (32 - wanted) === 0) return String(n);
  }
}

class Sender {
  constructor(adem, address) {
    Object.assign(this, { somebody: new Person(adem), address });
  }

  async token() {
    const answer = await this.somebody.get("/reports/proof", from(this.address));
    equal(answer.status, 200, "a token");
    return JSON.parse(answer.text);
  }

  send(form) {
    return this.somebody.follow("POST", "/reports", { level: "nyata", place, ...form }, from(this.address));
  }

  // As report.js does it.
  async report(where = place) {
    const { token, bits: wanted } = await this.token();
    return this.send({ place: where, proof_token: token, proof_answer: solve(token, wanted) });
  }
}

const count = (answers, status) => answers.filter(answer => answer.status === status).length;
const several = (n, one) => Promise.all(Array.from({ length: n }, (_, i) => one(i)));

// RUN with a program of its own.
async function alone(kind, settings, run) {
  const adem = await new Adem(kind, { ...wide, ...settings }).start();
  try {
    await run(adem);
  } finally {
    await adem.remove();
  }
}

// What is empty, or not worked for, counts against nobody.
export const emptyPosts = kind => alone(kind, { "reports-per-minute": 60, "place-reports-per-minute": 60 }, async adem => {
  const flooder = new Sender(adem, "203.0.113.66"), honest = new Sender(adem, "198.51.100.7");
  let over = false, refused = 0;
  const flood = several(8, async i => {
    while (!over) {
      const answer = await flooder.send([{ level: "" }, {}, { proof_token: "x".repeat(56) }, { proof_answer: "0" }][i % 4]);
      equal(answer.status, 422, `an empty post: ${answer.text}`);
      refused++;
    }
  });
  const taken = [];
  while (taken.length < 5 || refused < 400) taken.push(await (taken.length < 5 ? honest.report() : honest.token()));
  over = true;
  await flood;
  equal(count(taken.slice(0, 5), 201), 5, "honest reports taken");
});

// Tokens that are collected for the time when they may pass without work: soon too old, and few of them pass.
export const hoardedTokens = kind => alone(kind, { "waited-reports-per-minute": 60 }, async adem => {
  const flooder = new Sender(adem, "203.0.113.66"), honest = new Sender(adem, "198.51.100.7");
  const hoard = () => several(100, async () => (await flooder.token()).token);
  const spend = tokens => Promise.all(tokens.map(token => flooder.send({ proof_token: token })));
  const first = await hoard();
  equal(count(await spend(first), 422), 100, "sent at once");
  adem.shift(31000);
  const passed = count(await spend(first), 201);
  if (passed < 1 || passed > 30) throw new Error(`${passed} of 100 hoarded tokens passed`);
  equal(count(await several(5, () => honest.report()), 201), 5, "honest reports taken");
  const second = await hoard();
  adem.shift(31000 + 15 * 60000 + 1000);
  equal(count(await spend(second), 422), 100, "sent after a quarter of an hour");
  equal((await honest.report()).status, 201, "an honest report");
});

// A flood that does its work fills one place; others have theirs, and there those of calm networks find room.
export const onePlace = kind => alone(kind, { "place-reports-per-minute": 60 }, async adem => {
  const flooder = new Sender(adem, "203.0.113.66"), honest = new Sender(adem, "198.51.100.7");
  await several(80, () => flooder.token());
  const flood = await several(40, () => flooder.report());
  if (count(flood, 503) < 1 || count(flood, 201) < 6) throw new Error(`${count(flood, 503)} refused, ${count(flood, 201)} taken`);
  equal(count(flood, 201) + count(flood, 503), 40, "answers");
  equal(count(await several(3, () => honest.report()), 201), 3, "honest reports from the same place");
  equal(count(await several(3, () => honest.report(otherPlace)), 201), 3, "honest reports from another place");
});

// A mobile network: all get through, with more and more work.
export const oneAddress = kind => alone(kind, {}, async adem => {
  const network = new Sender(adem, "203.0.113.7"), asked = [];
  for (let i = 0; i < 20; i++) {
    equal(count(await several(20, () => network.report()), 201), 20, "reports taken");
    asked.push((await network.token()).bits);
  }
  equal(asked[0], bits, "work at first");
  const last = await network.token();
  equal(last.bits, bits + 4, "work of a busy network");
  equal(last.wait_s, 30, "seconds to wait there instead");
  const elsewhere = await new Sender(adem, "198.51.100.7").token();
  equal(elsewhere.bits, bits, "work elsewhere");
  equal(elsewhere.wait_s, 10, "seconds to wait elsewhere");
});

// Who is no proxy of ours cannot choose where it comes from.
export const chosenAddresses = kind => alone(kind, { "trusted-proxies": "192.0.2.1" }, async adem => {
  await several(130, i => new Sender(adem, `203.0.${i}.7`).token());
  equal((await new Sender(adem, "198.51.100.7").token()).bits, bits + 2, "work, whatever is said");
});

// A writer holds the database: what is refused for its proof does not wait for it.
export const noLock = kind => alone(kind, {}, async adem => {
  const holder = spawn("sqlite3", ["-bail", "-cmd", ".timeout 10000", join(adem.data, "db/adem.db")], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise(done => holder.once("exit", done));
  try {
    const held = Promise.race([new Promise(done => holder.stdout.once("data", done)),
      ended.then(() => { throw new Error("sqlite3 did not get the lock"); })]);
    holder.stdin.write("BEGIN IMMEDIATE; SELECT 'held';\n");
    await held;
    const somebody = new Sender(adem, "203.0.113.66");
    equal((await somebody.send({ proof_token: "x".repeat(56) })).status, 422, "a forged proof");
    equal((await somebody.send({ level: "potensi", text: "" })).status, 422, "no text");
    const sure = await somebody.somebody.post("/reports", { level: "potensi", place, text: "ramai" });
    equal(sure.status, 303, "the page that names the readers");
    equal((await somebody.somebody.json("POST", "/receipts/messages", { receipt: "x", text: "y" })).status, 404, "no receipt");
    equal((await somebody.report()).status, 503, "what is written waits for the lock, and says so");
  } finally {
    holder.stdin.end("ROLLBACK;\n");
    await ended;
  }
});
