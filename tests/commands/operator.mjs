// What whoever runs the machine gets wrong, and what the program then says: as git, nginx or PostgreSQL would.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, equal, holds, lacks, root, test, until } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const run = (words, env = {}) => spawnSync(program, words, { encoding: "utf8", env: { ...process.env, ...env } });

// A directory of its own that is gone afterwards.
async function within(work) {
  const folder = mkdtempSync(join(tmpdir(), "adem-test-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refused(done, piece, status = 2) {
  equal(done.status, status, `status of ${done.spawnargs ?? piece}`);
  holds(done.stderr, piece, "what is said");
}

await test("operator: what is misspelt is refused with what was meant", () => within(folder => {
  refused(run(["serv"]), 'did you mean "serve"?');
  refused(run(["migrat", "--data", folder]), 'did you mean "migrate"?');
  refused(run(["config", "--data", folder, "--listn", "1"]), "did you mean --listen?");
  refused(run(["config", "--data", folder, "--proof-of-wrok-bits=1"]), "did you mean --proof-of-work-bits?");
  refused(run(["config", "--data", folder], { ADEM_LISTN: "127.0.0.1:1" }), "did you mean ADEM_LISTEN?");
  refused(run(["num", "forecast", "--event", "x.csv"]), "did you mean --events?");
  writeFileSync(join(folder, "adem.conf"), "secure_cookie = yes\n");
  refused(run(["config", "--data", folder]), "did you mean secure_cookies?");
  rmSync(join(folder, "adem.conf"));
  equal(run(["config", "--data", folder], { ADEM_TEST_SOMETHING: "1" }).status, 0, "a variable of somebody else");
  equal(run(["nonsense"]).stderr.split("\n").length, 2, "lines about what is no command");
}));

await test("operator: adem num takes --name=value like all others", () => within(folder => {
  const done = run(["num", "forecast", `--events=${join(folder, "none.csv")}`]);
  lacks(done.stderr, "no option", "what is said");
  holds(done.stderr, "none.csv", "what is said");
}));

await test("operator: adem config does not print the database's password", () => within(folder => {
  for (const [url, shown] of [["postgresql://adem:s3cret@db.example/adem", "postgresql://adem:…@db.example/adem"],
    ["postgresql:///adem?host=/run/postgresql&password=s3cret&user=adem", "postgresql:///adem?host=/run/postgresql&password=…&user=adem"],
    ["postgres://adem@db.example:5432/adem", "postgres://adem@db.example:5432/adem"]]) {
    const { stdout } = run(["config", "--data", folder, "--database", url]);
    holds(stdout, `database = ${shown}\n`, "adem config");
    lacks(stdout, "s3cret", "adem config");
  }
}));

await test("operator: a configuration that cannot be read, or says where it is itself, is refused", () => within(folder => {
  const file = join(folder, "adem.conf"), named = join(folder, "other.conf");
  refused(run(["config", "--data", folder, "--config", folder]), `${folder}: Is a directory`);
  mkdirSync(file);
  refused(run(["config", "--data", folder]), "Is a directory");
  rmSync(file, { recursive: true });
  writeFileSync(file, "data = /elsewhere\n");
  refused(run(["config", "--data", folder]), "adem.conf:1: data cannot be changed by the file that was found there: say --data or ADEM_DATA instead");
  writeFileSync(file, "config = /elsewhere\n");
  refused(run(["config", "--data", folder]), "say --config or ADEM_CONFIG instead");
  rmSync(file);
  writeFileSync(named, `data = ${folder}\n`);
  holds(run(["config", "--config", named]).stdout, `data = ${folder}\n`, "a file that was named");
  writeFileSync(file, run(["config", "--data", folder]).stdout);
  equal(run(["config", "--data", folder]).status, 0, "what adem config prints is a configuration");
}));

await test("operator: an invitation is for the only region there is, or for one that is named", async () => {
  const adem = new Adem("sqlite"), invite = ["account", "invite", "--post", "Polsek Johar Baru", "--role", "desk"];
  holds(adem.run(...invite), "enter this code", "account invite");
  adem.sql("INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('31.72', 2, 'Kota Kedua', 'WIB', 1)");
  const { stderr } = adem.fails(...invite);
  for (const piece of ["say where with --region", "31.71  ", "31.72  Kota Kedua"]) holds(stderr, piece, "what is said");
  holds(adem.run(...invite, "--region", "31.71"), "enter this code", "account invite");
  await adem.remove();
});

await test("operator: a configuration with a password that everybody can read is refused", () => within(folder => {
  const file = join(folder, "adem.conf");
  writeFileSync(file, "database = postgresql://adem:s3cret@/adem\n");
  chmodSync(file, 0o644);
  refused(run(["config", "--data", folder]), "can be read by everybody");
  chmodSync(file, 0o640);
  equal(run(["config", "--data", folder]).status, 0, "readable by a group");
  writeFileSync(file, "workers = 2\n");
  chmodSync(file, 0o644);
  equal(run(["config", "--data", folder]).status, 0, "without a password");
}));

await test("operator: migrate --dry-run makes nothing", () => within(folder => {
  const data = join(folder, "new"), done = run(["migrate", "--dry-run", "--data", data]);
  equal(done.status, 0, done.stderr);
  holds(done.stdout, "0001 foundation: would be applied", "what is said");
  equal(existsSync(data), false, "the directory");
  const made = run(["migrate", "--data", data]);
  equal(made.status, 0, "migrate");
  holds(made.stdout, "\n0002 cooling: 2 of ", "what is said as a step begins");
  holds(made.stdout, "\n0002 cooling: applied\n", "what is said as it ends");
  const before = readdirSync(data, { recursive: true }).join();
  const again = run(["migrate", "--dry-run", "--data", data]);
  equal(again.status, 0, again.stderr);
  lacks(again.stdout, "would be applied", "what is said then");
  equal(readdirSync(data, { recursive: true }).join(), before, "files");
}));

await test("operator: a region that is not in the database is refused with those that are", () => {
  const adem = new Adem("sqlite");
  refused(run(["serve", ...adem.flags(), "--region", "99.99"]), "region: there is no 99.99 in the database, but: 31.71", 1);
  rmSync(adem.data, { recursive: true });
});

await test("operator: errors of a database name its file", () => {
  const adem = new Adem("sqlite"), file = join(adem.data, "db/adem.db");
  writeFileSync(file, "no database, but long enough to be read as one ".repeat(100));
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
  const done = run(["check", ...adem.flags()]);
  equal(done.status, 1, "status");
  holds(done.stderr, "db/adem.db", "what is said");
  rmSync(adem.data, { recursive: true });
});

await test("operator: a second server on one directory is refused, and the first goes on", async () => {
  const adem = await new Adem("sqlite").start();
  refused(run(["serve", ...adem.flags(), "--listen", "127.0.0.1:0"]), "another \"adem serve\" runs on this directory", 1);
  equal((await new Person(adem).get("/")).status, 200, "the first");
  await adem.stop();
  await adem.start();
  await adem.kill();
  await adem.start();
  equal((await new Person(adem).get("/")).status, 200, "after kill -9");
  await adem.remove();
});

await test("operator: signals that mean nothing to it end nothing; its log begins with what it is", async () => {
  const adem = await new Adem("sqlite").start();
  for (const signal of ["SIGUSR1", "SIGUSR2"]) process.kill(-adem.child.pid, signal);
  equal((await new Person(adem).get("/")).status, 200, "after the signals");
  const log = readFileSync(adem.log, "utf8");
  holds(log, "started", "the log");
  holds(log, "version=", "the log");
  holds(log, "database=sqlite", "the log");
  lacks(log, "child_died", "the log");
  process.kill(adem.child.pid, "SIGHUP");
  equal(await adem.ended, 0, "status after its terminal went away");
  adem.child = null;
  await adem.remove();
});

// A line of logfmt as its readers take it apart; throws when something is left over.
function logfmt(line) {
  const pairs = {};
  let rest = line;
  while (rest) {
    const one = /^([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"=]+)(?: |$)/.exec(rest);
    if (!one) throw new Error(`not logfmt: ${line}`);
    pairs[one[1]] = one[2].startsWith('"') ? JSON.parse(one[2]) : one[2];
    rest = rest.slice(one[0].length);
  }
  return pairs;
}

await test("operator: every line of the log parses, as logfmt and as JSON, and levels leave out", async () => {
  const wrong = { listen: 'a "b" = \\c d:80' };
  for (const [format, parse] of Object.entries({ logfmt, json: JSON.parse })) {
    const adem = await new Adem("sqlite", { "log-format": format }).start();
    await adem.stop();
    const lines = readFileSync(adem.log, "utf8").split("\n").filter(Boolean).map(parse);
    const started = lines.find(each => each.event === "started");
    equal(started.level, "info", "level");
    equal(String(started.workers), "2", "workers");
    equal(typeof started.workers, format === "json" ? "number" : "string", "type of a number");
    const failed = run(["serve", ...adem.flags(), "--listen", wrong.listen]);
    const said = failed.stderr.split("\n").filter(Boolean).map(parse).find(each => each.level === "error");
    equal(said.listen, wrong.listen, "a value with everything in it");
    const quiet = run(["serve", ...adem.flags(), "--log-level", "error", "--listen", wrong.listen]).stderr.split("\n").filter(Boolean).map(parse);
    equal(quiet.every(each => each.level === "error"), true, "levels");
    await adem.remove();
  }
});

await test("operator: script/server --help says how without building, and --data without a value is wrong", () => {
  const env = { ...process.env, PATH: "/usr/bin:/bin" };
  const help = spawnSync("sh", [join(root, "script/server"), "--help"], { encoding: "utf8", env });
  equal(help.status, 0, "status");
  holds(help.stdout, "--data DIR", "the help");
  lacks(help.stdout + help.stderr, "building", "the help");
  equal(spawnSync("sh", [join(root, "script/server"), "--data"], { encoding: "utf8", env }).status, 2, "status without a value");
});

await test("operator: script/server --data X serves X", () => within(async folder => {
  const data = join(folder, "mine");
  const child = spawn("sh", [join(root, "script/server"), "--data", data, "--listen=127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", chunk => { said += chunk; });
  const ended = new Promise(done => child.once("exit", done));
  try {
    await until(() => {
      if (child.exitCode !== null) throw new Error(said);
      return /adem: ready at/.test(said);
    }, "the server", 300);
    equal(existsSync(join(data, "db/adem.db")), true, "its database");
  } finally {
    process.kill(-child.pid, "SIGTERM");
    await ended;
  }
}));
