// Kills the whole process tree again and again while reports come in from many senders at once. Every receipt that was shown
// must open afterwards, and "adem check" must find nothing.
import { Adem, Person, databases, equal, finish, holds, test } from "../lib/adem.mjs";

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
finish();
