// What whoever watches the program from outside is told: alive, and able to do its work.
import { readFileSync, readdirSync } from "node:fs";
import { Adem, Person, databases, equal, holds, lacks, test, until } from "../lib/adem.mjs";

// The processes of that name below the supervisor.
const childrenOf = (adem, name) => readdirSync("/proc").filter(entry => /^\d+$/.test(entry)).map(Number).filter(pid => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return status.includes(`PPid:\t${adem.child.pid}\n`) && status.startsWith(`Name:\t${name}\n`);
  } catch {
    return false;
  }
});

function childOf(adem, name) {
  const [pid] = childrenOf(adem, name);
  if (!pid) throw new Error(`no ${name}`);
  return pid;
}

// The processes of that name below the supervisor that are in the middle of writing an embedded database.
const writers = (adem, name) => childrenOf(adem, name).filter(pid => readdirSync(`/proc/${pid}/fdinfo`).some(fd => {
  try { return /^lock:.*OFDLCK +ADVISORY +WRITE .* 1 1$/m.test(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8")); } catch { return false; }
}));

await test("ready sqlite: who is stopped while it writes is ended, and the next one writes", async () => {
  const adem = await new Adem("sqlite", { workers: 2 }).start();
  const report = level => new Person(adem).json("POST", "/reports", { level, trigger: "rumour", place: "31.71.08.1002.008", text: "ramai" });
  adem.sql(`CREATE TRIGGER slow BEFORE INSERT ON reports WHEN NEW.level = 'nyata' BEGIN
    SELECT count(*) FROM places a, places b, places c, places d, places e, places f, places g, places h; END`);
  const lost = report("nyata").then(answer => answer.status, () => "none");
  await until(() => writers(adem, "adem-web").length === 1, "a report is being written");
  process.kill(writers(adem, "adem-web")[0], "SIGSTOP");
  equal((await report("ambang")).status, 201, "a report meanwhile");
  equal(await lost, "none", "the answer to the one that was lost");
  const log = readFileSync(adem.log, "utf8");
  holds(log, "child_hangs name=adem-web", "the log");
  lacks(log, "the write lock was not free", "the log");
  await adem.remove();
});

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
    const stopped = [adem.child.pid, childOf(adem, "adem-jobs")]; // the supervisor would soon start another
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
    try {
      equal((await becomes(503, "503 while nobody works")).status, "jobs late", "status");
      equal((await ask("/healthz")).status, 200, "/healthz");
      holds(readFileSync(adem.log, "utf8"), "error", "the log");
      equal(/event=jobs_late oldest_due_s=\d+ why="[^"]+"\n/.test(readFileSync(adem.log, "utf8")), true, "the log's line of fields");
    } finally {
      for (const pid of stopped.reverse()) process.kill(pid, "SIGCONT");
    }
    equal((await becomes(200, "200 when somebody works again")).status, "ok", "status");
  });

  await test(`ready ${kind}: whoever hangs is killed and started again, and said once`, async () => {
    const names = ["adem-web", "adem-hash", "adem-jobs"], hung = names.map(name => childOf(adem, name));
    const log = () => readFileSync(adem.log, "utf8"), before = log().length;
    for (const pid of hung) process.kill(pid, "SIGSTOP");
    await until(() => names.every(name => log().slice(before).includes(`child_died name=${name}`)), "the end of all three", 90);
    for (const name of names)
      equal(log().slice(before).match(new RegExp(`child_hangs name=${name} late_ms=\\d+ why="it was stopped by a signal"\n`, "g")).length, 1, `lines about ${name}`);
    equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "a sign-in, with another hasher");
    await becomes(200, "200 with other processes");
  });

  if (kind === "sqlite") await test(`ready ${kind}: who was stopped as a whole goes on as it was`, async () => {
    const pids = ["adem-web", "adem-hash", "adem-jobs"].map(name => childOf(adem, name)), before = readFileSync(adem.log, "utf8").length;
    process.kill(-adem.child.pid, "SIGSTOP");
    await new Promise(done => setTimeout(done, 45000)); // longer than any of them may be silent
    process.kill(-adem.child.pid, "SIGCONT");
    await becomes(200, "200");
    lacks(readFileSync(adem.log, "utf8").slice(before), "child_hangs", "the log");
    for (const pid of pids) process.kill(pid, 0);
  });

  if (kind === "postgres")
    await test("ready postgres: connections that are swallowed are given up, and it recovers by itself", async () => {
      const pids = adem.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").trim().split("\n").map(Number);
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      try {
        await until(async () => {
          const answer = await fetch(`${adem.url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => ({}));
          return answer.status === 200;
        }, "200 by other connections", 150);
      } finally {
        for (const pid of pids) process.kill(pid, "SIGCONT");
      }
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

  await test(`ready ${kind}: a server ends when its database is brought to a newer step, which it does not know`, async () => {
    adem.sql("INSERT INTO migrations (number, what, hash, applied_ms) SELECT max(number) + 1, 'later', 'x', 1 FROM migrations");
    equal(await adem.ended, 1, "status");
    adem.child = null;
    holds(readFileSync(adem.log, "utf8"), "schema_moved", "the log");
    holds(readFileSync(adem.log, "utf8"), "use a newer one", "the log");
    equal(adem.fails("serve", "--listen", "127.0.0.1:0").status, 1, "the next start");
  });
  await adem.remove();
}

for (const kind of databases)
  await test(`ready ${kind}: a server without a region says so in the log and is not ready`, async () => {
    const adem = await new Adem(kind, {}, { demo: false }).start();
    const answer = await until(async () => {
      const got = await fetch(`${adem.url}/readyz`), data = await got.json();
      return data.status !== "starting" && { status: got.status, says: data.status };
    }, "the job worker has looked");
    equal(answer.status, 503, "/readyz");
    equal(answer.says, "no regions", "status");
    holds(readFileSync(adem.log, "utf8"), "event=no_region", "the log");
    await adem.remove();
  });
