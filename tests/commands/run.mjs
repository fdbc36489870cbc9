// The commands, as whoever runs the machine uses them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Adem, Person, databases, equal, finish, holds, lacks, password, root, test } from "../lib/adem.mjs";
import "./another_database.mjs";
import "./args.mjs";
import "./backup.mjs";
import "./check.mjs";
import "./clock.mjs";
import "./idle.mjs";
import "./ready.mjs";
import "./demo.mjs";
import "./full_disk.mjs";
import "./interrupted.mjs";
import "./operator.mjs";
import "./pepper.mjs";
import "./place.mjs";
import "./silent.mjs";
import "./stalled.mjs";
import "./units.mjs";
import "./upgrade.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const run = (words, env = {}) => spawnSync(program, words, { encoding: "utf8", env: { ...process.env, ...env } });

for (const kind of databases) {
  const adem = await new Adem(kind, { region: "31.71" }).start();

  await test(`commands ${kind}: account invite makes a member who waits for the key`, async () => {
    const said = adem.run("account", "invite", "--post", "Polsek Johar Baru", "--role", "desk", "--name", "Rina Amelia");
    const code = /code: (\S+)/.exec(said)[1];
    const rina = new Person(adem, "Rina Amelia");
    equal((await rina.post("/invitations/accept", { code, name: "Rina Amelia", password })).status, 200, "accepting");
    holds((await rina.get("/accounts/me")).text, "anggota lain harus memberi Anda kunci pos");
    const dimas = new Person(adem, "Dimas Nugroho");
    await dimas.signIn();
    const post = /\/posts\/(\d+)">Polsek Johar Baru/.exec((await dimas.get("/posts")).text)[1];
    const membership = /\/memberships\/(\d+)\/key/.exec((await dimas.get(`/posts/${post}`)).text)[1];
    equal((await dimas.post(`/memberships/${membership}/key`)).status, 303, "giving the key");
    if ((await rina.get("/accounts/me")).text.includes("anggota lain harus memberi")) throw new Error("the key was not given");
  });

  await test(`commands ${kind}: account reset sets a new password and loses the keys`, async () => {
    const code = /code: (\S+)/.exec(adem.run("account", "reset", "Yoga Setiawan"))[1];
    const yoga = new Person(adem, "Yoga Setiawan");
    equal((await yoga.post("/invitations/accept", { code, password: "empat kata yang lain" })).status, 200, "using the code");
    equal((await new Person(adem, "Yoga Setiawan").signIn()).status, 401, "the old password");
    equal((await new Person(adem, "Yoga Setiawan").signIn("empat kata yang lain")).status, 303, "the new password");
    // The only reader of the post gets a new key for what comes; whoever has colleagues waits for one of them.
    lacks((await yoga.get("/accounts/me")).text, "anggota lain harus memberi");
    const ratih = new Person(adem, "Ratih Kusuma"), other = /code: (\S+)/.exec(adem.run("account", "reset", "Ratih Kusuma"))[1];
    equal((await ratih.post("/invitations/accept", { code: other, password: "empat kata yang lain" })).status, 200, "using the code");
    holds((await ratih.get("/accounts/me")).text, "anggota lain harus memberi Anda kunci pos");
  });

  await test(`commands ${kind}: check finds a post whose key nobody holds any more, until the post above gives it again`, async () => {
    adem.sql("DELETE FROM circle_keys WHERE holder = 'account' AND holder_id = (SELECT id FROM accounts WHERE name = 'Yoga Setiawan')");
    const done = run(["check", ...adem.flags()]);
    equal(done.status, 1, "status");
    holds(done.stdout, "1 posts whose newest key no member holds: what is reported to them now nobody there can read", "check");
    const keeper = new Person(adem, "Agung Wibisono");
    await keeper.signIn();
    const post = /\/posts\/(\d+)">Bhabinkamtibmas Galur/.exec((await keeper.get("/posts")).text)[1];
    const membership = /\/memberships\/(\d+)\/key/.exec((await keeper.get(`/posts/${post}`)).text)[1];
    equal((await keeper.post(`/memberships/${membership}/key`)).status, 303, "giving the key");
    holds(adem.run("check"), "0 posts whose newest key no member holds", "check");
  });

  await test(`commands ${kind}: an invitation for a post or role that is not there is refused with what there is`, () => {
    const post = run(["account", "invite", "--post", "Nowhere", "--role", "desk", ...adem.flags()]);
    equal(post.status, 1, "status");
    holds(post.stderr, "Polsek Johar Baru", "the error");
    equal(run(["account", "invite", "--post", "Polsek Johar Baru", "--role", "king", ...adem.flags()]).status, 2, "status");
  });

  await test(`commands ${kind}: a name from the command line is what a form takes`, () => {
    const refused = ["", "   ", "dua\nbaris", "x".repeat(81)], invite = ["account", "invite", "--post", "Polsek Johar Baru", "--role", "desk"];
    for (const name of refused)
      for (const words of [[...invite, "--name", name], ["account", "reset", name]]) {
        const done = run([...words, ...adem.flags()]);
        equal(done.status, 2, `status of ${JSON.stringify(words)}`);
        holds(done.stderr, "a name or number on one line, 1 to 80 characters", "the error");
      }
    const bytes = spawnSync("sh", ["-c", 'exec "$@" "$(printf "a\\377b")"', "sh", program, "account", "reset", ...adem.flags()], { encoding: "utf8" });
    equal(bytes.status, 2, "what is not UTF-8");
    const code = /code: (\S+)/.exec(run([...invite, "--name", `  ${"é".repeat(79)}\u0007x `, ...adem.flags()]).stdout);
    if (!code) throw new Error("80 characters are not taken");
    equal(adem.sql(`SELECT count(*) FROM invitations WHERE name = '${"é".repeat(79)}x'`).trim(), "1", "the name as it is kept");
    equal(run(["account", "reset", ...adem.flags()]).status, 2, "a reset of nobody");
  });

  await test(`commands ${kind}: migrate and demo again change nothing`, () => {
    adem.run("migrate");
    holds(adem.run("demo"), "Sari Wulandari", "demo");
    holds(adem.run("check"), "all is well", "check");
  });

  await test(`commands ${kind}: check finds work that was given up, a changed audit, a box that nobody can open`, async () => {
    const finds = piece => {
      const done = run(["check", ...adem.flags()]);
      equal(done.status, 1, "status");
      holds(done.stdout, piece, "check");
    };
    adem.sql("INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, attempt, created_ms, failed) VALUES ('31.71', 5, 'jobs_sweep', 0, 0, 8, 0, 'why')");
    finds("1 jobs given up; an administrator finds them at /jobs");
    adem.sql("DELETE FROM jobs WHERE region = '31.71' AND id = 5");
    adem.run("check");
    equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "ramai" })).status, 201, "a report");
    adem.run("check");
    adem.sql("CREATE TABLE kept AS SELECT * FROM circle_keys");
    adem.sql("DELETE FROM circle_keys");
    finds("1 that no member can open: a member of the post above gives the key again");
    finds("(Sekretariat RW 08 Kampung Rawa)");
    finds("posts whose newest key no member holds: what is reported to them now nobody there can read");
    adem.sql("INSERT INTO circle_keys SELECT * FROM kept");
    adem.sql("DROP TABLE kept");
    adem.run("check");
    adem.sql("CREATE TABLE kept AS SELECT * FROM report_readers");
    adem.sql("DELETE FROM report_readers");
    finds("1 reports without a reader: rows of report_readers are missing");
    adem.sql("INSERT INTO report_readers SELECT * FROM kept");
    adem.sql("DROP TABLE kept");
    await adem.stop();
    adem.sql("INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms) VALUES ('31.71', 5, 'jobs_sweep', 0, 0, 0)");
    finds("1 jobs overdue, the oldest by");
    adem.sql("DELETE FROM jobs WHERE region = '31.71' AND id = 5");
    adem.run("check", "--thorough");
    adem.sql("UPDATE audit SET detail = 'changed' WHERE region = '31.71' AND number = 2");
    finds("the audit chain is broken at row 2");
    finds("keep a copy of the database as it is");
  });
  await test(`commands ${kind}: check says what it looked at; a reference to nothing is found by --thorough`, async () => {
    const fresh = new Adem(kind), orphan = `INSERT INTO case_entries (region, id, case_id, kind, detail, created_ms)
      VALUES ('31.71', 7, 99, 'called', '', 0)`;
    fresh.sql(kind === "sqlite" ? orphan : `SET session_replication_role = replica; ${orphan}`);
    holds(fresh.run("check"), "only --thorough reads", "check");
    const done = run(["check", "--thorough", ...fresh.flags()]);
    equal(done.status, 1, "status");
    holds(done.stdout, "case_entries", "check --thorough");
    holds(done.stdout, "references were read", "check --thorough");
    lacks(done.stdout, "only --thorough", "check --thorough");
    await fresh.remove();
  });
  await adem.remove();
}

await test("the documented clients get their reports through", async () => {
  const text = readFileSync(join(root, "docs/decisions/0204-form-tokens.md"), "utf8");
  const client = kind => new RegExp("```" + kind + "\\n([\\s\\S]*?)```").exec(text)[1];
  const adem = await new Adem("sqlite", { "proof-of-work-bits": 12, "proof-wait-s": 1 }).start();
  const python = spawnSync("python3", ["-c", client("python"), adem.url], { encoding: "utf8" });
  const shell = spawnSync("sh", ["-euc", client("sh"), "sh", adem.url], { encoding: "utf8" });
  for (const [what, done] of Object.entries({ python, shell })) {
    const receipt = /[0-9A-Z]{4}(-[0-9A-Z]{4}){4}/.exec(done.stdout);
    if (!receipt) throw new Error(`${what}: ${done.stdout}${done.stderr}`);
    equal((await new Person(adem).json("POST", "/receipts", { receipt: receipt[0] })).status, 200, what);
  }
  await adem.remove();
});

function otherThan(name, preset) {
  if (/^\d+$/.test(preset)) return String(Number(preset) + 1);
  const texts = { secure_cookies: "yes", sandbox: "off", log_level: "warn", log_format: "json", listen: "127.0.0.1:1", database: "sqlite:other.db", trusted_proxies: "10.0.0.0/8", region: "31.74" };
  return texts[name] ?? "other";
}

await test("every setting works in file, environment and as a flag, in that order", async () => {
  const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
  const data = mkdtempSync(join((await import("node:os")).tmpdir(), "adem-test-"));
  writeFileSync(join(data, "adem.conf"), "# a comment\nproof_of_work_bits = 3\nworkers = 7\n");
  const config = (env, ...flags) => run(["config", "--data", data, ...flags], env).stdout;
  holds(config({}), "proof_of_work_bits = 3");
  holds(config({ ADEM_PROOF_OF_WORK_BITS: "4" }), "proof_of_work_bits = 4");
  holds(config({ ADEM_PROOF_OF_WORK_BITS: "4" }, "--proof-of-work-bits", "5"), "proof_of_work_bits = 5");
  holds(config({}), "workers = 7");
  writeFileSync(join(data, "adem.conf"), "");
  const manual = readFileSync(join(root, "docs/adem.conf.5"), "utf8");
  for (const [, name, preset] of config({}).matchAll(/^(\w+) = (.*)$/gm)) {
    holds(manual, `.It Cm ${name}\n`, "adem.conf(5)");
    if (name === "data" || name === "config") continue;
    const value = otherThan(name, preset), wanted = `\n${name} = ${value}\n`;
    holds(config({ [`ADEM_${name.toUpperCase()}`]: value }), wanted, "with the environment");
    holds(config({}, `--${name.replaceAll("_", "-")}`, value), wanted, "with the flag");
    holds(config({}, `--${name.replaceAll("_", "-")}=${value}`), wanted, "with the flag and =");
    writeFileSync(join(data, "adem.conf"), `${name} = ${value}\n`);
    holds(config({}), wanted, "with the file");
    writeFileSync(join(data, "adem.conf"), "");
  }
  writeFileSync(join(data, "adem.conf"), "speed = 3\n");
  equal(run(["config", "--data", data]).status, 2, "an unknown setting");
  writeFileSync(join(data, "adem.conf"), "workers = 1\n# once more\nworkers = 2\n");
  const twice = run(["config", "--data", data]);
  equal(twice.status, 2, "a setting that stands twice");
  holds(twice.stderr, "adem.conf:3: workers stands in line 1 already", "what is said");
  writeFileSync(join(data, "adem.conf"), "workers = 65\n");
  holds(run(["config", "--data", data]).stderr, 'adem.conf:1: workers is not "65" but a whole number from 0 to 64', "what is said");
  writeFileSync(join(data, "adem.conf"), "");
  const bad = run(["config", "--data", data], { ADEM_WORKERS: "65" });
  equal(bad.status, 2, "a wrong value in the environment");
  holds(bad.stderr, 'ADEM_WORKERS is not "65"', "what is said");
  rmSync(data, { recursive: true });
});
finish();
