// What whoever watches the program from outside is told: alive, and able to do its work.
import { readFileSync, readdirSync } from "node:fs";
import { Adem, databases, equal, holds, test, until } from "../lib/adem.mjs";

// The process of that name below the supervisor.
function childOf(adem, name) {
  for (const pid of readdirSync("/proc").filter(entry => /^\d+$/.test(entry))) {
    let status = "";
    try { status = readFileSync(`/proc/${pid}/status`, "utf8"); } catch { continue; }
    if (status.includes(`PPid:\t${adem.child.pid}\n`) && status.startsWith(`Name:\t${name}\n`)) return Number(pid);
  }
  throw new Error(`no ${name}`);
}

for (const kind of databases) {
  const adem = await new Adem(kind).start();
  const ask = async path => {
    const answer = await fetch(adem.url + path);
    return { status: answer.status, data: await answer.json() };
  };
  const becomes = (status, what) => until(async () => {
    const answer = await ask("/readyz");
    return answer.status === status && answer.data;
  }, what, 60);

  await test(`ready ${kind}: a program at work is alive and ready`, async () => {
    equal((await ask("/healthz")).status, 200, "/healthz");
    const data = await becomes(200, "200");
    equal(data.status, "ok", "status");
    equal(data.regions, 1, "regions");
    equal(data.regions_away, 0, "regions away");
    equal(adem.sql("SELECT count(*) FROM pulses WHERE region = '31.71'").trim(), "1", "writes");
  });

  await test(`ready ${kind}: a stopped job worker shows, as an error in the log, too`, async () => {
    const jobs = childOf(adem, "adem-jobs");
    process.kill(jobs, "SIGSTOP");
    try {
      adem.sql("INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES ('31.71', 9, 'jobs_sweep', 0, 1000, 1000)");
      equal((await becomes(503, "503 while nobody works")).status, "jobs late", "status");
      equal((await ask("/healthz")).status, 200, "/healthz");
      holds(readFileSync(adem.log, "utf8"), "error", "the log");
      holds(readFileSync(adem.log, "utf8"), "jobs_late", "the log");
    } finally {
      process.kill(jobs, "SIGCONT");
    }
    equal((await becomes(200, "200 when somebody works again")).status, "ok", "status");
  });

  await test(`ready ${kind}: a database that takes no writes shows`, async () => {
    adem.sql("ALTER TABLE pulses RENAME TO pulses_away");
    try {
      equal((await becomes(503, "503 without writes")).status, "no writes", "status");
      holds(readFileSync(adem.log, "utf8"), "not_ready", "the log");
    } finally {
      adem.sql("ALTER TABLE pulses_away RENAME TO pulses");
    }
    await becomes(200, "200 with writes");
  });
  await adem.remove();
}
