// Alerts over HTTP, with the whole program killed between what people and the clock do: no alert dies, and none ends by silence.
import { Adem, Person, databases, equal, finish, holds, lacks, signedIn, test, until } from "../lib/adem.mjs";

const minute = 60000;

// A report with its alert, and the people who answer it.
export class Incident {
  constructor(adem) {
    Object.assign(this, { adem, people: new Map() });
  }

  async report(form) {
    const made = await new Person(this.adem).json("POST", "/reports", { text: "kumpul di jembatan", ...form });
    equal(made.status, 201, "the report");
    this.receipt = made.data.receipt;
    return this;
  }

  // Of talk a reporter is not told when it rings on: that stands in the row.
  async told() {
    const { data } = await new Person(this.adem).json("POST", "/receipts", { receipt: this.receipt });
    if (data.due_ms === null && this.alert) data.due_ms = Number(this.adem.sql(`SELECT next_ms FROM alerts WHERE id = ${this.alert}`).trim()) || null;
    return data;
  }

  // Somebody who is signed in; signs in again after a kill only where the session asks for it.
  async person(name) {
    if (!this.people.has(name)) this.people.set(name, await signedIn(this.adem, name));
    return this.people.get(name);
  }

  async find(name) {
    let page = await (await this.person(name)).get("/");
    if (!page.text.includes("/answers")) {
      this.people.delete(name);
      page = await (await this.person(name)).get("/");
    }
    this.alert = /action="\/alerts\/(\d+)\/answers"/.exec(page.text)[1];
    this.page = `/cases/${/id="case-(\d+)"/.exec(page.text)[1]}`;
  }

  // Days may have passed: then they sign in once more.
  async posts(name, path, form) {
    const said = await (await this.person(name)).post(path, form);
    if (said.status !== 401) return said;
    this.people.delete(name);
    return (await this.person(name)).post(path, form);
  }

  answers(name, answer, more = {}) {
    return this.posts(name, `/alerts/${this.alert}/answers`, { answer, ...more });
  }

  // The program's clock stands at MS, and goes on from there.
  at(ms) {
    this.adem.shift(ms - Date.now());
  }

  // The deadline comes, nobody has answered, and the program has done what it does then.
  async silence() {
    const { due_ms } = await this.told();
    this.at(due_ms + 500);
    return until(async () => {
      const now = await this.told();
      return now.due_ms !== due_ms && now;
    }, "another deadline");
  }

  async again() {
    await this.adem.kill();
    await this.adem.start();
  }
}

for (const kind of databases)
  await test(`escalation ${kind}: who falls silent at the top is asked again and again, through kill -9 and twenty minutes`, async () => {
    const adem = await new Adem(kind).start(), it = await new Incident(adem).report({ level: "nyata", place: "31.71.08.1003" });
    let told = await it.told();
    equal(told.late_ms, null, "late at once");
    for (let step = 0; step < 6; step++) told = await it.silence();
    equal(told.state, "ringing", "state after six silences");
    await it.find("Bayu Saputra");
    equal((await it.answers("Bayu Saputra", "mine")).status, 303, "mine");
    told = await it.told();
    equal(told.late_ms, null, "late after mine");
    const asked = told.due_ms;
    await it.again();
    it.at(asked + 20 * minute);
    told = await until(async () => {
      const now = await it.told();
      return now.late_ms && now;
    }, "late");
    equal(told.late_ms, asked, "since when it is late");
    for (const next of [3, 5, 10, 10]) {
      await it.again();
      const before = told.due_ms;
      told = await it.silence();
      equal(told.state, "mine", "the state");
      equal(told.late_ms, asked, "since when it is late");
      if (told.due_ms < before + 3 * minute) throw new Error(`after ${before} comes ${told.due_ms}, wanted some ${next} minutes more`);
    }
    const page = (await new Person(adem).follow("POST", "/receipts", { receipt: it.receipt })).text;
    for (const piece of ["Jawaban terlambat", "Pos diberi tahu lagi", "tel:110"]) holds(page, piece);
    // The board keeps it late, although the next ring is ahead, and lets somebody else take it.
    const board = (await (await it.person("Agung Wibisono")).get("/")).text;
    for (const piece of ['class="item late"', "Terlambat", 'value="mine"']) holds(board, piece, "the board");
    const kase = (await (await it.person("Bayu Saputra")).get(it.page)).text;
    for (const piece of ["Lama tanpa kabar: diberi tahu lagi", "Belum ada jawaban: diberi tahu lagi", "Terlambat"]) holds(kase, piece);
    equal((await it.answers("Bayu Saputra", "there")).status, 303, "there");
    equal((await it.told()).late_ms, null, "late after an answer");
    lacks((await new Person(adem).follow("POST", "/receipts", { receipt: it.receipt })).text, "Jawaban terlambat");
    holds(adem.run("check"), "all is well", "adem check");
    await adem.remove();
  });

// Random paths: three people of two posts, the clock, and kills between a tap and its answer or while a deadline passes. What may
// end an alert is known here a second time; that every state is reached is shown by tests/unit/escalation_walk_test.c.
const paths = Number(process.env.ADEM_ESCALATION_PATHS || 40), actions = 14, pathsPerServer = 10;
const posts = { "Sari Wulandari": "bhabin", "Bima Pratama": "bhabin", "Hasan Basri": "rw" };
const ended = state => state === "calm" || state === "false_alarm";

function random(seed) {
  let x = seed * 2654435761 % 4294967296 || 1;
  return n => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

class Path extends Incident {
  constructor(adem, people, seed, level) {
    super(adem);
    Object.assign(this, { people, draw: random(seed), level, owner: null, there: new Map(), over: new Map(), trace: [], learnt: [], climbed: false });
    this.shifted = adem.shifted ?? 0;
  }

  now() {
    return Date.now() + this.shifted;
  }

  at(ms) {
    this.shifted = this.adem.shifted = Math.max(ms - Date.now(), this.shifted);
    this.adem.shift(this.shifted);
  }

  fail(what) {
    throw new Error(`${what} after: ${this.trace.join(", ")}`);
  }

  one(list) {
    return list[this.draw(list.length)];
  }

  // Was NAME's word enough?
  mayEnd(name) {
    const since = this.there.get(name);
    if (this.owner === name && since !== undefined && this.now() - since >= 2 * minute) return true;
    return [...this.over].some(([other]) => other !== name &&
      (posts[other] !== posts[name] || (this.level === "potensi" && !this.climbed)));
  }

  async look(by, answer) {
    const told = await this.told();
    if (ended(told.state)) {
      if (this.ended) return told;
      if (answer !== "calm" && answer !== "false_alarm") this.fail(`ended by ${answer}`);
      if (!this.mayEnd(by)) this.fail(`${by} ended it alone`);
      this.ended = true;
    } else if (told.due_ms === null) this.fail("open without a deadline");
    return told;
  }

  // Taking an answer back brings back what was true before it; what was said since then may still stand. Too much is remembered here
  // rather than too little: an end is only ever found wrong when nothing could have allowed it.
  forget(name) {
    const last = this.learnt.findLastIndex(one => one.name === name);
    if (last < 0) return;
    const { owner, there, over } = this.learnt.splice(last, 1)[0];
    this.owner = owner;
    for (const [key, value] of there) this.there.set(key, value);
    for (const [key, value] of over) this.over.set(key, value);
  }

  learn(name, answer, location) {
    this.learnt.push({ name, owner: this.owner, there: new Map(this.there), over: new Map(this.over) });
    const took = answer === "mine" && !/late=1/.test(location);
    if (took && this.owner !== name) {
      this.owner = name;
      this.there.clear();
      this.over.clear();
    }
    if (answer === "there" && this.owner === name && !this.there.has(name)) this.there.set(name, this.now());
    if (answer === "on_the_way" && this.owner === name) this.there.delete(name);
  }

  async tap() {
    const name = this.one(Object.keys(posts).filter(one => this.level !== "potensi" || posts[one] === "bhabin"));
    const answer = this.one(["mine", "mine", "on_the_way", "there", "there", "calm", "calm", "false_alarm", "seen", "helping"]);
    const cut = this.draw(6) === 0;
    this.trace.push(`${name} ${answer}${cut ? " (cut)" : ""}`);
    const who = await this.person(name);
    if (cut) {
      const lost = who.post(`/alerts/${this.alert}/answers`, { answer }).catch(() => null);
      await this.again();
      await lost;
    }
    const { status, location } = await this.answers(name, answer);
    if (status !== 303 && status !== 409) this.fail(`status ${status}`);
    if (status === 303) this.learn(name, answer, location);
    await this.look(name, answer);
    if (status === 303 && (answer === "calm" || answer === "false_alarm")) this.over.set(name, true);
  }

  async undo() {
    const name = this.one(Object.keys(posts).filter(one => this.level !== "potensi" || posts[one] === "bhabin"));
    this.trace.push(`${name} undo`);
    const { status } = await this.posts(name, `/alerts/${this.alert}/undo`, { back: "/" });
    if (status !== 303 && status !== 409) this.fail(`status ${status}`);
    if (status === 303) this.forget(name);
    if (status === 303 && this.ended) {
      this.ended = false;
      if (ended((await this.told()).state)) this.fail("ended after it was undone");
    }
  }

  // The deadline passes, and the worker may be killed when it is about to act.
  async quiet() {
    const { due_ms } = await this.told(), killed = this.draw(3) === 0;
    this.trace.push(`silence${killed ? " (killed)" : ""}`);
    if (due_ms === null) return;
    this.at(due_ms + 500);
    this.climbed = true;
    if (killed) await this.again();
    const told = await until(async () => {
      const now = await this.look(null, "silence");
      return now.due_ms !== due_ms && now;
    }, `another deadline after ${this.trace.join(", ")}`, 120); // a worker that died with the job holds its lease for a minute
    if (told.late_ms === null) this.fail("not late after a silence");
  }

  pass() {
    const minutes = 1 + this.draw(3);
    this.trace.push(`${minutes} minutes`);
    this.at(this.now() + minutes * minute);
  }

  async walk() {
    for (let i = 0; i < actions && !this.ended; i++) {
      const what = this.draw(10);
      if (what < 6) await this.tap();
      else if (what < 7) await this.undo();
      else if (what < 8) await this.quiet();
      else this.pass();
      await this.look(null, "nobody");
    }
    await this.leave();
  }

  // Brings it to its end as people do, so that the next path has a place of its own.
  async leave() {
    if (this.ended) return;
    for (let i = 0; i < 50 && this.owner !== "Sari Wulandari"; i++) {
      const { location, status } = await this.answers("Sari Wulandari", "mine");
      if (status === 303 && !/late=1/.test(location)) this.owner = "Sari Wulandari";
      else await this.quiet();
    }
    await this.answers("Sari Wulandari", "there");
    this.at(this.now() + 2 * minute + 1000);
    await this.answers("Sari Wulandari", "calm");
    if (!ended((await this.told()).state)) this.fail("who was there for two minutes could not end it");
  }
}

for (const kind of databases)
  await test(`escalation ${kind}: ${paths} paths with kills, and no alert is lost`, async () => {
    let adem, people, endings = 0;
    for (let seed = 1; seed <= paths; seed++) {
      if (seed % pathsPerServer === 1) {
        await adem?.remove();
        adem = await new Adem(kind).start();
        people = new Map();
      }
      const level = ["nyata", "ambang", "potensi"][seed % 3], path = new Path(adem, people, seed, level);
      await path.report({ level, place: "31.71.08.1002.008" });
      await path.find("Sari Wulandari");
      await path.walk();
      endings += path.ended ? 1 : 0;
    }
    holds(adem.run("check"), "all is well", "adem check");
    await adem.remove();
    console.log(`# ${kind}: ${endings} of ${paths} ended on their way`);
  });

finish();
