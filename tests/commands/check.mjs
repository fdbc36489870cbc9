// What "adem check" finds of calls that would stand still and of a clock that cannot be right, and what of it mends itself.
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, holds, lacks, test, until } from "../lib/adem.mjs";

const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function finds(adem, piece) {
  const done = adem.fails("check");
  equal(done.status, 1, "status");
  holds(done.stdout, piece, "check");
}

const log = adem => readFileSync(adem.log, "utf8");
const one = (adem, query) => Number(adem.sql(query));
const report = async (adem, place) => equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place, text: "" })).status, 201, "a report");
const calls = "SELECT count(*) FROM alerts WHERE ended_ms IS NULL";
// Open calls whose deadline has a job of its own.
const moved = `${calls} AND EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'alert_climb' AND j.subject_id = alerts.id AND j.done_ms IS NULL AND j.attempt < 8
  AND j.run_after_ms <= alerts.next_ms)`;

let round = 70;
const watch = adem => adem.sql(`INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES ('31.71', ${++round}, 'alert_wake', 0, 1, 1)`);

async function mendsCalls(adem) {
  await report(adem, "31.71.08.1002.007");
  await report(adem, "31.71.08.1002.006");
  holds(adem.run("check"), "0 open calls that no job will move in time", "check");
  await adem.stop();
  adem.sql("DELETE FROM jobs WHERE kind = 'alert_climb' AND subject_id = (SELECT max(id) FROM alerts)");
  adem.sql("UPDATE jobs SET attempt = 8 WHERE kind = 'alert_climb' AND subject_id = (SELECT min(id) FROM alerts)");
  finds(adem, "2 open calls that no job will move in time");
  finds(adem, "1 of them urgent");
  adem.sql("DELETE FROM jobs WHERE attempt = 8");
  await adem.start();
  await until(() => one(adem, moved) === 2, "that both calls have a job, when a worker begins");
  holds(log(adem), "event=alerts_stuck", "the log");
  holds(adem.run("check"), "0 open calls that no job will move in time", "check");

  adem.sql("DELETE FROM jobs WHERE kind = 'alert_climb'");
  watch(adem);
  await until(() => one(adem, moved) === 2, "that both have one again, by the watch over them");
  equal(one(adem, `SELECT max(run_after_ms) FROM jobs WHERE kind = 'alert_wake'`) < Date.now() + 5 * MINUTE, true, "the watch comes every five minutes");

  // A deadline that is further ahead than any.
  await adem.stop();
  adem.sql(`UPDATE alerts SET next_ms = next_ms + ${1000 * DAY} WHERE id = (SELECT max(id) FROM alerts)`);
  const rings = one(adem, "SELECT step * 1000 + rings FROM alerts ORDER BY id DESC LIMIT 1");
  finds(adem, "1 open calls that no job will move in time");
  await adem.start();
  await until(() => one(adem, "SELECT step * 1000 + rings FROM alerts ORDER BY id DESC LIMIT 1") > rings, "that it rings on");
  holds(adem.run("check"), "all is well", "check");
}

async function missesDuty(adem) {
  adem.sql("UPDATE duties SET ended_ms = 1 WHERE ended_ms IS NULL");
  finds(adem, "0 on duty now: calls reach only who looks at a board");
  adem.sql("UPDATE duties SET ended_ms = NULL WHERE ended_ms = 1");
  lacks(adem.run("check"), "0 on duty", "check");
}

async function seesTheClock(adem) {
  lacks(adem.run("check"), "in the future", "check");
  adem.shift(3 * DAY);
  await report(adem, "31.71.08.1002.005");
  await until(() => one(adem, "SELECT max(looked_ms) FROM clocks") > Date.now() + 2 * DAY, "that the jump was seen");
  adem.shift(0);
  await until(() => one(adem, "SELECT max(looked_ms) FROM clocks") < Date.now() + MINUTE, "that it was seen to go back");
  const said = adem.run("check");
  for (const table of ["alerts", "cases", "reports"]) holds(said, `1 rows of ${table} were made in the future`, "check");
  holds(said, "all is well", "check: what only time mends is no problem");

  await adem.stop();
  const begins = async (by, event) => {
    const before = log(adem).length;
    adem.shift(by);
    await adem.start();
    await until(() => log(adem).slice(before).includes(`event=${event}`), event);
    equal(/level=(\w+)/.exec(log(adem).slice(before).split("\n").find(line => line.includes(`event=${event}`)))[1], "warn", "level");
    await adem.stop();
  };
  await begins(0, "clock_behind");
  adem.shift(-2 * HOUR);
  finds(adem, "Adem last ran in what is now the future");
  await begins(3 * DAY + 2 * HOUR, "clock_after_pause");
}

for (const kind of databases) {
  const adem = await new Adem(kind).start();
  await test(`check ${kind}: nobody on duty anywhere is found`, () => missesDuty(adem));
  await test(`check ${kind}: a call that no job will move is found, and gets one when a worker begins and within minutes`, () => mendsCalls(adem));
  await test(`check ${kind}: rows of the future are counted, and a clock that is behind is found, at the start too`, () => seesTheClock(adem));
  await adem.remove();
}
