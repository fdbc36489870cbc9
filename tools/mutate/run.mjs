// Breaks the code on purpose, one place at a time, in a copy of the tree, and tells which breaks no test notices. See --help.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { apply, breaks, lines } from "./operators.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const usage = `usage: script/mutate [--seed N] [--count N] [--least PERCENT] [--narrow] [PATH …]

Breaks the code under PATH (preset: src/features, as .c, .sql and .html) in COUNT places (preset: 20) drawn by SEED (preset: today's
date), one at a time, in a copy; builds, runs the tests whose subject it is, then all others but the long ones, and prints every break
that nothing noticed, as a diff. Fails when fewer than PERCENT (preset: 85) were noticed. Breaks that change nothing a person could see
stand in tests/mutate/equal.txt, each with its reason, and are not drawn. --narrow leaves out what takes long (browser, crash, commands,
the second database …): what is noticed so is noticed, and the rest may be asked again without it.`;

function options(words) {
  const o = { seed: Number(new Date().toISOString().slice(0, 10).replaceAll("-", "")), count: 20, least: 85, narrow: false, paths: [] };
  for (let i = 0; i < words.length; i++) {
    const [, name, value] = /^--(seed|count|least)(?:=(.*))?$/.exec(words[i]) || [];
    if (words[i] === "--help") { console.log(usage); process.exit(0); }
    if (words[i] === "--narrow") { o.narrow = true; continue; }
    if (!name && words[i].startsWith("-")) { console.error(`script/mutate: no such option: ${words[i]}\n${usage}`); process.exit(2); }
    if (!name) { o.paths.push(words[i].replace(/\/$/, "")); continue; }
    o[name] = Number(value ?? words[++i]);
    if (!Number.isInteger(o[name]) || o[name] < 0) { console.error(`script/mutate: --${name} takes a whole number`); process.exit(2); }
  }
  if (!o.paths.length) o.paths = ["src/features"];
  return o;
}

// Numbers from 0 to 1, the same for the same seed (mulberry32).
function random(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

const o = options(process.argv.slice(2));
const git = (...words) => spawnSync("git", words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }).stdout.split("\n").filter(Boolean);
const files = git("ls-files", "-co", "--exclude-standard").filter(file => existsSync(join(root, file)));
const home = mkdtempSync(join(tmpdir(), "adem-mutate-"));
const copy = join(home, "tree");

function make_copy() {
  mkdirSync(env.TMPDIR);
  for (const file of files) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
  for (const [from, to] of [["node_modules", join(copy, "node_modules")], ["../shared", join(home, "shared")]])
    if (existsSync(join(root, from))) symlinkSync(resolve(root, from), to);
}

// What runs from the copy is ended, whatever group it is in: the server of a test that hung, for one.
function end_all() {
  for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/exe`).startsWith(copy)) process.kill(Number(pid), "SIGKILL");
    } catch { /* it ended by itself, or is not ours */ }
  }
}

// The first test that fails ends its suite: that it failed is all there is to know.
const env = { ...process.env, ADEM_TEST_FIRST: "1", TMPDIR: join(home, "tmp"), ADEM_POSTGRES_DIR: `${home}-postgres` };

// Runs a command in the copy. "" where it ends well within the time, else what went wrong: the first test that failed, or "too late".
// MORE is put on top of the environment.
function run(command, words, seconds, more = {}) {
  return new Promise(done => {
    const said = openSync(join(home, "said"), "w");
    let wrong = "failed";
    const child = spawn(command, words, { cwd: copy, env: { ...env, ...more }, stdio: ["ignore", said, "ignore"], detached: true });
    const late = setTimeout(() => {
      wrong = "too late";
      try { process.kill(-child.pid, "SIGKILL"); } catch { /* just ended */ }
    }, seconds * 1000);
    child.once("exit", status => {
      clearTimeout(late);
      closeSync(said);
      end_all();
      const [, mjs, meson] = /^not ok (.*)$|^ *\d+\/\d+ \S+ \/ (\w+) +(?:FAIL|TIMEOUT|ERROR)/m.exec(readFileSync(join(home, "said"), "utf8")) || [];
      done(status === 0 ? "" : mjs || meson || wrong);
    });
  });
}

const build = async () => !await run("ninja", ["-C", "build", "--quiet"], 900);

const nearest = "http of its noun";

// The tests over HTTP that bear the noun of FILE in their name, as a regular expression: cases_seen.sql is asked of by "cases" and "seen".
function near(file) {
  const [, , folder, name] = file.split("/");
  return [...new Set([folder, ...name.replace(/\..*$/, "").split("_")])].map(word => word.replace(/s$/, "")).join("|");
}

// Suites from the narrowest to the widest for a file: each on SQLite alone, then on both databases what the databases do differently.
// The numbers' own suites are only asked where numbers are broken.
function suites(file) {
  const meson = name => ["meson", ["test", "-C", "build", "--no-rebuild", "--maxfail", "1", "--timeout-multiplier", "6", "--suite", name]];
  const node = (name, more) => ["node", [`tests/${name}/run.mjs`], more];
  if (file.startsWith("src/num/") || file.startsWith("src/cli/num/")) return { num: meson("num"), "commands/num": node("commands/num") };
  let http = { "http on SQLite": node("http", { ADEM_TEST_POSTGRES: "" }) };
  const narrow = { unit: meson("unit"), whole: meson("whole") };
  const wide = {}, feature = file.startsWith("src/features/");
  if (feature) http = { [nearest]: node("http", { ADEM_TEST_POSTGRES: "", ADEM_TEST_NAMES: near(file) }), ...http };
  if (o.narrow) return feature ? { ...http, ...narrow } : { ...narrow, ...http };
  for (const name of ["escalation", "vault", "crawl", "crash", "commands", "browser"]) wide[`${name} on SQLite`] = node(name, { ADEM_TEST_POSTGRES: "" });
  for (const name of feature ? ["http"] : ["http", "vault", "crawl", "crash", "commands"]) wide[name] = node(name);
  return feature ? { ...http, ...narrow, ...wide } : { ...narrow, ...http, ...wide };
}

// The programs of meson's suite NAME that were built anew after SINCE: no other can notice a break.
function rebuilt(name, since) {
  const tests = JSON.parse(spawnSync("meson", ["introspect", "--tests", "build"], { cwd: copy, encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
  return tests.filter(({ suite, cmd }) => suite.includes(`adem:${name}`) && cmd[0].startsWith(copy) && statSync(cmd[0]).mtimeMs > since).map(test => test.name);
}

// Every suite once, on the code as it is: what is red before a break says nothing about it. Its time is the measure of a hang.
async function baseline(wanted) {
  const seconds = {};
  delete wanted[nearest];
  for (const [name, [command, words, more]] of Object.entries(wanted)) {
    const begun = Date.now();
    const wrong = await run(command, words, 3600, more);
    if (wrong) throw new Error(`${name} fails without any break (${wrong}): mend that first`);
    seconds[name] = (Date.now() - begun) / 1000;
    console.error(`  ${name}: ${seconds[name].toFixed(0)} s`);
  }
  seconds[nearest] = seconds["http on SQLite"];
  return seconds;
}

function known_equal() {
  const file = join(root, "tests/mutate/equal.txt");
  return new Set(!existsSync(file) ? [] : readFileSync(file, "utf8").split("\n").filter(line => line && !line.startsWith("#"))
    .map(line => line.split("\t").slice(0, 3).join("\t")));
}
const key = (file, changed) => [file, changed.before.join(" ").trim(), changed.after.join(" ").trim()].join("\t");

// COUNT breaks: first the kind is drawn, then the place, so that rare kinds come up as well.
function* draw(texts) {
  const equal = known_equal(), next = random(o.seed), by_kind = new Map();
  for (const [file, text] of texts)
    for (const some of breaks(file, text)) {
      if (!by_kind.has(some.what)) by_kind.set(some.what, []);
      by_kind.get(some.what).push({ file, ...some });
    }
  while (by_kind.size) {
    const kinds = [...by_kind.keys()].sort(), kind = kinds[Math.floor(next() * kinds.length)], list = by_kind.get(kind);
    const [some] = list.splice(Math.floor(next() * list.length), 1);
    if (!list.length) by_kind.delete(kind);
    const changed = lines(texts.get(some.file), some);
    if (!equal.has(key(some.file, changed))) yield { ...some, changed };
  }
}

// Measures suite NAME anew on the code without the break, which is put in again: did it take longer than before?
async function slower(some, text, name, [command, words, more], seconds) {
  const before = seconds[name], begun = Date.now();
  writeFileSync(join(copy, some.file), text);
  await build();
  if (await run(command, words, 3600, more)) throw new Error(`${name} fails without any break`);
  seconds[name] = Math.max(before, (Date.now() - begun) / 1000);
  writeFileSync(join(copy, some.file), apply(text, some));
  await build();
  return seconds[name] > before;
}

// Who noticed: the suite and its test, "nobody", or undefined for a break that does not build.
async function notice(some, text, seconds) {
  const since = Date.now();
  writeFileSync(join(copy, some.file), apply(text, some));
  try {
    if (!await build()) return undefined;
    for (const [name, [command, all, more]] of Object.entries(suites(some.file))) {
      const ours = command === "meson" && name !== "num" ? rebuilt(name, since) : undefined, words = ours ? [...all.slice(0, -2), ...ours] : all;
      if (ours?.length === 0) continue;
      const ask = () => run(command, words, seconds[name] * 3 + 30, more);
      const wrong = await ask();
      // A machine that others use is slow as well: what the code takes now without the break is the measure.
      if (wrong === "too late" && await slower(some, text, name, suites(some.file)[name], seconds) && !await ask()) continue;
      if (wrong) return `${name}: ${wrong}`;
    }
    return "nobody";
  } finally {
    writeFileSync(join(copy, some.file), text);
  }
}

function diff({ file, what, changed }) {
  return [`${file}:${changed.line}: ${what}`, ...changed.before.map(line => `-${line}`), ...changed.after.map(line => `+${line}`), ""].join("\n");
}

async function main() {
  const chosen = files.filter(file => /\.(c|sql|html)$/.test(file) && !file.includes("/migrations/") && o.paths.some(path => file === path || file.startsWith(path + "/")));
  if (!chosen.length) throw new Error(`nothing to break under ${o.paths.join(", ")}`);
  const texts = new Map(chosen.map(file => [file, readFileSync(join(root, file), "utf8")]));
  make_copy();
  env.ADEM_TEST_POSTGRES = spawnSync("script/postgres", ["start"], { cwd: copy, env, encoding: "utf8" }).stdout.trim();
  console.error("script/mutate: building a copy");
  if (await run("meson", ["setup", "build", "-Doptimization=0", "-Dwerror=false"], 300) || !await build()) throw new Error("the code does not build as it is");
  console.error("script/mutate: every suite once without a break");
  const seconds = await baseline(Object.assign({}, ...chosen.map(suites)));
  let noticed = 0, missed = 0;
  for (const some of draw(texts)) {
    if (noticed + missed >= o.count) break;
    const who = await notice(some, texts.get(some.file), seconds);
    if (!who) continue;
    console.error(`${who === "nobody" ? "NOT NOTICED" : `noticed by ${who}`} ${some.file}:${some.changed.line} ${some.what}`);
    if (who === "nobody") {
      missed++;
      console.log(diff(some));
    } else noticed++;
  }
  const all = noticed + missed, percent = all ? Math.floor(100 * noticed / all) : 100;
  console.log(`seed ${o.seed}: ${noticed} of ${all} breaks noticed (${percent} %)`);
  return percent >= o.least ? 0 : 1;
}

let status = 2;
const tidy = () => {
  spawnSync("script/postgres", ["stop"], { cwd: copy, env });
  end_all();
  rmSync(home, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { tidy(); process.exit(130); });
try {
  status = await main();
} catch (error) {
  console.error(`script/mutate: ${error.message}`);
} finally {
  if (statSync(home, { throwIfNoEntry: false })) tidy();
}
process.exit(status);
