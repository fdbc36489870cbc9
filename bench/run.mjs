// Adem beside this machine's own limits, in one run. Prints a table with ratios; asserts nothing.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, databases, password, root } from "../tests/lib/adem.mjs";
import { growth } from "./growth.mjs";
import { numArea } from "./num_area.mjs";
import { numPoint } from "./num_point.mjs";
import { opinion } from "./num_opinion.mjs";

const seconds = Number(process.env.ADEM_BENCH_SECONDS || 5);
const rows = [];
const row = (what, value, beside, ratio, target) => {
  rows.push([what, value, beside, ratio, target]);
  console.error(`  ${what}: ${value}`);
};
const wait = ms => new Promise(done => setTimeout(done, ms));
const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
const ms = value => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
function post(url, body) {
  return new Promise((done, fail) => {
    const request = http.request(url, { method: "POST", agent, headers: { accept: "application/json",
      "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) } }, answer => {
      let text = "";
      answer.on("data", chunk => { text += chunk; }).on("end", () => done({ status: answer.statusCode, text }));
    });
    request.on("error", fail);
    request.end(body);
  });
}

const body = "level=nyata&trigger=challenge&place=31.71.08.1002.008&when=now&contact=warung&text=" + "banyak+orang+berkumpul+".repeat(8);

function workers(adem) {
  return readdirSync("/proc").filter(pid => /^\d+$/.test(pid)).filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "adem-web" &&
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(adem.data);
    } catch { return false; }
  });
}

// What a process costs beside its siblings: its own pages, and its share of those it shares.
function memory(adem) {
  return workers(adem).map(pid => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) / 1024);
}

// What DOES writes, table by table: how many rows are new, and how many are changed. Jobs run by themselves.
async function written(adem, does) {
  const before = dump(adem);
  await does();
  const after = dump(adem), tables = {};
  for (const [table, rows] of after) {
    const was = before.get(table) ?? new Set(), lost = [...was].filter(row => !rows.has(row)).length;
    const made = [...rows].filter(row => !was.has(row)).length;
    if (made || lost) tables[table] = `${made - lost} new, ${lost} changed`;
  }
  delete tables.jobs;
  return JSON.stringify(tables, Object.keys(tables).sort(), 2);
}

// Every row of every table as a line.
function dump(adem) {
  if (adem.kind === "sqlite") {
    const tables = new Map();
    for (const [row, table] of adem.sql(".dump").matchAll(/^INSERT INTO "?(\w+)"? .*$/gm))
      tables.set(table, (tables.get(table) ?? new Set()).add(row));
    return tables;
  }
  const tables = adem.sql("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").trim().split("\n");
  return new Map(tables.map(table => [table, new Set(adem.sql(`COPY ${table} TO STDOUT`).split("\n"))]));
}

const about = place => body.replace(/place=[\d.]+/, `place=${place}`);

async function report(adem, place) {
  const answer = await post(`${adem.url}/reports`, about(place));
  if (answer.status !== 201) throw new Error(`a report was answered with ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text).report;
}

// Commits what the REPORTS wrote on the bare database beside or after Adem, over as many connections as there are workers.
function bare(adem, seconds, reports) {
  const [where, program, more] = adem.kind === "sqlite" ? [join(adem.data, "db/adem.db"), "bench_bare", []]
    : [adem.settings.database, "bench_bare_postgres", [seconds ? adem.settings.workers : 1]];
  const done = spawnSync(join(root, "build/bench", program), [where, seconds, ...more, ...reports].map(String), { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return Number(done.stdout);
}

// That both write the same, so that neither is measured with less to do.
async function compareWrites(adem, place) {
  let last;
  const ours = await written(adem, async () => { last = await report(adem, place); });
  await adem.stop();
  const theirs = await written(adem, () => bare(adem, 0, [last]));
  if (ours !== theirs) throw new Error(`a report writes ${ours}\nand the bare database ${theirs}: bench/bare.h is not what Adem does`);
  await adem.start();
}

// Adem's reports a second from many senders, about all neighbourhoods of the demo region, where each joins what is open there.
async function turnOfReports(adem, places, seconds) {
  let sent = 0, over = false;
  const from = performance.now();
  const senders = Array.from({ length: 32 }, async () => {
    while (!over) await report(adem, places[sent++ % places.length]);
  });
  await wait(seconds * 1000);
  over = true;
  await Promise.all(senders);
  return sent / ((performance.now() - from) / 1000);
}

// A disk is not the same from one moment to the next: Adem and the bare database take short turns, and each pair has its ratio.
async function reportsPerSecond(kind) {
  const turns = seconds > 1 ? 7 : 1, each = Math.ceil(seconds / 2), pairs = [];
  const adem = await new Adem(kind, { "reports-per-minute": 1000000, "worker-reports-per-minute": 1000000 }).start();
  const places = adem.sql("SELECT code FROM places WHERE level = 'rw' ORDER BY code").trim().split("\n");
  for (const place of [...places, ...places]) await report(adem, place);
  await compareWrites(adem, places[0]);
  while (pairs.length < turns) {
    const ours = await turnOfReports(adem, places, each), templates = [];
    for (const place of places) templates.push(await report(adem, place));
    await adem.stop();
    const bares = bare(adem, each, templates);
    pairs.push({ ours, bares, ratio: ours / bares });
    if (pairs.length < turns) await adem.start();
  }
  const sorted = key => pairs.map(pair => pair[key]).sort((a, b) => a - b), middle = key => percentile(sorted(key), 0.5), ratios = sorted("ratio");
  row(`durable reports/s on ${kind}, 32 senders`, middle("ours").toFixed(0), `${middle("bares").toFixed(0)} bare ${kind}`,
    `${middle("ratio").toFixed(2)} (${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)})`, kind === "sqlite" ? "≥ 0.90" : "≥ 0.80");
  await adem.remove();
}

async function wrk(url, headers = []) {
  const child = spawn("wrk", ["-t1", "-c16", `-d${seconds}s`, ...headers.flatMap(h => ["-H", h]), url], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", text => { out += text; });
  await new Promise(done => child.on("close", done));
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(out)?.[1] || NaN);
}

async function boardPage() {
  const adem = await new Adem("sqlite").start();
  for (let i = 0; i < 20; i++) await post(`${adem.url}/reports`, body);
  const sari = new Person(adem, "Sari Wulandari");
  await sari.signIn();
  const page = await sari.get("/");
  const cookie = [...sari.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
  const ours = await wrk(`${adem.url}/`, [`Cookie: ${cookie}`]);
  const folder = mkdtempSync(join(tmpdir(), "adem-bench-"));
  writeFileSync(join(folder, "board.html"), page.text);
  writeFileSync(join(folder, "nginx.conf"), `worker_processes 2; pid ${folder}/pid; error_log ${folder}/log; daemon off;
    events { worker_connections 256; } http { access_log off; types { text/html html; } server { listen 127.0.0.1:18099; root ${folder}; } }`);
  const nginx = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" });
  for (let i = 0; i < 50 && !(await fetch("http://127.0.0.1:18099/board.html").then(a => a.ok, () => false)); i++) await wait(50);
  const peer = await wrk("http://127.0.0.1:18099/board.html");
  nginx.kill();
  let writing = true, written = 0;
  const writers = Array.from({ length: 4 }, async () => {
    for (let next = performance.now(); writing; next += 40) {
      const answer = await post(`${adem.url}/reports`, "level=potensi&trigger=opinion&place=31.71.08.1001&when=now&text=x");
      written += answer.status === 201;
      await wait(Math.max(0, next - performance.now()));
    }
  });
  const beside = await wrk(`${adem.url}/`, [`Cookie: ${cookie}`]);
  writing = false;
  await Promise.all(writers);
  row(`board page of 20 cases, ${(page.text.length / 1024).toFixed(0)} kB, pages/s`, ours.toFixed(0), `${peer.toFixed(0)} nginx, same bytes`, (ours / peer).toFixed(2), "≥ 0.30");
  row(`… while ${(written / seconds).toFixed(0)} reports/s are written elsewhere`, beside.toFixed(0), "", (beside / peer).toFixed(2), "");
  rmSync(folder, { recursive: true });

  // Reads while others sign in.
  const reads = async () => {
    const times = [];
    for (const end = performance.now() + seconds * 500; performance.now() < end;) {
      const from = performance.now();
      await fetch(`${adem.url}/receipts`).then(a => a.text());
      times.push(performance.now() - from);
    }
    return percentile(times.sort((a, b) => a - b), 0.99);
  };
  const quiet = await reads();
  let over = false, signed = 0;
  const load = Array.from({ length: 4 }, async () => {
    while (!over) { // unknown names cost the full Argon2id
      await post(`${adem.url}/sign-in`, `name=nobody${signed++}&password=${password}`);
    }
  });
  const busy = await reads();
  over = true;
  await Promise.all(load);
  row("p99 of a page beside sign-ins at full cost", ms(busy), `${ms(quiet)} alone`, (busy / quiet).toFixed(1), "");
  await adem.remove();
}

// Members of the post that is called, so many as COUNT boards need: an account has five in a worker. Their cookies, a line a board.
async function boardsOf(adem, count) {
  const lines = [];
  for (let i = 0; i < Math.ceil(count / 5); i++) {
    const code = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3,}/.exec(adem.run("account", "invite", "--post", "Bhabinkamtibmas Kampung Rawa", "--role", "officer"))[0];
    const member = new Person(adem, `Petugas ${i}`);
    const { status } = await member.post("/invitations/accept", { code, name: `Petugas ${i}`, password });
    if (status !== 200) throw new Error(`a member who joins: ${status}`);
    const cookie = [...member.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
    for (let k = 0; k < 5 && lines.length < count; k++) lines.push(cookie);
  }
  return lines;
}

// Every report goes to every board: the worst that can happen to one post.
async function boards() {
  const count = Number(process.env.ADEM_BENCH_BOARDS || 1000), rate = 200;
  const adem = await new Adem("sqlite", { "reports-per-minute": 1000000, "worker-reports-per-minute": 1000000,
    "place-reports-per-minute": 1000000, "boards-max": 4000 }).start();
  const cookies = join(adem.data, "cookies");
  writeFileSync(cookies, (await boardsOf(adem, count)).map(line => `${line}\n`).join(""));
  const sum = list => list.reduce((a, b) => a + b, 0);
  const idle = memory(adem);
  let open = idle, used = idle, out = "";
  const child = spawn(join(root, "build/bench/bench_boards"), [new URL(adem.url).port, cookies, count, rate, seconds, body].map(String));
  child.stdout.on("data", text => {
    out += text;
    used = memory(adem);
    child.stdin.write("\n");
  });
  child.stderr.on("data", () => { // all are open: what do they cost?
    open = memory(adem);
    child.stdin.write("\n");
  });
  await new Promise(done => child.on("close", done));
  const [opened, sent, shown, p50, p99] = out.split(" ").map(Number);
  if (!sent || shown !== opened * sent) throw new Error(`${opened} boards, ${sent} reports: ${shown} were shown`);
  row(`alert on ${opened} open boards at ${(sent / seconds).toFixed(0)} reports/s, p50`, ms(p50), "from its answer", "", "≤ 20 ms");
  row("… p99", ms(p99), "", "", "≤ 250 ms");
  row("memory of an idle worker (Pss)", `${Math.max(...idle).toFixed(1)} MB`, "", "", "≤ 25 MB");
  row("memory of an open board", `${((sum(open) - sum(idle)) * 1024 / count).toFixed(1)} kB`, `${((sum(used) - sum(idle)) * 1024 / count).toFixed(1)} kB after use`, "", "≤ 16 kB");
  await adem.remove();
}

async function startAndWeight() {
  const adem = await new Adem("sqlite").start();
  await adem.stop();
  const times = [];
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    await adem.start();
    times.push(performance.now() - from);
    await adem.stop();
  }
  row("from start to ready", ms(times.sort((a, b) => a - b)[2]), "median of 5", "", "< 100 ms");
  await adem.start();
  const size = async path => Number((await fetch(adem.url + path, { headers: { "accept-encoding": "gzip" } })).headers.get("content-length"));
  const page = await (await fetch(`${adem.url}/reports/new`)).text();
  let bytes = await size("/reports/new");
  for (const [, part] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) bytes += await size(part);
  row("report page with all it loads, compressed", `${bytes} bytes`, "", "", "≤ 14336");
  await adem.remove();
}

const parts = { reports: async () => { for (const kind of databases) await reportsPerSecond(kind); }, page: boardPage, boards, start: startAndWeight,
  num: () => { numArea(row); numPoint(row); }, opinion: () => opinion(row) };
const named = process.argv.slice(2);
if (named[0] === "growth") await growth(named[1], named[2], row); // takes ten minutes: only where it is asked for
else for (const name of named.length ? named : Object.keys(parts)) await parts[name]();
const head = ["what", "Adem", "beside", "ratio", "target"];
const widths = head.map((h, i) => Math.max(h.length, ...rows.map(r => String(r[i]).length)));
for (const r of [head, ...rows]) console.log(r.map((v, i) => String(v).padEnd(widths[i])).join("  ").trimEnd());
process.exit(0);
