// Kills the whole process tree again and again while reports come in from many senders at once. Every receipt that was shown
// must open afterwards, and "adem check" must find nothing.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, finish, holds, root, test } from "../lib/adem.mjs";

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
    holds(adem.run("check"), "all is well", "adem check");
    console.log(`# ${kind}: ${receipts.length} receipts`);
    await adem.remove();
  });
}

// The database server goes and comes back under load: requests fail with 503, nothing that was promised is lost, and the program
// recovers by itself.
if (process.env.ADEM_TEST_POSTGRES)
  await test("crash postgres: the server is restarted under load", async () => {
    const adem = await new Adem("postgres").start();
    const receipts = [], refused = [];
    const state = { over: false };
    const load = Array.from({ length: senders }, async () => {
      const somebody = new Person(adem);
      while (!state.over) {
        const answer = await somebody.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "beban" });
        if (answer.status === 201) receipts.push(answer.data.receipt);
        else refused.push(answer.status);
        state.wake?.();
      }
    });
    const after = count => new Promise(done => { state.wake = () => receipts.length >= count && done(); });
    await after(50);
    equal(spawnSync("sh", [`${root}/script/postgres`, "restart"]).status, 0, "the restart");
    await after(receipts.length + 50);
    state.over = true;
    await Promise.all(load);
    if (refused.some(status => status !== 503)) throw new Error(`refused with ${refused}:\n${readFileSync(adem.log, "utf8")}`);
    const reader = new Person(adem);
    for (const receipt of receipts) equal((await reader.json("POST", "/receipts", { receipt })).status, 200, receipt.slice(0, 4));
    equal((await reader.get("/healthz")).status, 200, "healthz");
    console.log(`# ${receipts.length} receipts, ${refused.length} times 503`);
    await adem.remove();
  });
finish();
