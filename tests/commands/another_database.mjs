// Another Adem's PostgreSQL database takes the name of ours while we run: a wrong copy that was put back. Connections that are made
// again must notice, as a start does.
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, holds, lacks, test, until } from "../lib/adem.mjs";

const report = { level: "nyata", place: "31.71.08.1002.008", text: "ramai" };
const log = adem => readFileSync(adem.log, "utf8");
const ready = async adem => (await fetch(`${adem.url}/readyz`)).status;

// Renames databases, [from, to] each, whose sessions end. ADMIN is an Adem of which only the server is used.
function rename(admin, ...pairs) {
  for (const [from, to] of pairs) {
    admin.sql(`ALTER DATABASE ${from} ALLOW_CONNECTIONS false`);
    admin.sql(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${from}'`);
    admin.sql(`ALTER DATABASE ${from} RENAME TO ${to}`);
  }
  for (const [, to] of pairs) admin.sql(`ALTER DATABASE ${to} ALLOW_CONNECTIONS true`);
}

if (databases.includes("postgres")) {
  await test("another database: one with another pepper under the same name is neither read nor written to, until the right one is back", async () => {
    const adem = await new Adem("postgres").start(), other = new Adem("postgres"), admin = new Adem("postgres", {}, { demo: false });
    const ours = adem.database, theirs = other.database, warga = new Person(adem);
    equal((await warga.json("POST", "/reports", report)).status, 201, "a report before");
    rename(admin, [ours, `${ours}_away`], [theirs, ours]);
    try {
      const refused = async () => {
        const answer = await warga.post("/reports", { ...report, trigger: "rumour", sure: 1 });
        equal(answer.status, 503, "a report meanwhile");
        holds(answer.text, "110", "the refusal");
      };
      const met = () => log(adem).split("level=error process=adem-web event=another_database").length > 4;
      await until(async () => (await refused(), met()), "workers that met the other database, again and again");
      holds((await warga.json("POST", "/reports", report)).data.error.message, "110", "the refusal as JSON");
      await until(async () => await ready(adem) === 503, "503 of /readyz");
      holds(log(adem), "its pepper differs", "the log");
      equal(adem.sql("SELECT count(*) FROM reports").trim(), "0", "reports in the other's");
      lacks(log(adem), "schema_moved", "the log");
    } finally {
      rename(admin, [ours, theirs], [`${ours}_away`, ours]);
    }
    await until(async () => await ready(adem) === 200, "200 of /readyz");
    equal((await warga.json("POST", "/reports", report)).status, 201, "a report afterwards");
    for (const each of [adem, other, admin]) await each.remove();
  });

  await test("another database: one at another step is refused by a connection that is made again, and the program ends", async () => {
    const adem = await new Adem("postgres").start();
    adem.sql("INSERT INTO migrations (number, what, hash, applied_ms) SELECT max(number) + 1, 'later', 'x', 1 FROM migrations");
    adem.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    equal((await new Person(adem).json("POST", "/reports", report)).status, 503, "a report");
    equal(await adem.ended, 1, "status of the program");
    adem.child = null;
    holds(log(adem), "its schema differs", "the log");
    holds(log(adem), "schema_moved", "the log");
    await adem.remove();
  });
}
