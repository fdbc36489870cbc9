// The examples in deploy/ as they stand, but for ports, certificate and how long a silent Adem is waited for: Adem behind nginx and behind Caddy. What a reporter sends
// touches no disk and no log there, the board is live, other names are turned away.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, equal, finish, holds, lacks, password, root, skip, test, until } from "../lib/adem.mjs";

const name = "lapor.example.id";
const has = program => spawnSync("sh", ["-c", `command -v ${program} || ls /usr/sbin/${program}`]).status === 0;

function freePort() {
  return new Promise(done => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const example = (file, changes) => changes.reduce((text, [from, to]) => {
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return text.replaceAll(from, to);
}, readFileSync(join(root, "deploy", file), "utf8"));

// A proxy with the example's text, in a folder of its own.
class Proxy {
  constructor(adem) {
    this.adem = adem;
    this.folder = mkdtempSync(join(tmpdir(), "adem-test-"));
    const made = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`,
      "-keyout", join(this.folder, "key.pem"), "-out", join(this.folder, "cert.pem")]);
    equal(made.status, 0, "openssl");
  }

  async ports() {
    this.tls = await freePort();
    this.plain = await freePort();
    return new URL(this.adem.url).host;
  }

  run(program, words) {
    this.said = "";
    this.child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HOME: this.folder, XDG_DATA_HOME: this.folder, XDG_CONFIG_HOME: this.folder } });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on("data", chunk => { this.said += chunk; });
    this.ended = new Promise(done => this.child.once("exit", done));
    return until(async () => {
      if (this.child.exitCode !== null) throw new Error(this.said);
      return this.ask("GET", "/healthz").then(answer => answer.status === 200, () => false);
    }, "the proxy");
  }

  // STREAM: the answer as soon as its head is there.
  ask(method, path, { body, headers = {}, stream, host = name, plain = false } = {}) {
    return new Promise((done, fail) => {
      const request = (plain ? http : https).request({ host: "127.0.0.1", port: plain ? this.plain : this.tls, method, path, agent: false,
        servername: host, rejectUnauthorized: false,
        headers: { host, ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) }), ...headers } },
      answer => {
        if (stream) return done(answer);
        const pieces = [];
        answer.on("data", chunk => pieces.push(chunk));
        answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString() }));
        answer.on("error", fail);
      });
      request.on("error", fail);
      request.end(body);
    });
  }

  // Everything that was written anywhere in its folder, and what it said.
  written() {
    const files = readdirSync(this.folder);
    return this.said + files.filter(file => /log/.test(file)).map(file => readFileSync(join(this.folder, file), "utf8")).join("\n");
  }

  async remove() {
    this.child.kill("SIGTERM");
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function nginx(adem) {
  const proxy = new Proxy(adem), upstream = await proxy.ports(), { folder } = proxy;
  writeFileSync(join(folder, "site.conf"), example("nginx.conf", [["listen 443", `listen 127.0.0.1:${proxy.tls}`], ["listen 80", `listen 127.0.0.1:${proxy.plain}`],
    ["listen [::]:443", `listen [::1]:${proxy.tls}`], ["listen [::]:80", `listen [::1]:${proxy.plain}`], ["127.0.0.1:8080", upstream], ["proxy_read_timeout 60s", "proxy_read_timeout 3s"],
    ["/etc/letsencrypt/live/lapor.example.id/fullchain.pem", join(folder, "cert.pem")], ["/etc/letsencrypt/live/lapor.example.id/privkey.pem", join(folder, "key.pem")]]));
  writeFileSync(join(folder, "nginx.conf"), `pid ${folder}/pid;\nworker_processes 1;\nevents {}\nhttp {\n${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map(kind => `${kind}_temp_path ${folder}/${kind};`).join("\n")}\ninclude ${folder}/site.conf;\n}\n`);
  await proxy.run("/usr/sbin/nginx", ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf"), "-g", "daemon off;"]);
  // A file where the folder was: whoever wants to put a body on disk fails.
  for (const kind of ["client_body", "proxy"]) {
    rmSync(join(folder, kind), { recursive: true });
    writeFileSync(join(folder, kind), "");
  }
  return proxy;
}

async function caddy(adem) {
  const proxy = new Proxy(adem), upstream = await proxy.ports(), { folder } = proxy;
  const text = example("Caddyfile", [["127.0.0.1:8080", upstream], ["response_header_timeout 60s", "response_header_timeout 3s"], ["\n:80 {", `\n:${proxy.plain} {`], [`http://${name} {`, `http://${name}:${proxy.plain} {`],
    [`https://${name} {`, `https://${name}:${proxy.tls} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`], ["{\n\tlog default", `{\n\tadmin off\n\thttp_port ${proxy.plain}\n\thttps_port ${proxy.tls}\n\tlog default`]]);
  writeFileSync(join(folder, "Caddyfile"), text);
  mkdirSync(join(folder, "caddy"), { recursive: true });
  await proxy.run("caddy", ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")]);
  return proxy;
}

const form = fields => new URLSearchParams(fields).toString();
const report = text => form({ level: "ambang", place: "31.71.08.1002.008", text, sure: "1" });

async function signIn(proxy, who) {
  const answer = await proxy.ask("POST", "/sign-in", { body: form({ name: who, password }) });
  equal(answer.status, 303, `signing in as ${who}`);
  const cookie = answer.headers["set-cookie"].find(one => one.startsWith("__Host-adem="));
  holds(cookie, "Secure", "the cookie");
  return cookie.split(";")[0];
}

async function passesOn(proxy) {
  const page = await proxy.ask("GET", "/");
  equal(page.status, 200, "the first page");
  holds(page.headers["strict-transport-security"] || "", "max-age=31536000", "HSTS");
  const taken = await proxy.ask("POST", "/reports", { body: report("ramai di gang ".repeat(250)), headers: { accept: "application/json" } });
  equal(taken.status, 201, "a report");
  // Longer than any buffer of the proxies' own, and than Adem takes: it is Adem that says so.
  for (const length of [40_000, 60_000, 300_000]) {
    const long = report("x".repeat(length)), direct = await fetch(`${proxy.adem.url}/reports`, { method: "POST", body: long,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" } });
    const through = await proxy.ask("POST", "/reports", { body: long, headers: { accept: "application/json" } });
    equal(through.status, direct.status, `a report of ${length} bytes`);
    equal(through.text, await direct.text(), `what is said of ${length} bytes`);
  }
}

async function isLive(proxy) {
  const cookie = await signIn(proxy, "Sari Wulandari");
  const board = await proxy.ask("GET", "/", { headers: { cookie } });
  const since = /data-since="(\d+)"|since=(\d+)/.exec(board.text);
  const stream = await proxy.ask("GET", `/board/live${since ? `?since=${since[1] ?? since[2]}` : ""}`, { headers: { cookie }, stream: true });
  equal(stream.statusCode, 200, "the stream");
  let said = "";
  stream.on("data", chunk => { said += chunk; });
  stream.on("error", () => {});
  equal((await proxy.ask("POST", "/reports", { body: report("ramai lagi"), headers: { accept: "application/json" } })).status, 201, "a report");
  await until(() => /event:|data:/.test(said), "the report on the open board");
  stream.destroy();
}

async function knowsItsName(proxy) {
  const plain = await proxy.ask("GET", "/reports/new?place=31.71", { plain: true });
  equal(plain.status, 301, "plain http");
  equal(plain.headers.location, `https://${name}/reports/new?place=31.71`, "where to");
  for (const [what, options] of [["plain http", { plain: true }], ["https", {}]]) {
    const got = await proxy.ask("GET", "/", { ...options, host: "evil.example" }).catch(error => error);
    if (!(got instanceof Error)) throw new Error(`${what} answered another name with ${got.status} ${got.headers.location ?? ""}`);
  }
}

// A program reads what a page says, in its own form.
function tellsPrograms(got, code, what) {
  equal(got.headers["content-type"], "application/json", `type of ${what}`);
  holds(got.headers["strict-transport-security"] || "", "max-age=31536000", "HSTS");
  const { error } = JSON.parse(got.text);
  equal(error.code, code, `code of ${what}`);
  equal(JSON.stringify(error.fields), "{}", `fields of ${what}`);
  for (const piece of ["hubungi 110 sekarang", "call 110 now"]) holds(error.message, piece, `what is said of ${what}`);
}

// What is too large never reaches Adem, or is answered by what stands before its own words.
async function saysWhatIsTooLarge(proxy, readsAddress) {
  const long = "x".repeat(20_000), json = { accept: "application/json" };
  for (const [what, status, ask] of [
    ["a body", 413, headers => proxy.ask("POST", "/reports", { headers, body: report("x".repeat(400_000)) })],
    ["an address", 414, headers => proxy.ask("GET", `/places?name=${long.slice(0, 12_000)}`, { headers })],
    ["a longer address", 414, headers => proxy.ask("GET", `/places?name=${long}`, { headers })],
    ["a cookie", 431, headers => proxy.ask("GET", "/", { headers: { ...headers, cookie: `a=${long.slice(0, 7_000)}` } })],
    ["a longer cookie", 431, headers => proxy.ask("GET", "/", { headers: { ...headers, cookie: `a=${long}` } })],
  ]) {
    const got = await ask({}), program = await ask(json);
    equal(program.status, status, `status of ${what} for a program`);
    if (status !== 414 || readsAddress) tellsPrograms(program, "limit", what);
    else holds(program.text, '<a href="tel:110">110</a>', `what is said of ${what}, of which nginx has read nothing`);
    equal(got.status, status, `status of ${what}`);
    holds(got.headers["content-type"], "text/html; charset=utf-8", `type of ${what}`);
    holds(got.headers["strict-transport-security"] || "", "max-age=31536000", "HSTS");
    for (const piece of ['<a href="tel:110">110</a>', "Kiriman terlalu besar"]) holds(got.text, piece, `what is said of ${what}`);
  }
  equal((await proxy.ask("GET", `/?${long.slice(0, 3_000)}`, { headers: { cookie: `a=${long.slice(0, 2_500)}` } })).status, 200, "a head that Adem takes");
}

// All its workers stopped: there is an answer, by the proxy's own limit or when Adem has others in their place.
async function doesNotWaitForEver(proxy) {
  const { pid } = proxy.adem.child, children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  for (const each of [pid, ...children]) process.kill(each, "SIGSTOP");
  try {
    const [got, program] = await Promise.all([{}, { accept: "application/json" }].map(headers => proxy.ask("GET", "/", { headers })));
    equal(got.status, 503, "an answer while all of Adem hangs");
    tellsPrograms(program, "busy", "a program while all of Adem hangs");
    holds(got.text, '<a href="tel:110">110</a>', "the answer");
  } finally {
    for (const each of [pid, ...children]) process.kill(each, "SIGCONT");
  }
}

async function keepsNothing(proxy) {
  await proxy.adem.stop();
  for (const [method, path] of [["GET", "/places/31.71.08.1002.008"], ["POST", "/reports"]]) {
    const got = await proxy.ask(method, path, { body: method === "POST" ? report("rahasia") : undefined });
    equal(got.status, 503, `${method} while Adem is away`);
    holds(got.headers["content-type"], "text/html; charset=utf-8", "its type");
    holds(got.headers["strict-transport-security"] || "", "max-age=31536000", "HSTS");
    equal(got.headers["retry-after"], "10", "when to come again");
    for (const piece of ['<a href="tel:110">110</a>', "Tanpa kode laporan, laporan Anda belum sampai"]) holds(got.text, piece);
    lacks(got.text, "rahasia");
    const program = await proxy.ask(method, path, { headers: { accept: "application/json" }, body: method === "POST" ? report("rahasia") : undefined });
    equal(program.status, 503, `${method} of a program while Adem is away`);
    equal(program.headers["retry-after"], "10", "when a program comes again");
    tellsPrograms(program, "busy", `${method} while Adem is away`);
  }
  const written = proxy.written();
  for (const piece of ["/places/31.71", "/reports", "rahasia", "client: 127", '"remote_ip"', "remote_addr"]) lacks(written, piece, "what the proxy wrote down");
}

for (const [what, start] of Object.entries({ nginx, caddy })) {
  if (!has(what)) {
    skip(`behind ${what}`, "it is not installed");
    continue;
  }
  const adem = await new Adem("sqlite", { "secure-cookies": "yes" }).start();
  let proxy;
  await test(`behind ${what}: the example of deploy/ starts`, async () => { proxy = await start(adem); });
  if (proxy) {
    await test(`behind ${what}: pages and long bodies pass, none by way of a file`, () => passesOn(proxy));
    await test(`behind ${what}: an open board hears at once`, () => isLive(proxy));
    await test(`behind ${what}: it answers to its own name only`, () => knowsItsName(proxy));
    await test(`behind ${what}: whoever sends too much reads that, and whom to call`, () => saysWhatIsTooLarge(proxy, what === "caddy"));
    await test(`behind ${what}: nobody waits for ever while all of Adem hangs`, () => doesNotWaitForEver(proxy));
    await test(`behind ${what}: while Adem is away residents read whom to call, and nothing of who asks is kept`, () => keepsNothing(proxy));
    await proxy.remove();
  }
  await adem.remove();
}
finish();
