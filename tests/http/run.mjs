// Runs the data files of this folder against the program on each database. A file is a list of requests:
//
//	# What is tested, in a sentence.
//	as: Sari Wulandari            who asks from here on ("nobody": a new visitor)
//	clock: +61s                   moves the program's clock
//	GET /path                     or POST /path, then the form on the next line
//	times: 100                     the request above, that often in all; {n} counts from 1
//	json                          asks for JSON
//	follow                        goes on to the thread that the answer leads to, as a browser does
//	expect: 200
//	header: Cache-Control: no-store
//	no header: Set-Cookie
//	body: text that must be there
//	no body: text that must not
//	order: one | other             texts that must be there in this order
//	until: STATUS /path text      asks again until the page holds the text: for what a job does
//	settings: name=value …         from here on, a server of the file's own with these settings
//	sql: statement                 on the database, for what no request brings about
//	nothing: query                 on the database: finds no row, for what no page must show and no table hold
//	record: Who | action | table id | detail   what the record says last of that action; @Name Surname is the id of that account
//	run: words                    a command of the program, beside the server; "body:" and "keep:" look at what it says
//	listen: name /path             opens a stream and keeps it open
//	heard: name text               waits until the stream has said the text, from where it was last heard
//	unheard: name text | last      waits until the stream has said the last, and has not said the text before it
//	ended: name                    waits until the server has ended the stream
//	keep: name = regular expression with one group, on the body or the location
//
// {name} stands for what was kept, {day3} for the date three days from the program's now. "node run.mjs cases joined" runs these files alone, and none of the rest.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { people as demo } from "../lib/people.mjs";
import { Coverage } from "./coverage.mjs";
import { rosterByTheClock } from "./roster.mjs";
import { withoutRegion } from "./setup.mjs";
import * as begun from "./begun.mjs";
import * as every from "./every.mjs";
import * as streams from "./streams.mjs";
import * as flood from "./flood.mjs";
import { leaveTheRealOneOnTop } from "./pranks.mjs";
import * as offers from "./offers.mjs";
import * as guess from "./guess.mjs";
import * as idle from "./idle.mjs";
import * as kept from "./kept.mjs";
import * as left from "./left.mjs";
import { Recorded, keyedOnce, newestOf } from "./record.mjs";
import { whoListsWhom } from "./sights.mjs";
import { atOnce } from "./apart.mjs";
import * as twice from "./twice.mjs";
import { everyFormIsUnderstood } from "../lib/forms.mjs";
import { Adem, Person, databases, equal, everyRoute, finish, holds, lacks, test, until } from "../lib/adem.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const units = { s: 1000, m: 60000, h: 3600000, d: 86400000 };

function parse(text) {
  const steps = [];
  let step;
  for (const [i, line] of text.split("\n").entries()) {
    const at = i + 1, rest = line.replace(/^[a-z ]+: ?/, "");
    if (!line.trim() || line.startsWith("#")) continue;
    if (/^as:/.test(line)) steps.push({ at, as: rest });
    else if (/^clock:/.test(line)) steps.push({ at, clock: rest });
    else if (/^settings:/.test(line)) steps.push({ at, settings: rest });
    else if (/^sql:/.test(line)) steps.push({ at, sql: rest });
    else if (/^nothing:/.test(line)) steps.push({ at, nothing: rest });
    else if (/^record:/.test(line)) steps.push({ at, record: rest });
    else if (/^run:/.test(line)) steps.push(step = { at, run: rest, checks: [] });
    else if (/^until:/.test(line)) steps.push({ at, until: rest });
    else if (/^(listen|heard|unheard|ended): /.test(line)) steps.push({ at, [line.split(":")[0]]: rest });
    else if (/^(GET|POST|HEAD) /.test(line)) steps.push(step = { at, method: line.split(" ")[0], path: line.split(" ")[1], headers: {}, checks: [] });
    else if (line === "json") step.headers.accept = "application/json";
    else if (line === "follow") step.follow = true;
    else if (/^times:/.test(line)) step.times = Number(rest);
    else if (/^with: /.test(line)) step.headers[rest.split(": ")[0]] = rest.slice(rest.indexOf(": ") + 2);
    else if (/^(expect|header|no header|body|no body|order|keep):/.test(line)) step.checks.push({ at, kind: line.split(":")[0], text: rest });
    else if (step && step.method === "POST" && step.form === undefined) step.form = line;
    else throw new Error(`line ${at}: not understood: ${line}`);
  }
  return steps;
}

function check(answer, kept, { kind, text }) {
  const wanted = fill(text, kept);
  if (kind === "expect") equal(answer.status, Number(wanted), "status");
  if (kind === "header") {
    const [name, ...value] = wanted.split(": ");
    holds(answer.headers.get(name) || "", value.join(": "), `header ${name}`);
  }
  if (kind === "no header") equal(answer.headers.get(wanted), null, `header ${wanted}`);
  if (kind === "body") holds(answer.text, wanted);
  if (kind === "no body") lacks(answer.text, wanted);
  if (kind === "order")
    wanted.split(" | ").reduce((at, piece) => {
      const found = answer.text.indexOf(piece, at);
      if (found < 0) throw new Error(`${JSON.stringify(piece)} is not there after what precedes it in "${wanted}":\n${answer.text.slice(0, 6000)}`);
      return found + piece.length;
    }, 0);
  if (kind === "keep") {
    const [, name, pattern] = /^(\w+) = (.*)$/.exec(text);
    const got = new RegExp(pattern).exec(answer.text) || new RegExp(pattern).exec(answer.location || "");
    if (!got) throw new Error(`nothing to keep for ${pattern} in ${answer.location} ${answer.text.slice(0, 2000)}`);
    kept[name] = got[1].replaceAll("&#39;", "'").replaceAll("&amp;", "&");
  }
}

// The dates from today on, where the demo's region is.
const days = shift => Object.fromEntries([...Array(10).keys()].map(n => [`day${n}`, new Date(Date.now() + shift + n * units.d + 7 * units.h).toISOString().slice(0, 10)]));

const fill = (text, kept) => text.replace(/\{(\w+)\}/g, (all, name) => name in kept ? kept[name] : all);

// One data file on its way: who asks, what was kept, and the server, which is everybody's until the file wants its own.
class Walk {
  constructor(shared, coverage, recorded) {
    Object.assign(this, { shared, adem: shared, coverage, recorded, people: new Map(), streams: new Map(), kept: days(0), who: new Person(shared) });
  }

  async step(step) {
    for (const kind of ["clock", "settings", "sql", "nothing", "record", "until", "as", "listen", "heard", "unheard", "ended"]) if (step[kind]) return this[kind](fill(step[kind], this.kept));
    if (step.run) return this.run(step);
    this.kept.n = step.n ?? 1;
    const { who, kept } = this, path = fill(step.path, kept), form = fill(step.form ?? "", kept);
    const csrf = () => who.csrf && !/(^|&)csrf=/.test(form) ? `csrf=${encodeURIComponent(who.csrf)}&` : "";
    const send = () => who[step.follow ? "follow" : "ask"](step.method, path, step.method === "POST" ? csrf() + form : undefined, step.headers);
    let answer = await send();
    if (answer.status === 401 && who.name && answer.text.includes("kata sandi Anda sekali lagi")) {
      equal((await who.signIn()).status, 303, "typing the password again");
      answer = await send();
    }
    this.coverage.note(step.method, path, who.name, answer);
    if (/html/.test(answer.headers.get("content-type"))) everyFormIsUnderstood(path, answer.text, this.coverage.routes);
    for (const one of step.checks) check(answer, kept, one);
    if (step.times > 1) await this.step({ ...step, times: step.times - 1, n: this.kept.n + 1 });
  }

  run(step) {
    const words = fill(step.run, this.kept).match(/"[^"]*"|\S+/g).map(word => word.replaceAll('"', ""));
    const answer = { text: this.adem.run(...words) };
    for (const one of step.checks) check(answer, this.kept, one);
  }

  clock(text) {
    const [, amount, unit] = /^\+(\d+)([smhd])$/.exec(text);
    const shift = Number(amount) * units[unit];
    this.adem.shift(shift);
    Object.assign(this.kept, days(shift));
  }

  async settings(text) {
    await this.end();
    this.adem = await new Adem(this.shared.kind, Object.fromEntries(text.split(" ").map(one => one.split("=")))).start();
    this.people.clear();
    this.who = new Person(this.adem);
  }

  sql(text) {
    this.adem.sql(text);
  }

  nothing(query) {
    equal(this.adem.sql(query).trim(), "", query);
  }

  record(text) {
    const of = (all, name) => this.adem.sql(`SELECT id FROM accounts WHERE name = '${name}'`).trim();
    const wanted = text.replace(/@(\p{Lu}\w+ \p{Lu}\w+)/gu, of), [, action] = wanted.split(" | ");
    equal(newestOf(this.adem, action), wanted, `the last ${action} in the record`);
  }

  async until(text) {
    const [, status, path, wanted] = /^(\d+) (\S+) (.*)$/.exec(text);
    await until(async () => {
      const answer = await this.who.get(path);
      return answer.status === Number(status) && answer.text.includes(wanted);
    }, `${path} with "${wanted}"`);
  }

  async listen(text) {
    const [, name, path] = /^(\w+) (.*)$/.exec(text);
    this.streams.set(name, await this.who.listen(path));
  }

  async heard(text) {
    const [, name, wanted] = /^(\w+) (.*)$/.exec(text), stream = this.streams.get(name);
    await until(() => stream.text.includes(wanted), `"${wanted}" in stream ${name}`).catch(error => {
      throw new Error(`${error.message}; it said:\n${stream.text}`);
    });
    stream.text = stream.text.slice(stream.text.indexOf(wanted) + wanted.length);
  }

  async unheard(text) {
    const [, name, never, last] = /^(\w+) (.*) \| (.*)$/.exec(text), stream = this.streams.get(name);
    await until(() => stream.text.includes(last), `"${last}" in stream ${name}`);
    lacks(stream.text.slice(0, stream.text.indexOf(last)), never);
    stream.text = stream.text.slice(stream.text.indexOf(last) + last.length);
  }

  async ended(name) {
    await until(() => this.streams.get(name).ended, `the end of stream ${name}`);
  }

  async as(name) {
    if (name === "nobody") {
      this.who = new Person(this.adem);
      return;
    }
    this.who = this.people.get(name) || new Person(this.adem, name);
    if (!this.people.has(name)) equal((await this.who.signIn()).status, 303, `signing in as ${name}`);
    this.people.set(name, this.who);
  }

  async end() {
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
    if (this.adem === this.shared) return this.adem.shift(0);
    this.recorded.note(this.adem);
    await this.adem.remove();
  }
}

async function runFile(shared, file, coverage, recorded) {
  const walk = new Walk(shared, coverage, recorded);
  try {
    for (const step of parse(readFileSync(join(folder, file), "utf8")))
      await walk.step(step).catch(error => {
        error.message = `${file}:${step.at}: ${error.message}`;
        throw error;
      });
  } finally {
    await walk.end();
  }
}

const chosen = process.argv.slice(2).map(name => `${name}.http`);
const files = readdirSync(folder).filter(name => name.endsWith(".http") && (!chosen.length || chosen.includes(name))).sort();
for (const kind of databases) {
  const adem = await new Adem(kind).start();
  const routes = everyRoute(), coverage = new Coverage(routes), recorded = new Recorded();
  for (const file of files) await test(`http ${kind} ${file}`, () => runFile(adem, file, coverage, recorded));
  await test(`http ${kind} adem check finds nothing`, () => holds(adem.run("check"), "all is well", "adem check"));
  recorded.note(adem);
  await adem.remove();
  if (chosen.length) continue;

  const again = await new Adem(kind, { workers: 3 }).start();
  await test(`http ${kind} a note that is sent twice is saved once`, () => twice.notes(again));
  await test(`http ${kind} an answer that is tapped twice is given once`, () => twice.answers(again));
  await test(`http ${kind} a report and a message that are sent twice arrive once`, () => twice.reports(again));
  await test(`http ${kind} what somebody typed is in every answer`, async () => console.log(`# ${await kept.nothingIsLost(again, routes)} fields`));
  await test(`http ${kind} who signs in on the page that says so saves what they wrote`, () => kept.signingInSaves(again));
  await test(`http ${kind} what waits for a password waits in this browser alone`, () => begun.waitsHereAlone(again));
  await test(`http ${kind} only who began a form finishes it by signing in`, () => begun.onlyWhoBeganIt(again));
  await test(`http ${kind} nobody's password does what somebody else has planted`, () => begun.nothingIsPlanted(again));
  await test(`http ${kind} the language button keeps what is typed in every form`, async () => console.log(`# ${await kept.languageKeepsTyped(again, routes)} forms`));
  await test(`http ${kind} each field that people write in says the limit that the server holds it to`, () => kept.saysLimits(again, routes));
  await test(`http ${kind} what is typed is kept where the database is away`, async () => console.log(`# ${await kept.databaseAway(again, routes)} texts`));
  await test(`http ${kind} no page tells a moment in milliseconds`, async () => console.log(`# ${await kept.tellsNoMoments(again, routes)} pages`));
  await test(`http ${kind} without a form the language button stays at its address`, () => kept.languageStaysHere(again));
  await test(`http ${kind} the whole text waits until somebody has read who will read it`, () => kept.waitsWhole(again));
  await test(`http ${kind} a thread that was left is closed to copies of its ticket too`, () => left.leavingEndsCopies(again));
  await test(`http ${kind} who knows an address ends nothing of it`, () => left.strangersLeaveNothing(again));
  await test(`http ${kind} a thread stays open for an hour at most`, () => left.nobodyStaysForEver(again));
  await test(`http ${kind} another language keeps the receipt and its thread`, () => kept.languageKeepsReceipts(again));
  await again.remove();

  const several = await new Adem(kind, { workers: 3 }).start();
  await test(`http ${kind} splits, joins, answers and reports at once lose nothing`, () => atOnce(several));
  await several.remove();

  const busy = await new Adem(kind).start();
  await test(`http ${kind} a page offers the answers that are accepted`, () => offers.sayWhatIsAccepted(busy));
  await busy.remove();

  await test(`http ${kind} empty posts cost honest reporters nothing`, () => flood.emptyPosts(kind));
  await test(`http ${kind} hoarded tokens are few and soon too old`, () => flood.hoardedTokens(kind));
  await test(`http ${kind} a flood about one place leaves room to others`, () => flood.onePlace(kind));
  await test(`http ${kind} all who share one address get through`, () => flood.oneAddress(kind));
  await test(`http ${kind} only a trusted proxy says who sends`, () => flood.chosenAddresses(kind));
  if (kind === "sqlite") await test(`http ${kind} a proof is looked at without the lock of writers`, () => flood.noLock(kind));

  await test(`http ${kind} a thousand pranks leave two real fights on top, and their reporters answered`, () => leaveTheRealOneOnTop(kind));

  await test(`http ${kind} a session that is used lives until its fixed end`, () => idle.usedLives(kind));
  await test(`http ${kind} a session that nobody uses ends after twelve hours at every address`, () => idle.unusedEnds(kind, routes));
  await test(`http ${kind} what an open page does by itself is no use of its session`, () => idle.pagesThemselves(kind));
  await test(`http ${kind} no session ends in the middle of a duty for want of use`, () => idle.inADuty(kind));
  await test(`http ${kind} a page shows where the use of its session cannot be written`, () => idle.usesUnwritten(kind));

  await test(`http ${kind} wrong passwords tell no names`, () => guess.namesLookAlike(kind));
  await test(`http ${kind} wrong passwords of strangers lock nobody out`, () => guess.nobodyIsLockedOut(kind));
  await test(`http ${kind} wrong passwords for many names cost those who are new`, () => guess.manyWrongOnes(kind));
  await test(`http ${kind} a device is known to one account and one password`, () => guess.devices(kind));
  await test(`http ${kind} an open session is no way to try passwords`, () => guess.openSessions(kind));
  await test(`http ${kind} recovery codes are guessed at like passwords`, () => guess.recovery(kind));
  await test(`http ${kind} a right password never counts as a wrong one`, () => guess.rightOnes(kind));

  const fresh = await new Adem(kind).start();
  await test(`http ${kind} the people of the demo region`, () => {
    const said = fresh.run("demo");
    for (const [name, { post }] of demo) holds(said.split("\n").find(line => line.includes(name)) ?? "", post, name);
  });
  await test(`http ${kind} every route turns away nobody and the wrong role`, () => every.turnsAway(fresh, routes, coverage));
  await test(`http ${kind} every form from elsewhere is refused`, () => every.refusesForeignForms(fresh, routes));
  await test(`http ${kind} every body that is no form is refused`, () => every.refusesWhatIsNoForm(fresh, routes));
  await test(`http ${kind} every field keeps its limits`, async () => console.log(`# ${await every.keepsLimits(fresh, routes)} values refused`));
  await test(`http ${kind} every address of what is not there`, () => every.knowsWhatIsNotThere(fresh, routes));
  await test(`http ${kind} what outlives a session asks for the password again`, () => every.asksAgain(fresh, routes));
  await test(`http ${kind} open boards end with rights and sessions`, () => streams.endWithRights(fresh));
  await test(`http ${kind} every route was asked in every way`, () => equal(coverage.missing().join("\n"), "", "what is missing"));
  await fresh.remove();

  await test(`http ${kind} a record is locked with the key file once`, () => keyedOnce(kind, recorded));
  await test(`http ${kind} every kind of record, of news and of entry was written`, () => equal(recorded.missing().join(), "", "what is missing"));
  await test(`http ${kind} every entry of a timeline has a name`, () => equal(recorded.nameless().join(), "", "what has none"));
  const listed = await new Adem(kind).start();
  await test(`http ${kind} who lists whom at the posts`, () => whoListsWhom(listed));
  await test(`http ${kind} the page of the record has words for all that was written`, () => recorded.inWords(listed));
  await listed.remove();

  const night = await new Adem(kind).start();
  await test(`http ${kind} a roster by the clock: overlaps, days, who leaves, who is called then`, () => rosterByTheClock(night));
  await night.remove();

  const shift = await new Adem(kind).start();
  await test(`http ${kind} an open board hears who is on duty`, () => streams.hearWhoIsOnDuty(shift));
  await shift.remove();

  const bare = await new Adem(kind, {}, { demo: false }).start();
  await test(`http ${kind} without a region every address says what the operator must do`, () => withoutRegion(bare, routes));
  await bare.remove();
}
finish();
