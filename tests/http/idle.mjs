// A session that nobody uses ends after twelve hours, for every address alike, and not in the middle of a duty; what a page does by
// itself is no use.
import { Adem, Person, equal, holds, lacks, signedIn, until } from "../lib/adem.mjs";
import { withId } from "./every.mjs";
import { readFileSync } from "node:fs";

const minute = 60_000, hour = 60 * minute;
const json = { accept: "application/json" };

// A region without a roster, whose housekeeping waits until forgets() lets it.
async function alone(kind, work) {
  const adem = await new Adem(kind, { "session-idle-hours": 12 }, { hears: false }).start();
  try {
    adem.sql("UPDATE regions SET demo = false");
    adem.sql("UPDATE duties SET ended_ms = 1");
    await until(() => adem.sql("SELECT count(*) FROM jobs WHERE kind = 'sessions_forget' AND done_ms IS NULL").trim() === "1", "the job that forgets");
    adem.sql("UPDATE jobs SET run_after_ms = 9000000000000 WHERE kind = 'sessions_forget' AND done_ms IS NULL");
    await work(adem);
  } finally {
    await adem.remove();
  }
}

const countOf = (adem, name) => Number(adem.sql(`SELECT count(*) FROM sessions WHERE account_id = (SELECT id FROM accounts WHERE name = '${name}')`));
const lives = async who => (await who.get("/accounts/me", { ...json, "sec-fetch-site": "same-origin" })).status !== 401;

async function forgets(adem, name) {
  await until(() => {
    adem.believe(["sessions_forget"]);
    return countOf(adem, name) === 0;
  }, `the session of ${name} is forgotten`);
}

export const usedLives = kind => alone(kind, async adem => {
  const hasan = await signedIn(adem, "Hasan Basri");
  for (let hours = 11; hours < 168; hours += 11) {
    adem.shift(hours * hour);
    equal((await hasan.get(hours % 2 ? "/" : "/accounts/me")).status, 200, `after ${hours} hours`);
  }
  adem.shift(168 * hour + minute);
  equal((await hasan.get("/accounts/me", json)).status, 401, "after the fixed end");
});

async function everyAddressRefuses(hasan, routes) {
  for (const route of routes.filter(each => each.who !== "anyone")) {
    const path = withId(route.path, "1"), sent = route.method === "POST" ? { csrf: hasan.csrf, ...Object.fromEntries(route.fields.map(f => [f.name, "1"])) } : undefined;
    equal((await hasan.ask(route.method, path, sent, json)).status, 401, `${route.method} ${path}`);
    const page = await hasan.ask(route.method, path, sent);
    equal(page.status, route.method === "POST" ? 401 : 303, `${route.method} ${path} as a page`);
    if (route.method === "GET") equal(page.location, `/sign-in?next=${path}`, "the way");
  }
}

// Not to the residents' front page; who signed out, or never was signed in, is led there.
async function leadsBack(adem, hasan) {
  equal((await hasan.get("/")).location, "/sign-in?next=/", "the way from the board");
  const page = await hasan.get("/sign-in?next=/");
  holds(page.text, "Sesi Anda sudah berakhir");
  holds(page.text, 'name="next" value="/"');
  lacks(page.text, "Hasan");
  const wati = await signedIn(adem, "Wati Suryani");
  await wati.post("/sign-out");
  for (const who of [wati, new Person(adem)]) {
    holds((await who.get("/")).text, "Tanpa nama, tanpa akun");
    lacks((await who.get("/sign-in")).text, "Sesi Anda sudah berakhir");
  }
}

export const unusedEnds = (kind, routes) => alone(kind, async adem => {
  const hasan = await signedIn(adem, "Hasan Basri"), board = await hasan.listen("/board/live");
  adem.shift(12 * hour - minute);
  equal(await lives(hasan), true, "a minute before");
  await until(() => board.text.includes("Papan ini sudah lama tidak dipakai"), "the warning on the open board");
  adem.shift(12 * hour + minute);
  equal(countOf(adem, "Hasan Basri"), 1, "rows at the end");
  await until(() => board.ended, "the board's end");
  await everyAddressRefuses(hasan, routes);
  await leadsBack(adem, hasan);
  equal(countOf(adem, "Hasan Basri"), 1, "rows after all that");
  const again = await signedIn(adem, "Hasan Basri");
  holds((await again.get("/accounts/me")).text, "1 perangkat", "the devices");
  await again.post("/sign-out");
  await forgets(adem, "Hasan Basri");
});

export const pagesThemselves = kind => alone(kind, async adem => {
  const hasan = await signedIn(adem, "Hasan Basri"), wati = await signedIn(adem, "Wati Suryani");
  const boards = [await hasan.listen("/board/live"), await wati.listen("/board/live")];
  adem.shift(11 * hour);
  equal((await hasan.get("/", { "sec-fetch-site": "same-origin" })).status, 200, "a board that reloads itself");
  equal((await wati.get("/", { "sec-fetch-site": "same-origin", "sec-fetch-user": "?1" })).status, 200, "a board that a person reloads");
  await hasan.listen("/board/live");
  adem.shift(12 * hour + minute);
  await until(() => boards[0].ended, "the end of the forgotten board");
  equal(await lives(hasan), false, "the forgotten board's session");
  equal(await lives(wati), true, "the used one");
  equal(boards[1].ended, false, "the used board has ended");
});

export const inADuty = kind => alone(kind, async adem => {
  const sari = await signedIn(adem, "Sari Wulandari"), now = Date.now();
  const duty = (id, from, hours) => adem.sql(`INSERT INTO duties (region, id, post_id, account_id, from_ms, until_ms, created_ms)
    SELECT m.region, ${id}, m.post_id, m.account_id, ${now + from * hour}, ${now + (from + hours) * hour}, 1
      FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.name = 'Sari Wulandari' AND m.ended_ms IS NULL`);
  duty(11, 10, 8);
  duty(12, 18, 8);
  const board = await sari.listen("/board/live");
  adem.shift(17 * hour);
  equal(await lives(sari), true, "in the duty that she was on after twelve hours");
  await forgetsOthers(adem);
  equal(countOf(adem, "Sari Wulandari"), 1, "her session where ended ones are forgotten");
  equal(board.ended, false, "her board has ended");
  adem.shift(18 * hour + minute);
  equal(await lives(sari), false, "after it, though the next one has begun");
  await until(() => board.ended, "the board's end");
});

// Who is not on duty is forgotten meanwhile: so the job has run.
async function forgetsOthers(adem) {
  const hasan = new Person(adem, "Hasan Basri");
  equal((await hasan.signIn()).status, 303, "signing in");
  adem.sql("UPDATE sessions SET seen_ms = 1 WHERE account_id = (SELECT id FROM accounts WHERE name = 'Hasan Basri')");
  await forgets(adem, "Hasan Basri");
}

// A database that takes no more of it: the page is there, the log says what could not be written.
export const usesUnwritten = kind => alone(kind, async adem => {
  const hasan = await signedIn(adem, "Hasan Basri");
  adem.sql(kind === "sqlite" ? "CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(FAIL, 'no room'); END"
    : "ALTER TABLE sessions ADD CONSTRAINT full_now CHECK (seen_ms < 5) NOT VALID");
  adem.shift(hour);
  equal((await hasan.get("/accounts/me")).status, 200, "a page");
  holds(readFileSync(adem.log, "utf8"), "use_not_noted", "the log");
});
