// Alerts over HTTP, with the whole program killed between what people and the clock do: no alert dies, and none ends by silence.
import { Adem, Person, databases, equal, finish, holds, lacks, test, until } from "../lib/adem.mjs";

const minute = 60000;

// A report with its alert, and the people who answer it.
export class Incident {
  constructor(adem) {
    Object.assign(this, { adem, people: new Map(), now: Date.now() });
  }

  async report(form) {
    const made = await new Person(this.adem).json("POST", "/reports", { text: "kumpul di jembatan", ...form });
    equal(made.status, 201, "the report");
    this.receipt = made.data.receipt;
    return this;
  }

  async told() {
    return (await new Person(this.adem).json("POST", "/receipts", { receipt: this.receipt })).data;
  }

  // Somebody who is signed in; signs in again after a kill only where the session asks for it.
  async person(name) {
    if (!this.people.has(name)) {
      const who = new Person(this.adem, name);
      equal((await who.signIn()).status, 303, `signing in as ${name}`);
      this.people.set(name, who);
    }
    return this.people.get(name);
  }

  async find(name) {
    const page = await (await this.person(name)).get("/");
    this.alert = /action="\/alerts\/(\d+)\/answers"/.exec(page.text)[1];
    this.page = `/cases/${/id="case-(\d+)"/.exec(page.text)[1]}`;
  }

  async answers(name, answer, more = {}) {
    return (await this.person(name)).post(`/alerts/${this.alert}/answers`, { answer, ...more });
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
    const page = (await new Person(adem).post("/receipts", { receipt: it.receipt })).text;
    for (const piece of ["Jawaban terlambat", "Pos diberi tahu lagi", "tel:110"]) holds(page, piece);
    const kase = (await (await it.person("Bayu Saputra")).get(it.page)).text;
    for (const piece of ["Lama tanpa kabar: diberi tahu lagi", "Belum ada jawaban: diberi tahu lagi", "Terlambat"]) holds(kase, piece);
    equal((await it.answers("Bayu Saputra", "there")).status, 303, "there");
    equal((await it.told()).late_ms, null, "late after an answer");
    lacks((await new Person(adem).post("/receipts", { receipt: it.receipt })).text, "Jawaban terlambat");
    holds(adem.run("check"), "all is well", "adem check");
    await adem.remove();
  });

finish();
