// A PostgreSQL whose connections stay open and that says nothing: a host that hangs, a network that swallows. Nobody waits for it
// for long, and all goes on when it answers again.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Adem, Person, databases, equal, holds, root, test, until } from "../lib/adem.mjs";

// tests/lib/wire.mjs between the program and PostgreSQL.
class Wire {
  constructor(url) {
    const folder = decodeURIComponent(/[?&]host=([^&]*)/.exec(url)[1]);
    this.child = spawn(process.execPath, [join(root, "tests/lib/wire.mjs"), folder], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    return (await this.lines.next()).value;
  }

  async be(state) {
    this.child.stdin.write(`${state}\n`);
    equal(await this.line(), state, "the wire");
  }

  end() {
    this.child.stdin.end();
  }
}

async function throughWire(work) {
  const adem = await new Adem("postgres");
  const wire = new Wire(adem.settings.database), direct = adem.settings.database;
  adem.settings.database = `postgresql://adem@127.0.0.1:${await wire.line()}/${adem.database}`;
  await adem.start();
  try {
    await work(adem, wire);
  } finally {
    wire.end();
    adem.settings.database = direct;
    await adem.remove();
  }
}

const report = { level: "nyata", place: "31.71.08.1002.008", text: "ramai" };
const log = adem => readFileSync(adem.log, "utf8");
const asks = (adem, path) => fetch(adem.url + path, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(120000) });

if (databases.includes("postgres")) {
  await test("silent postgres: pages say so with 110 while nothing comes, and all goes on afterwards", () => throughWire(async (adem, wire) => {
    const warga = new Person(adem);
    equal((await warga.json("POST", "/reports", report)).status, 201, "a report before");
    await wire.be("silent");
    for (let i = 0; i < 4; i++) { // both workers, and whoever comes while nobody answers
      const answer = await asks(adem, "/");
      equal(answer.status, 503, "a page");
      holds(await answer.text(), "110", "the page");
    }
    equal((await asks(adem, "/healthz")).status, 200, "/healthz");
    equal((await asks(adem, "/readyz")).status, 503, "/readyz");
    holds(log(adem), "event=postgres_silent", "the log");
    await wire.be("open");
    await until(async () => (await asks(adem, "/readyz")).status === 200, "ready again", 60);
    equal((await warga.json("POST", "/reports", report)).status, 201, "a report afterwards");
    equal(log(adem).includes("child_hangs"), false, "somebody had to be killed");
  }));

  await test("silent postgres: a session that hears nothing is left for another one", () => throughWire(async (adem, wire) => {
    const warga = new Person(adem);
    equal((await warga.get("/")).status, 200, "a page before");
    await wire.be("stuck");
    await until(async () => (await warga.json("POST", "/reports", report)).status === 201, "a report by other sessions", 120);
    holds(log(adem), "event=postgres_silent", "the log");
  }));

  await test("silent postgres: one that only reads takes nothing in, says 110, and is written to again by itself", async () => {
    const adem = await new Adem("postgres").start(), warga = new Person(adem);
    const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    adem.sql(`ALTER DATABASE ${adem.database} SET default_transaction_read_only = on`);
    adem.sql(end);
    const refused = await warga.ask("POST", "/reports", report);
    equal(refused.status, 503, "a report");
    holds(refused.text, "110", "what it says");
    equal((await asks(adem, "/readyz")).status, 503, "/readyz");
    holds(adem.fails("check").stdout, "nothing can be written", "check");
    adem.sql(`SET transaction_read_only = off; ALTER DATABASE ${adem.database} RESET default_transaction_read_only`);
    await until(async () => (await warga.json("POST", "/reports", report)).status === 201, "a report afterwards");
    await until(async () => (await asks(adem, "/readyz")).status === 200, "ready again");
    await adem.remove();
  });

  // A host that is frozen in the middle of a transaction holds its locks until the server ends that.
  await test("silent postgres: what another host holds is waited for briefly, and no transaction of ours holds it for long", async () => {
    const adem = await new Adem("postgres").start();
    adem.sql("CREATE TABLE limits (wait text, idle text)");
    adem.sql(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO limits VALUES (current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')); RETURN NEW; END $$`);
    adem.sql("CREATE TRIGGER note BEFORE INSERT ON reports FOR EACH ROW EXECUTE FUNCTION note()");
    equal((await new Person(adem).json("POST", "/reports", report)).status, 201, "a report");
    equal(adem.sql("SELECT DISTINCT wait || ' ' || idle FROM limits").trim(), "2s 5s", "how long a report's transaction waits, and may be idle");
    const holder = spawn("psql", ["-X", "-q", adem.settings.database, "-c", "BEGIN; SELECT id FROM places FOR UPDATE; SELECT pg_sleep(600)"], { stdio: "ignore" });
    const held = () => adem.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").trim();
    await until(held, "somebody holds the places");
    const refused = await new Person(adem).ask("POST", "/reports", report);
    equal(refused.status, 503, "a report meanwhile");
    holds(refused.text, "110", "what it says");
    adem.sql(`SELECT pg_terminate_backend(${held()})`);
    await until(async () => (await new Person(adem).json("POST", "/reports", report)).status === 201, "a report afterwards");
    await new Promise(done => holder.exitCode === null ? holder.once("exit", done) : done());
    await adem.remove();
  });

  // The work of all neighbourhoods is done by one worker, in turn.
  await test("silent postgres: a call whose row is held waits by itself: others climb meanwhile, and it climbs when it is free", async () => {
    const adem = await new Adem("postgres").start(), warga = new Person(adem);
    for (const place of ["31.71.08.1002.008", "31.71.08.1004"])
      equal((await warga.json("POST", "/reports", { ...report, place })).status, 201, "a report");
    const [held, other] = adem.sql("SELECT id FROM alerts ORDER BY raised_ms, id").trim().split("\n");
    const step = id => Number(adem.sql(`SELECT step FROM alerts WHERE id = ${id}`)), before = [step(held), step(other)];
    const waits = () => log(adem).split("event=job_waits").length - 1;
    adem.sql(`CREATE TABLE limits (wait text);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO limits VALUES (current_setting('lock_timeout')); RETURN NEW; END $$;
      CREATE TRIGGER note BEFORE UPDATE ON alerts FOR EACH ROW WHEN (NEW.id = ${other}) EXECUTE FUNCTION note()`);
    const holder = spawn("psql", ["-X", "-q", adem.settings.database, "-c",
      `BEGIN; UPDATE alerts SET turn = turn WHERE id = ${held}; SELECT pg_sleep(600)`], { stdio: "ignore" });
    const holds = () => adem.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").trim();
    await until(holds, "somebody holds the first call's row");
    adem.shift(10 * 60000);
    await until(() => step(other) > before[1], "the other call climbs");
    equal(adem.sql("SELECT DISTINCT wait FROM limits").trim(), "200ms", "how long a job waits for a row");
    for (let i = 1; i <= 10; i++) { // more often than a job may fail
      await until(() => waits() >= i, `it is tried ${i} times`);
      adem.shift(10 * 60000 + i * 2000);
    }
    equal(step(held), before[0], "the step of the call that is held");
    equal(adem.sql(`SELECT count(*) FROM jobs WHERE kind = 'alert_climb' AND done_ms IS NULL AND attempt > 1`).trim(), "0", "attempts counted");
    equal(/event=(job_failed|region_away)/.test(log(adem)), false, "that a row is held is no failure");
    adem.sql(`SELECT pg_terminate_backend(${holds()})`);
    adem.shift(11 * 60000);
    await until(() => step(held) > before[0], "it climbs when it is free");
    await new Promise(done => holder.exitCode === null ? holder.once("exit", done) : done());
    await adem.remove();
  });

  await test("silent postgres: a statement that the server works at is waited for", async () => {
    const adem = await new Adem("postgres");
    adem.sql(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); RETURN NEW; END $$`);
    adem.sql("CREATE TRIGGER slow BEFORE INSERT ON reports FOR EACH ROW EXECUTE FUNCTION slow()");
    await adem.start();
    equal((await new Person(adem).json("POST", "/reports", report)).status, 201, "a slow report");
    equal(log(adem).includes("postgres_silent"), false, "the server was taken for silent");
    await adem.remove();
  });
}
