// Kills the whole process tree again and again while reports come in from many senders at once. Every receipt that was shown
// must open afterwards, and "adem check" must find nothing.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, finish, holds, root, test, until } from "../lib/adem.mjs";

const rounds = Number(process.env.ADEM_CRASH_ROUNDS || 50);
const senders = 8;

async function send(adem, receipts, state) {
  const somebody = new Person(adem);
  while (!state.over) {
    try {
      const answer = await somebody.json("POST", "/reports",
        { level: "nyata", place: "31.71.08.1002.008", text: `round ${state.round}` });
      if (answer.status === 201) {
        receipts.push(answer.data.receipt);
        state.taken++;
        state.wake?.();
      }
    } catch {
      return; // the connection was cut: nothing was shown, so nothing was promised
    }
  }
}

for (const kind of databases) {
  await test(`crash ${kind}: ${rounds} kills lose no receipt`, async () => {
    const adem = await new Adem(kind).start();
    const receipts = [];
    for (let round = 0; round < rounds; round++) {
      const state = { round, taken: 0, over: false };
      const enough = new Promise(done => { state.wake = () => state.taken >= 5 + round % 17 && done(); });
      const all = Array.from({ length: senders }, () => send(adem, receipts, state));
      await enough;
      await adem.kill();
      state.over = true;
      await Promise.all(all);
      await adem.start();
    }
    const reader = new Person(adem);
    for (const receipt of receipts) equal((await reader.json("POST", "/receipts", { receipt })).status, 200, receipt.slice(0, 4));
    holds(adem.run("check", "--thorough"), "all is well", "adem check");
    console.log(`# ${kind}: ${receipts.length} receipts`);
    await adem.remove();
  });
}

// The database server goes and comes back under load: requests fail with 503 and keep what was typed, nothing that was promised is
// lost, and the program recovers by itself.
const postgres = (...words) => equal(spawnSync("sh", [`${root}/script/postgres`, ...words]).status, 0, `script/postgres ${words}`);

class Load {
  constructor(adem) {
    Object.assign(this, { adem, receipts: [], refused: [], wrong: [], over: false, wake: () => {} });
    this.all = Array.from({ length: senders }, (_, i) => this.send(i % 2 === 0));
  }

  // By a program, or by a browser without script.
  async send(machine) {
    const somebody = new Person(this.adem);
    for (let n = 0; !this.over; n++) {
      const form = { level: "nyata", place: "31.71.08.1002.008", text: `beban ${n}`, contact: "warung biru" };
      let answer = await (machine ? somebody.json("POST", "/reports", form) : somebody.post("/reports", form));
      // What is stored leads to its receipt, which can be loaded again when the database is back.
      const at = answer.status === 303 && answer.location;
      while (at && answer.status !== 200 && !this.over) answer = await somebody.get(at);
      if (at && answer.status !== 200) return;
      const receipt = /"receipt":"([0-9A-Z-]{24})"|id="receipt">([0-9A-Z-]{24})</.exec(answer.text);
      if (receipt) this.receipts.push(receipt[1] ?? receipt[2]);
      else this.refuse(machine, form, answer);
      this.wake();
    }
  }

  refuse(machine, { text, contact }, { status, headers, text: page }) {
    this.refused.push(status);
    const kept = machine ? JSON.parse(page).error.code === "busy" : page.includes(text) && page.includes(contact);
    if (status !== 503 || !headers.get("retry-after") || !kept) this.wrong.push(`${status} ${page.slice(0, 1500)}`);
  }

  until(check) {
    return new Promise(done => {
      this.wake = () => check() && done();
      this.wake();
    });
  }

  async end() {
    this.over = true;
    await Promise.all(this.all);
  }
}

if (process.env.ADEM_TEST_POSTGRES)
  for (const mode of ["immediate", "fast"])
    await test(`crash postgres: the server is away for a while (${mode}) under load`, async () => {
      const adem = await new Adem("postgres").start(), load = new Load(adem), reader = new Person(adem);
      const more = count => load.until(() => load.receipts.length >= count);
      await more(50);
      postgres("halt", mode);
      await load.until(() => load.refused.length >= 4 * senders);
      equal((await reader.get("/healthz")).status, 200, "healthz while it is away");
      await until(async () => (await reader.get("/readyz")).status === 503, "readyz says 503");
      equal((await reader.get("/reports/new")).status, 503, "a page while it is away");
      postgres("resume");
      await more(load.receipts.length + 50);
      await load.end();
      if (load.wrong.length) throw new Error(`${load.wrong.length} wrong refusals, the first: ${load.wrong[0]}\n${readFileSync(adem.log, "utf8").slice(0, 4000)}`);
      for (const receipt of load.receipts) equal((await reader.json("POST", "/receipts", { receipt })).status, 200, receipt.slice(0, 4));
      await until(async () => (await reader.get("/readyz")).status === 200, "readyz says 200", 60);
      holds(adem.run("check", "--thorough"), "all is well", "adem check");
      console.log(`# ${mode}: ${load.receipts.length} receipts, ${load.refused.length} times 503`);
      await adem.remove();
    });
finish();
