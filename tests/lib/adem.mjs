// What tests of the running program share: a server of their own on a database of its own, people who sign in, and counting.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync, openSync, writeSync, closeSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
export const password = "adem-malam-ini";

// "sqlite", and "postgres" where script/test has started one.
export const databases = !process.env.ADEM_TEST_POSTGRES ? ["sqlite"]
  : process.env.ADEM_TEST_ONLY ? [process.env.ADEM_TEST_ONLY] : ["sqlite", "postgres"];

// Every address of the program, as it says them itself.
export function everyRoute() {
  const done = spawnSync(program, ["routes", "--json"], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`adem routes: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

let databaseNumber = 0;

// Debian's psql is a script that looks for the newest one: asked hundreds of times it costs more than what it is asked.
const versions = "/usr/lib/postgresql";
const psqlProgram = existsSync(versions) ? readdirSync(versions).map(version => join(versions, version, "bin/psql")).filter(existsSync).pop() : undefined;

function psql(url, sql) {
  const done = spawnSync(psqlProgram ?? "psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url, "-c", sql], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
  return done.stdout;
}

// The same server with another database in its path, and perhaps another address.
function urlOf(admin, database, node) {
  const url = admin.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
  return node ? url.replace(/(@|\/\/)[^@/]*(\/)/, (all, at, slash) => `${at}${node}${slash}`) : url;
}

// On a Citus the database is made on every node and joined together.
function nodesOf(admin) {
  const known = psql(admin, "SELECT count(*) FROM pg_extension WHERE extname = 'citus'").trim() === "1";
  const home = process.env.ADEM_TEST_CITUS_NODES ? urlOf(admin, process.env.ADEM_TEST_CITUS_NODES) : admin;
  if (!known && home === admin) return [];
  return psql(home, "SELECT nodename || ':' || nodeport FROM pg_dist_node ORDER BY groupid").trim().split("\n");
}

function createOnNodes(admin, database, nodes) {
  for (const node of nodes.slice(1)) psql(urlOf(admin, "postgres", node), `CREATE DATABASE ${database}`);
  for (const node of nodes) psql(urlOf(admin, database, node), "CREATE EXTENSION citus");
  const call = (name, node) => `SELECT ${name}('${node.split(":")[0]}', ${node.split(":")[1]})`;
  psql(urlOf(admin, database), call("citus_set_coordinator_host", nodes[0]));
  for (const node of nodes.slice(1)) psql(urlOf(admin, database), call("citus_add_node", node));
}

// What still runs when the tests end early ends with them.
const running = new Set();
process.on("exit", () => {
  for (const child of running)
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended meanwhile.
    }
});

export class Adem {
  // A migrated database with the demo region (unless DEMO is false: then without any), in a directory of its own in FOLDER.
  // Everybody of it is signed in on some phone, and hears calls, unless HEARS is false: then who signs in.
  constructor(kind, settings = {}, { demo = true, hears = demo, folder = tmpdir() } = {}) {
    this.kind = kind;
    this.data = mkdtempSync(join(folder, "adem-test-"));
    this.clock = join(this.data, "clock");
    writeFileSync(this.clock, Buffer.alloc(8));
    this.settings = { data: this.data, "rehearsal-clock": this.clock, "proof-of-work-bits": 0, "acts-per-hour": 100000, "session-idle-hours": 168, "disk-reserve-mib": 1, workers: 2, ...settings };
    if (kind === "postgres") {
      this.admin = process.env.ADEM_TEST_POSTGRES;
      this.database = `adem_${process.pid}_${++databaseNumber}`;
      psql(this.admin, `CREATE DATABASE ${this.database}`);
      this.nodes = nodesOf(this.admin);
      if (this.nodes.length) createOnNodes(this.admin, this.database, this.nodes);
      this.settings.database = urlOf(this.admin, this.database);
    }
    this.run("migrate");
    if (demo) this.run("demo");
    if (hears) this.sql(`INSERT INTO sessions (region, id, account_id, token_hash, wrapped_key, created_ms, seen_ms, expires_ms)
      SELECT region, id, id, ${kind === "sqlite" ? "randomblob(32)" : "sha256(id::text::bytea)"}, ${kind === "sqlite" ? "x''" : "''"}, created_ms, created_ms + 31536000000, created_ms + 31536000000 FROM accounts`);
  }

  flags() {
    return Object.entries(this.settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  }

  // One command of the program; its output. Fails when the program does.
  run(...words) {
    const done = spawnSync(program, [...words, ...this.flags()], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`adem ${words.join(" ")}: ${done.status}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  // One command that is to fail; its status and what it said.
  fails(...words) {
    const done = spawnSync(program, [...words, ...this.flags()], { encoding: "utf8" });
    if (done.status === 0) throw new Error(`adem ${words.join(" ")} did not fail: ${done.stdout}`);
    return done;
  }

  // One statement on the database, beside the program; the rows it gives, as text.
  sql(text) {
    if (this.database) return psql(this.settings.database, text);
    const done = spawnSync("sqlite3", ["-bail", "-cmd", ".timeout 10000", join(this.data, "db/adem.db"), text], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`sqlite3: ${done.stderr}`);
    return done.stdout;
  }

  // A node of a Citus answers for our database no more, or does again.
  awayNode(node, away) {
    const admin = urlOf(this.admin, "postgres", node);
    psql(admin, `ALTER DATABASE ${this.database} ALLOW_CONNECTIONS ${!away}`);
    if (away) psql(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.database}'`);
  }

  async start() {
    this.log = join(this.data, "log");
    const log = openSync(this.log, "a");
    this.child = spawn(program, ["serve", "--listen", "127.0.0.1:0", ...this.flags()],
      { stdio: ["ignore", "pipe", log], detached: true });
    closeSync(log);
    running.add(this.child);
    this.ended = new Promise(done => this.child.once("exit", done));
    this.child.once("exit", () => running.delete(this.child));
    this.url = await new Promise((done, fail) => {
      let text = "";
      this.child.stdout.on("data", chunk => {
        text += chunk;
        const ready = /adem: ready at (http:\S+)/.exec(text);
        if (ready) done(ready[1]);
      });
      this.child.once("exit", status => fail(new Error(`adem serve ended with ${status}\n${readFileSync(this.log, "utf8")}`)));
    });
    return this;
  }

  // Moves the program's clock, in milliseconds from the true time.
  shift(ms) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms));
    const file = openSync(this.clock, "r+");
    writeSync(file, bytes);
    closeSync(file);
  }

  // As if the clock had been steady for an hour: jobs of these KINDS, which delete what is past its time, are due and need not wait.
  believe(kinds) {
    this.sql("UPDATE clocks SET steady_ms = steady_ms - 3600000");
    this.sql(`UPDATE jobs SET run_after_ms = 1, lease_until_ms = 0 WHERE done_ms IS NULL AND kind IN ('${kinds.join("', '")}')`);
  }

  async stop() {
    if (!this.child) return;
    process.kill(-this.child.pid, "SIGTERM");
    await this.ended;
    this.child = null;
  }

  // The whole tree at once, without a chance to finish anything.
  async kill() {
    process.kill(-this.child.pid, "SIGKILL");
    await this.ended;
    this.child = null;
  }

  async remove() {
    await this.stop();
    if (this.database)
      for (const node of this.nodes.length ? this.nodes : [undefined])
        psql(node ? urlOf(this.admin, "postgres", node) : this.admin, `DROP DATABASE ${this.database} WITH (FORCE)`);
    rmSync(this.data, { recursive: true, force: true });
  }
}

// What a stream says first; then it is closed.
async function firstPiece(stream) {
  const reader = stream.getReader(), { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []).toString();
}

// Somebody with a browser of the plainest kind: cookies, forms, no script.
// A form without a button is one that a person without a keyboard cannot send.
function everyFormCanBeSent(path, page) {
  for (const [form, attributes] of page.matchAll(/<form\b([^>]*)>[^]*?<\/form>/g)) {
    const [, id] = / id="([^"]+)"/.exec(attributes) || [];
    if (!/<button(?![^>]* type="button")/.test(form) && !(id && new RegExp(`<button[^>]* form="${id}"`).test(page)))
      throw new Error(`${path} has a form that nothing sends: ${form.slice(0, 500)}`);
  }
}

// What the log says last of why something failed: printed where a test does that had such an answer.
const failed = { said: undefined };
const lastReason = log => readFileSync(log, "utf8").split("\n").filter(line => line.includes("why=") || line.includes('"why":')).at(-1);

// Tests of commands stand side by side in one process, which a command blocks for as long as it runs: longer, on a busy machine, than a
// server keeps a connection on which nothing is said.
const connection = /commands/.test(process.argv[1]) && { connection: "close" };

export class Person {
  constructor(adem, name) {
    this.adem = adem;
    this.name = name;
    this.cookies = new Map();
    this.cookiesAt = new Map(); // by path, for those that go to some addresses only
  }

  cookieFor(path) {
    const some = [...this.cookiesAt].filter(([at]) => path.split("?")[0] === at || path.startsWith(`${at}/`)).flatMap(([, cookies]) => [...cookies]);
    return [...some, ...this.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
  }

  keepCookie(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line), [, at] = /; Path=([^;]*)/.exec(line);
    if (at !== "/" && !this.cookiesAt.has(at)) this.cookiesAt.set(at, new Map());
    const cookies = at === "/" ? this.cookies : this.cookiesAt.get(at);
    if (/Max-Age=0/.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  async ask(method, path, form, headers = {}) {
    await new Promise(setImmediate); // a connection that the server closed while we waited for another program is seen first
    const cookie = this.cookieFor(path);
    const body = form === undefined ? undefined : typeof form === "string" ? form : new URLSearchParams(form).toString();
    const answer = await fetch(this.adem.url + path, {
      method, body, redirect: "manual",
      headers: { ...connection, ...(cookie && { cookie }), ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }), ...headers },
    });
    for (const line of answer.headers.getSetCookie?.() ?? [answer.headers.get("set-cookie")].filter(Boolean)) this.keepCookie(line);
    if (answer.status >= 500 && this.adem.log) failed.said = lastReason(this.adem.log);
    const text = await (/event-stream/.test(answer.headers.get("content-type")) ? firstPiece(answer.body) : answer.text());
    if (/html/.test(answer.headers.get("content-type"))) everyFormCanBeSent(path, text);
    const csrf = /name="csrf" value="([^"]*)"/.exec(text);
    if (csrf && csrf[1]) this.csrf = csrf[1];
    return { status: answer.status, path, headers: answer.headers, location: answer.headers.get("location"), text };
  }

  // A stream that stays open: what it has said so far, whether the server has ended it, and how to close it.
  async listen(path) {
    const stop = new AbortController(), cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
    const answer = await fetch(this.adem.url + path, { headers: { cookie }, signal: stop.signal, redirect: "manual" });
    equal(answer.status, 200, `status of ${path}`);
    const stream = { text: "", ended: false, close: () => stop.abort() };
    (async () => {
      for await (const piece of answer.body) stream.text += Buffer.from(piece).toString();
    })().catch(() => {}).then(() => { stream.ended = true; });
    return stream;
  }

  // As ask(), and on to where the answer leads, as a browser goes: to a thread, or to the page that names who will read a report, to the one to sign in on. Tickets go
  // along like any cookie.
  async follow(method, path, form, headers) {
    const answer = await this.ask(method, path, form, headers);
    return answer.status === 303 && /^\/(receipts|reports\/(sure|caller)|sign-in)\//.test(answer.location) ? this.follow("GET", answer.location) : answer;
  }

  get(path, headers) {
    return this.ask("GET", path, undefined, headers);
  }

  // With the page's token, as a form has it.
  post(path, form = {}, headers) {
    return this.ask("POST", path, typeof form === "string" ? form : { ...(this.csrf && { csrf: this.csrf }), ...form }, headers);
  }

  async json(method, path, form) {
    const answer = await this.ask(method, path, form, { accept: "application/json" });
    return { ...answer, data: JSON.parse(answer.text) };
  }

  async signIn(word = password) {
    const answer = await this.post("/sign-in", { name: this.name, password: word });
    if (answer.status === 303) await this.get("/accounts/me");
    return answer;
  }
}

// Somebody of the demo region who has signed in.
export async function signedIn(adem, name) {
  const who = new Person(adem, name);
  equal((await who.signIn()).status, 303, `signing in as ${name}`);
  return who;
}

// Looks again until CHECK gives something true; what it gave. The limit is for a broken program, not for timing.
export async function until(check, what, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const got = await check();
    if (got) return got;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise(done => setTimeout(done, 50));
  }
}

const results = { passed: 0, failed: 0, skipped: 0 };
// While one works on something: only tests whose name this finds.
const named = process.env.ADEM_TEST_NAMES && new RegExp(process.env.ADEM_TEST_NAMES);

export async function test(name, run) {
  if (named && !named.test(name)) return;
  failed.said = undefined;
  try {
    await run();
    results.passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    results.failed++;
    console.log(`not ok ${name}\n${String(error.stack || error).replace(/^/gm, "    ")}`);
    if (error.cause) console.log(`    for ${error.cause}`);
    if (failed.said) console.log(`    the server said: ${failed.said}`);
    if (process.env.ADEM_TEST_FIRST) finish();
  }
}

export function skip(name, why) {
  results.skipped++;
  console.log(`ok ${name} # SKIP ${why}`);
}

export function finish() {
  console.log(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`);
  process.exit(results.failed ? 1 : 0);
}

// A server of one's own on the embedded database for as long as WORK takes.
export async function served(work) {
  const adem = await new Adem("sqlite").start();
  try {
    await work(adem);
  } finally {
    await adem.remove();
  }
}

export function equal(got, wanted, what = "") {
  if (got !== wanted) throw new Error(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

export function holds(text, piece, what = "the page") {
  if (!text.includes(piece)) throw new Error(`${what} does not hold ${JSON.stringify(piece)}:\n${text.slice(0, 3000)}`);
}

export function lacks(text, piece, what = "the page") {
  if (text.includes(piece)) throw new Error(`${what} holds ${JSON.stringify(piece)}`);
}
