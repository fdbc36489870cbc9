// A clock that was wrong for a while: what it put off rings when it is right again, as if it had never been.
import { readFileSync } from "node:fs";
import { Adem, Person, databases, equal, holds, lacks, signedIn, test, until } from "../lib/adem.mjs";

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
  const due = await dueWithin(receipt, 0, Date.now() - 2 * HOUR + 15 * MINUTE, "a step by the clock that was set back");
  await goesOn(receipt, due, -2 * HOUR);
  adem.shift(0);
  holds(readFileSync(adem.log, "utf8"), "clock_went_back", "the log");
}

// All kinds of jobs that delete by the clock.
const forgetting = ["events_forget", "form_keys_forget", "invitations_sweep", "jobs_sweep", "notices_forget", "sessions_forget", "tokens_forget"];
const theirs = `done_ms IS NULL AND kind IN ('${forgetting.join("', '")}')`;
// One row at least that each of them will delete some day.
const deletable = {
  sessions: "1 = 1", form_keys: "1 = 1", report_tokens: "1 = 1", notices: "seen_ms IS NOT NULL", circle_keys: "holder = 'invitation'", jobs: "id = 78",
  events: `created_ms < ${Date.now() + DAY}`,
};

function rowsOf(adem) {
  const tables = adem.sql(adem.kind === "sqlite" ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    : "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").trim().split("\n").sort();
  return Object.fromEntries(tables.map(name => [name, Number(adem.sql(`SELECT count(*) FROM ${name}`))]));
}

const countsOf = adem => Object.fromEntries(Object.entries(deletable).map(([table, where]) => [table, Number(adem.sql(`SELECT count(*) FROM ${table} WHERE ${where}`))]));

async function deletesNothing(adem) {
  const sari = await signedIn(adem, "Sari Wulandari"), hasan = await signedIn(adem, "Hasan Basri"), ahead = 40 * 365 * DAY;
  const sessions = () => adem.sql("SELECT count(*) FROM sessions").trim();
  await hasan.post("/sign-out");
  equal(sessions(), "1", "sessions after one was ended by its person");
  equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007", text: "" })).status, 201, "a report");
  adem.run("account", "invite", "--post", "Polsek Johar Baru", "--role", "desk");
  const bytes = byte => adem.kind === "sqlite" ? `x'${byte.repeat(32)}'` : `decode('${byte.repeat(32)}', 'hex')`;
  const put = (table, columns, from) => adem.sql(`INSERT INTO ${table} (region, ${columns}) SELECT '31.71', ${from}`);
  put("report_tokens", "token, report_id, created_ms", `${bytes("07")}, id, ${Date.now()} FROM reports LIMIT 1`);
  put("form_keys", "key, fields, status, created_ms", `${bytes("07")}, ${bytes("07")}, 303, ${Date.now()}`);
  put("notices", "id, account_id, kind, roles, created_ms, seen_ms", `9, id, 'password', 0, ${Date.now()}, ${Date.now()} FROM accounts WHERE name = 'Sari Wulandari'`);
  put("jobs", "id, kind, subject_id, run_after_ms, created_ms, done_ms", `78, 'case_close_due', 1, 1, 1, ${Date.now()}`);
  put("circle_keys", "circle_id, holder, holder_id, sealed_key, created_ms", `k.circle_id, 'invitation', i.id, k.sealed_key, 1 FROM circle_keys k, invitations i WHERE NOT EXISTS (
    SELECT 1 FROM circle_keys o WHERE o.holder = 'invitation') LIMIT 1`);
  await until(() => adem.sql(`SELECT count(DISTINCT kind) FROM jobs WHERE ${theirs}`).trim() === String(forgetting.length), "their rounds");
  for (const [table, count] of Object.entries(countsOf(adem))) equal(count > 0, true, `there is something to delete of ${table}`);
  const before = rowsOf(adem);

  for (const by of [8 * DAY, ahead]) {
    adem.shift(by);
    await until(() => adem.sql(`SELECT count(*) FROM jobs WHERE ${theirs} AND lease_until_ms < ${Date.now() + by - HOUR}`).trim() === "0", "that all of them wait", 60);
    equal((await sari.get("/accounts/me")).status, 303, "a session by the wrong clock");
    adem.shift(0);
    await until(() => adem.sql(`SELECT count(*) FROM jobs WHERE ${theirs} AND lease_until_ms > ${Date.now() + HOUR}`).trim() === "0", "that none waits for a wrong time", 60);
    const after = rowsOf(adem);
    for (const table of Object.keys(before)) equal(after[table] >= before[table], true, `${table}: ${before[table]} rows, then ${after[table]}`);
    equal((await sari.get("/accounts/me")).status, 200, "the session by the right clock");
  }
  const log = readFileSync(adem.log, "utf8").split("\n").filter(line => line.includes("event=clock_jumped"));
  equal(log.every(line => line.includes("level=warn")), true, "a warning");
  for (const by of [8 * DAY, -8 * DAY, ahead, -ahead]) equal(log.some(line => Math.abs(Number(/by_s=(-?\d+)/.exec(line)[1]) * 1000 - by) < MINUTE), true, `a jump by ${by} in ${log}`);

  // And when the clock has said so for an hour, what is past its time goes.
  adem.shift(ahead);
  await until(() => Number(adem.sql("SELECT min(steady_ms) FROM clocks")) > Date.now() + ahead - MINUTE, "that the jump was seen", 60);
  await until(() => {
    adem.believe(forgetting);
    return Object.values(countsOf(adem)).every(count => count === 0);
  }, "that all of it was deleted", 60);
  adem.shift(0);
}

// Who signed in while the clock was ahead is signed in for as long as others are, from when it has been right for an hour; until then
// nothing passes as having typed the password just now.
async function endsWhatItBegan(adem) {
  const jobs = (what, done) => until(() => {
    adem.believe(["sessions_forget"]);
    return done();
  }, what, 60);
  const lives = async (who, hours) => {
    adem.shift(hours * HOUR);
    return (await who.get("/accounts/me", { accept: "application/json" })).status === 200;
  };
  adem.sql("UPDATE regions SET demo = false");
  adem.sql("UPDATE duties SET ended_ms = 1");
  await until(() => adem.sql("SELECT count(*) FROM jobs WHERE kind = 'sessions_forget' AND done_ms IS NULL").trim() === "1", "the job that forgets");
  adem.shift(40 * 365 * DAY);
  const sari = await signedIn(adem, "Sari Wulandari"), dimas = await signedIn(adem, "Dimas Nugroho");
  adem.shift(0);
  const hasan = await signedIn(adem, "Hasan Basri"); // whose session the wrong clock has seen in use
  adem.sql(`UPDATE sessions SET seen_ms = ${Date.now() + 3 * DAY} WHERE seen_ms < ${Date.now() + DAY}`);
  equal(await lives(sari, 0), true, "a session of the wrong clock, by the right one");
  const post = /\/posts\/(\d+)">Polsek Johar Baru/.exec((await dimas.get("/posts")).text)[1], invite = () => dimas.post(`/posts/${post}/invitations`, { name: "Eko Prasetyo", roles: "desk" });
  equal((await invite()).status, 401, "what asks for a fresh password");
  await jobs("that the sessions were put right", () => adem.sql(`SELECT count(*) FROM sessions WHERE created_ms > ${Date.now()} OR seen_ms > ${Date.now()}`).trim() === "0");
  equal((await invite()).status, 401, "what asks for a fresh password, once it was put right");
  equal(await lives(sari, 0), true, "once it was put right");

  for (let hours = 11; hours < 165; hours += 9) equal(await lives(dimas, hours), true, `${hours} hours later, in use`);
  equal(await lives(sari, 13), false, "begun by the wrong clock, not in use");
  equal(await lives(hasan, 13), false, "seen in use by the wrong clock, not in use");
  equal(await lives(dimas, 166), true, "nearly a week later");
  equal(await lives(dimas, 168), false, "more than a week later");
  await jobs("that all were forgotten", () => adem.sql("SELECT count(*) FROM sessions").trim() === "0");
}

// Ids tell their moment, and have no room for what is later than 2158.
async function beyond(adem) {
  const warga = new Person(adem), report = { level: "nyata", place: "31.71.08.1002.003", text: "" };
  const sent = async () => (await warga.json("POST", "/reports", report)).status;
  adem.shift(Date.UTC(2200, 0, 1) - Date.now());
  const refused = await warga.post("/reports", { ...report, trigger: "rumour" });
  equal(refused.status, 503, "a report");
  for (const piece of ["Jam server ini salah", "110"]) holds(refused.text, piece, "the refusal");
  equal((await fetch(`${adem.url}/healthz`)).status, 200, "/healthz");
  await until(() => /event=jobs_interrupted why="the clock of this machine is beyond/.test(readFileSync(adem.log, "utf8")), "a line of who does the jobs", 60);
  holds(adem.fails("check").stderr, "it is the year 2200: set it right first", "check");
  adem.shift(0);
  equal(await sent(), 201, "a report by the right clock");
  lacks(readFileSync(adem.log, "utf8"), "child_died", "the log");
}

for (const kind of databases) {
  const adem = await new Adem(kind, {}, { hears: false }).start();
  await test(`clock ${kind}: one beyond what ids can tell ends nothing, and is refused in words`, () => beyond(adem));
  await test(`clock ${kind}: a wrong clock deletes nothing, and one that was right for an hour all that is past its time`, () => deletesNothing(adem));
  await test(`clock ${kind}: what a wrong clock put off rings when it is right again`, () => wrongClock(adem));
  await adem.remove();
  const short = await new Adem(kind, { "session-idle-hours": 12 }, { hears: false }).start();
  await test(`clock ${kind}: who signed in by a wrong clock is signed in no longer than others`, () => endsWhatItBegan(short));
  await short.remove();
}
