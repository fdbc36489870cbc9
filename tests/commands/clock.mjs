// A clock that was wrong for a while: what it put off rings when it is right again, as if it had never been.
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, holds, test, until } from "../lib/adem.mjs";

const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

async function wrongClock(adem) {
  const warga = new Person(adem), sari = new Person(adem, "Sari Wulandari");
  await sari.signIn();
  const report = async place => (await warga.json("POST", "/reports", { level: "nyata", place, text: "" })).data.receipt;
  const thread = async receipt => (await warga.json("POST", "/receipts", { receipt })).data;
  const dueWithin = (receipt, from, to, what) => until(async () => {
    const { due_ms } = await thread(receipt);
    return due_ms >= from && due_ms <= to && due_ms;
  }, what, 60);
  // Rings by itself when its time has come, by a clock that is right.
  const goesOn = async (receipt, due, behind = 0) => {
    adem.shift(due - Date.now() + 2000);
    await until(async () => (await thread(receipt)).due_ms > due, "the next step", 60);
    adem.shift(behind);
  };

  for (const ahead of [3 * DAY, 40 * 365 * DAY]) {
    const receipt = await report(ahead === 3 * DAY ? "31.71.08.1002.007" : "31.71.08.1002.006");
    adem.shift(ahead);
    await dueWithin(receipt, Date.now() + ahead, Date.now() + ahead + HOUR, "a step by the wrong clock");
    adem.shift(0);
    const due = await dueWithin(receipt, Date.now(), Date.now() + 15 * MINUTE, "a step by the right clock");
    equal(adem.sql(`SELECT count(*) FROM alert_calls WHERE rung_ms > ${Date.now() + MINUTE}`).trim(), "0", "calls of the future");
    await goesOn(receipt, due);
  }
  await until(() => adem.sql(`SELECT count(*) FROM jobs WHERE done_ms IS NULL AND created_ms > ${Date.now() + 2 * MINUTE}`).trim() === "0", "that no job is of the future", 60);

  // A worker took a job by the wrong clock and died; another one failed then, and is to be tried again.
  const held = await report("31.71.08.1002.004"), later = Date.now() + 3 * DAY, { due_ms } = await thread(held);
  for (const set of [`lease_until_ms = ${later}`, `run_after_ms = ${later}, attempt = 1`]) {
    adem.sql(`UPDATE jobs SET ${set} WHERE done_ms IS NULL AND kind = 'alert_climb' AND run_after_ms = ${due_ms}`);
    await until(() => adem.sql(`SELECT count(*) FROM jobs WHERE done_ms IS NULL AND (lease_until_ms > ${Date.now() + DAY} OR run_after_ms > ${Date.now() + 2 * DAY})`).trim() === "0", "a job that can be taken", 60);
  }

  // Somebody asked to close by the wrong clock: whoever confirms has seven days from now, and not more.
  const kase = adem.sql("SELECT min(id) FROM cases WHERE state = 'open'").trim(), until_ms = later + 7 * DAY;
  adem.sql(`UPDATE cases SET state = 'closing', outcome = 'calmed', closing_by = (SELECT min(id) FROM accounts), closing_ms = ${later}, confirm_by_ms = ${until_ms} WHERE id = ${kase}`);
  adem.sql(`INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES ('31.71', 77, 'case_reopen', ${kase}, ${until_ms}, ${later})`);
  await until(() => {
    const [at, due] = ["SELECT confirm_by_ms FROM cases WHERE id = " + kase, "SELECT run_after_ms FROM jobs WHERE id = 77"].map(query => Number(adem.sql(query)));
    return at === due && Math.abs(at - Date.now() - 7 * DAY) < 5 * MINUTE;
  }, "the time to confirm by the right clock", 60);

  // Set back by two hours while a call is under way: it rings by what the clock says now.
  const receipt = await report("31.71.08.1002.005");
  adem.shift(-2 * HOUR);
  const due = await dueWithin(receipt, 0, Date.now() - 2 * HOUR + 3 * MINUTE, "a step by the clock that was set back");
  await goesOn(receipt, due, -2 * HOUR);
  adem.shift(0);
  holds(readFileSync(adem.log, "utf8"), "clock_went_back", "the log");
}

for (const kind of databases) {
  const adem = await new Adem(kind).start();
  await test(`clock ${kind}: what a wrong clock put off rings when it is right again`, () => wrongClock(adem));
  await adem.remove();
}
