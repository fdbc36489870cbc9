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

// From many senders, about all neighbourhoods of the demo region; but for the first ones they join what is open there. Beside it the
// bare database commits the rows of such a report over as many connections as there are workers.
async function reportsPerSecond(kind) {
  const adem = await new Adem(kind, { "reports-per-minute": 1000000, "worker-reports-per-minute": 1000000 }).start();
  const places = adem.sql("SELECT code FROM places WHERE level = 'rw' ORDER BY code").trim().split("\n");
  const about = n => body.replace(/place=[\d.]+/, `place=${places[n % places.length]}`);
  let sent = 0, taken = 0, refused = 0, over = false;
  const from = performance.now();
  const senders = Array.from({ length: 32 }, async () => {
    while (!over) {
      const answer = await post(`${adem.url}/reports`, about(sent++));
      if (answer.status === 201) taken++;
      else refused++;
    }
  });
  await wait(seconds * 1000);
  over = true;
  await Promise.all(senders);
  const perSecond = taken / ((performance.now() - from) / 1000);
  const template = await post(`${adem.url}/reports`, about(0));
  if (refused || template.status !== 201) throw new Error(`of ${sent + 1} reports ${refused} were refused, the last with ${template.status}`);
  const last = JSON.parse(template.text).report;
  await adem.stop();
  const where = kind === "sqlite" ? join(adem.data, "db/adem.db") : adem.settings.database;
  const [program, ...more] = kind === "sqlite" ? ["bench_bare"] : ["bench_bare_postgres", adem.settings.workers];
  const done = spawnSync(join(root, "build/bench", program), [where, last, seconds, ...more].map(String), { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  const bare = Number(done.stdout);
  row(`durable reports/s on ${kind}, 32 senders`, perSecond.toFixed(0), `${bare} bare ${kind}`, (perSecond / bare).toFixed(2),
    kind === "sqlite" ? "≥ 0.90" : "≥ 0.80");
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

// Every report goes to every board: the worst that can happen to one post.
async function boards() {
  const count = Number(process.env.ADEM_BENCH_BOARDS || 1000), rate = 200;
  const adem = await new Adem("sqlite", { "reports-per-minute": 1000000, "worker-reports-per-minute": 1000000, "boards-max": 4000 }).start();
  const sari = new Person(adem, "Sari Wulandari");
  await sari.signIn();
  const cookie = [...sari.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
  const sum = list => list.reduce((a, b) => a + b, 0);
  const idle = memory(adem);
  let open = idle, out = "";
  const child = spawn(join(root, "build/bench/bench_boards"), [new URL(adem.url).port, cookie, count, rate, seconds, body].map(String));
  child.stdout.on("data", text => { out += text; });
  child.stderr.on("data", () => { // all are open: what do they cost?
    open = memory(adem);
    child.stdin.write("\n");
  });
  await new Promise(done => child.on("close", done));
  const [opened, sent, received, p50, p99] = out.split(" ").map(Number);
  row(`alert on ${opened} open boards at ${(sent / seconds).toFixed(0)} reports/s, p50`, ms(p50), "from its commit", "", "≤ 20 ms");
  row("… p99", ms(p99), `${received} rows of ${opened * sent} received`, "", "≤ 250 ms");
  row("memory of an idle worker (Pss)", `${Math.max(...idle).toFixed(1)} MB`, "", "", "≤ 25 MB");
  row("memory of an open board", `${((sum(open) - sum(idle)) * 1024 / count).toFixed(1)} kB`, "", "", "≤ 16 kB");
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
