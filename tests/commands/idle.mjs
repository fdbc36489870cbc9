// What the program does while nothing happens: each process leaves its wait at most twice a second.
import { readFileSync, readdirSync } from "node:fs";
import { Adem, databases, test, until } from "../lib/adem.mjs";

const WINDOW_S = 10, WINDOWS = 6, WAKES_A_SECOND = 2;

const field = (pid, name) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];

// The supervisor and its children: name and how often each has gone to wait.
function processes(supervisor) {
  const found = new Map();
  for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    try {
      if (Number(pid) === supervisor || Number(field(pid, "PPid")) === supervisor)
        found.set(pid, { name: field(pid, "Name"), waits: Number(field(pid, "voluntary_ctxt_switches")) });
    } catch (e) {
      if (e.code !== "ENOENT" && e.code !== "ESRCH") throw e; // ended meanwhile
    }
  }
  return found;
}

for (const kind of databases) {
  await test(`idle ${kind}: no process wakes more than ${WAKES_A_SECOND} times a second`, async () => {
    const adem = await new Adem(kind, { "rehearsal-clock": "" }).start();
    try {
      await (await fetch(`${adem.url}/`)).text(); // a reading transaction, whose end PostgreSQL answers late
      // The job worker makes its rounds after the pages are there; they are no idling.
      await until(() => adem.sql("SELECT count(*) FROM jobs WHERE kind = 'tokens_forget'").trim() === "1", "the last of the rounds");
      // Going to wait for the disk or for memory counts as well, which other tests beside this one bring about: the quietest window says it.
      let busy;
      for (let i = 0; i < WINDOWS && busy?.length !== 0; i++) {
        const before = processes(adem.child.pid);
        if (![...before.values()].some(p => p.name === "adem-jobs")) throw new Error("no job worker is seen");
        await new Promise(done => setTimeout(done, WINDOW_S * 1000));
        busy = [...processes(adem.child.pid)].map(([pid, p]) => ({ ...p, waits: p.waits - (before.get(pid)?.waits ?? 0) }))
          .filter(p => p.waits > WINDOW_S * WAKES_A_SECOND);
      }
      if (busy.length) throw new Error(busy.map(p => `${p.name} ${p.waits} times in ${WINDOW_S} s`).join(", "));
    } finally {
      await adem.remove();
    }
  });
}
