// Where an embedded database lies, what workers may reach of it, and what a process inherits from its siblings.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Adem, Person, databases, equal, holds, root, skip, test } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");

function refused(adem, words, piece) {
  const done = spawnSync(program, [...words, ...adem.flags()], { encoding: "utf8", timeout: 20000 });
  equal(done.status, 1, `status of ${words.join(" ")}`);
  holds(done.stderr, piece, `what ${words.join(" ")} says`);
}

// As every data directory was before there was a folder for the database.
function putBack(adem) {
  renameSync(join(adem.data, "db/adem.db"), join(adem.data, "adem.db"));
  copyFileSync(join(adem.data, "adem.db"), join(adem.data, "adem.db.before-0002-1"));
}

await test("place: a database of before is moved by migrate, and everything is there", async () => {
  const adem = new Adem("sqlite");
  putBack(adem);
  for (const words of [["serve", "--listen", "127.0.0.1:0"], ["work"], ["check"], ["account", "reset", "Yoga Setiawan"]])
    refused(adem, words, 'run "adem migrate", which moves it');
  holds(adem.run("migrate"), `moved ${adem.data}/adem.db to ${adem.data}/db/adem.db`, "migrate");
  equal(readdirSync(adem.data).filter(name => name.startsWith("adem.db")).join(), "", "what is left behind");
  equal(existsSync(join(adem.data, "db/adem.db.before-0002-1")), true, "the copy is moved along");
  await adem.start();
  equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "sign-in");
  await adem.remove();
});

await test("place: a database that a program has open is not moved", async () => {
  const adem = new Adem("sqlite");
  putBack(adem);
  adem.settings = { ...adem.settings, database: "sqlite:adem.db", sandbox: "off" };
  await adem.start();
  delete adem.settings.database;
  refused(adem, ["migrate"], "a program has it open: stop it first");
  equal(existsSync(join(adem.data, "adem.db")), true, "it stays where it is");
  equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "the program goes on");
  await adem.stop();
  adem.run("migrate");
  await adem.remove();
});

await test("place: one folder for the database and the pepper, or the configuration, is refused", async () => {
  const adem = new Adem("sqlite");
  copyFileSync(join(adem.data, "db/adem.db"), join(adem.data, "adem.db"));
  const serve = ["serve", "--listen", "127.0.0.1:0"];
  refused(adem, [...serve, "--database", "sqlite:adem.db"], "pepper.key lies in the folder of the database");
  refused(adem, ["work", "--database", "sqlite:adem.db"], "pepper.key lies in the folder of the database");
  writeFileSync(join(adem.data, "db/own.conf"), "workers = 1\n");
  refused(adem, [...serve, "--config", join(adem.data, "db/own.conf")], "own.conf lies in the folder of the database");
  await adem.remove();
});

// What it has besides its input and output, which all share.
const links = pid => readdirSync(`/proc/${pid}/fd`).filter(fd => Number(fd) > 2).map(fd => {
  try { return readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ""; }
});

for (const kind of databases) {
  const name = `place ${kind}: no process holds a socket of a sibling`;
  if (process.getuid() !== 0) {
    skip(name, "only root sees what a confined process has open");
    continue;
  }
  await test(name, async () => {
    const adem = await new Adem(kind, { workers: 2, hashers: 2 }).start();
    const children = readFileSync(`/proc/${adem.child.pid}/task/${adem.child.pid}/children`, "utf8").trim().split(" ")
      .map(pid => ({ name: readFileSync(`/proc/${pid}/comm`, "utf8").trim(), sockets: links(pid).filter(to => to.startsWith("socket:")) }));
    equal(children.map(one => one.name).sort().join(), "adem-hash,adem-hash,adem-jobs,adem-web,adem-web", "the children");
    const shared = (a, b) => a.sockets.filter(one => b.sockets.includes(one));
    for (const [i, a] of children.entries())
      for (const b of children.slice(i + 1))
        equal(shared(a, b).length, a.name === "adem-web" && b.name === "adem-web" ? 1 : 0, `sockets that ${a.name} and ${b.name} share`);
    const [hasher] = children.filter(one => one.name === "adem-hash");
    equal(hasher.sockets.length, 1, "sockets of a hasher");
    equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "and passwords are still checked");
    await adem.remove();
  });
}

for (const kind of databases)
  await test(`place ${kind}: adem work says that it works, and ends well when it is told to`, async () => {
    const adem = new Adem(kind);
    const child = spawn(program, ["work", ...adem.flags()], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((done, fail) => {
      child.stdout.on("data", text => { if (String(text).includes("adem: working")) done(); });
      child.once("exit", status => fail(new Error(`adem work ended with ${status}`)));
    });
    child.removeAllListeners("exit");
    const ended = new Promise(done => child.once("exit", done));
    child.kill("SIGTERM");
    equal(await ended, 0, "status");
    await adem.remove();
  });

await test("place: only migrate and demo make a database; who misses one is told", async () => {
  const adem = new Adem("sqlite"), file = join(adem.data, "db/adem.db"), away = join(adem.data, "away.db");
  renameSync(file, away);
  for (const words of [["serve", "--listen", "127.0.0.1:0"], ["work"], ["check"], ["account", "reset", "Yoga Setiawan"]]) {
    refused(adem, words, `there is no database at ${file}`);
    equal(existsSync(file), false, `a new database after ${words.join(" ")}`);
  }
  refused(adem, ["check", "--database", "sqlite:other/adem.db"], `there is no database at ${adem.data}/other/adem.db`);
  renameSync(away, file);
  holds(adem.run("check"), "all is well", "check");
  await adem.remove();
});

const everyCommand = [["migrate"], ["migrate", "--dry-run"], ["demo"], ["serve", "--listen", "127.0.0.1:0"], ["work"], ["check"],
  ["account", "reset", "Yoga Setiawan"], ["account", "invite", "--post", "Polsek Johar Baru", "--role", "desk"]];

await test("place: beside a pepper no new database is made in place of one that is missing or empty, unless it is asked for", async () => {
  const adem = new Adem("sqlite"), file = join(adem.data, "db/adem.db"), away = join(adem.data, "away.db");
  renameSync(file, away);
  for (const words of [["migrate"], ["migrate", "--dry-run"], ["demo"]]) {
    refused(adem, words, `${file} is missing`);
    refused(adem, words, "put its copy there");
    equal(existsSync(file), false, `a new database after ${words.join(" ")}`);
  }
  writeFileSync(file, "");
  for (const words of everyCommand) {
    refused(adem, words, "empty");
    refused(adem, words, "put its copy there");
    equal(statSync(file).size, 0, `bytes of the database after ${words.join(" ")}`);
  }
  rmSync(file);
  equal(spawnSync("sqlite3", [file, "PRAGMA user_version = 1"]).status, 0, "making a database without tables");
  for (const words of everyCommand) refused(adem, words, "the database is empty");
  renameSync(away, file);
  holds(adem.run("migrate"), "newest step", "migrate with the copy in its place");
  rmSync(file);
  adem.run("migrate", "--new-database");
  adem.run("demo");
  holds(adem.run("check"), "all is well", "check of the new one");
  await adem.remove();
});

if (databases.includes("postgres"))
  await test("place postgres: an empty database beside a pepper is not made a new one without a word", async () => {
    const adem = new Adem("postgres");
    adem.sql("DROP SCHEMA public CASCADE");
    adem.sql("CREATE SCHEMA public");
    for (const words of everyCommand) refused(adem, words, "the database is empty");
    adem.run("migrate", "--new-database");
    holds(adem.run("migrate"), "newest step", "migrate");
    await adem.remove();
  });

for (const [how, reach] of [
  ["two directories", (adem, other) => `${adem.data}/db/adem.db`],
  ["a symbolic link", (adem, other) => (symlinkSync(`${adem.data}/db/adem.db`, join(other, "linked.db")), "linked.db")],
  ["a hard link", (adem, other) => (linkSync(`${adem.data}/db/adem.db`, join(other, "linked.db")), "linked.db")],
])
  await test(`place: two servers on one database by ${how} are refused`, async () => {
    const adem = await new Adem("sqlite").start(), other = join(adem.data, "other");
    mkdirSync(join(other, "db"), { recursive: true });
    copyFileSync(join(adem.data, "pepper.key"), join(other, "pepper.key"));
    const file = reach(adem, join(other, "db")), same = { ...adem.settings, data: other, database: `sqlite:${file.startsWith("/") ? "" : "db/"}${file}` };
    refused({ flags: () => Object.entries(same).flatMap(([name, value]) => [`--${name}`, String(value)]) },
      ["serve", "--listen", "127.0.0.1:0"], "another \"adem serve\" runs on this database");
    equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "the first one goes on");
    await adem.remove();
  });

// A report that was acknowledged must not lie in a file that nobody finds.
const fileOf = (adem, suffix = "") => join(adem.data, `db/adem.db${suffix}`);
const report = who => who.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "ramai" });
for (const { what, change, kept } of [
  { what: "moved away", change: adem => renameSync(fileOf(adem), join(adem.data, "away.db")) },
  { what: "replaced by a copy", change: adem => {
    copyFileSync(fileOf(adem), join(adem.data, "copy.db"));
    renameSync(join(adem.data, "copy.db"), fileOf(adem));
  } },
  { what: "moved with its folder", change: adem => renameSync(join(adem.data, "db"), join(adem.data, "old")) },
  { what: "left without its log", kept: true, change: adem => rmSync(fileOf(adem, "-wal")) },
  { what: "left without the index of its log", kept: true, change: adem => rmSync(fileOf(adem, "-shm")) },
  { what: "overwritten by a copy", change: adem => copyFileSync(join(adem.data, "earlier.db"), fileOf(adem)) },
  { what: "emptied", change: adem => truncateSync(fileOf(adem)) },
]) {
  await test(`place: serve ends when its database is ${what}`, async () => {
    const adem = new Adem("sqlite");
    copyFileSync(fileOf(adem), join(adem.data, "earlier.db"));
    await adem.start();
    spawnSync(program, ["check", ...adem.flags()]); // makes files there and removes them: nothing to it
    const who = new Person(adem), taken = [];
    for (let i = 0; i < 20; i++) taken.push((await report(who)).data.receipt);
    adem.sql("PRAGMA wal_checkpoint(TRUNCATE)"); // SQLite's own shell at work beside it: nothing to it either
    for (let i = 0; i < 5; i++) taken.push((await report(who)).data.receipt);
    change(adem);
    // Until it has ended nothing is taken in, and no receipt that was is unknown.
    for (const receipt of taken) {
      const made = await report(who).catch(() => ({ status: 0 }));
      if (made.status !== 0) equal(made.status, 503, "a report");
      const shown = await who.ask("POST", "/receipts", { receipt }).catch(() => ({ status: 0 }));
      if (shown.status !== 0) {
        equal(shown.status, 503, "a receipt");
        holds(shown.text, "110", "what it says instead");
      }
    }
    equal(await adem.ended, 1, "status");
    adem.child = null;
    holds(readFileSync(adem.log, "utf8"), "database_replaced", "the log");
    if (kept) {
      await adem.start();
      for (const receipt of taken)
        equal((await new Person(adem).json("POST", "/receipts", { receipt })).status, 200, "a receipt at the next start");
    }
    if (what === "overwritten by a copy") {
      holds(adem.run("check", "--thorough"), "all is well", "check of the copy");
      equal(readdirSync(join(adem.data, "db")).some(name => name.startsWith("adem.db-wal.left-")), true, "the log is put aside");
    }
    await adem.remove();
  });
}
