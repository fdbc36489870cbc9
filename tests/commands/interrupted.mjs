// script/test and script/server, ended by Ctrl-C, leave nothing behind: no folder, no server, no PostgreSQL.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, holds, root, test, until } from "../lib/adem.mjs";

// Processes that were started with FOLDER in their environment or in their command.
function startedFor(folder) {
  return readdirSync("/proc").filter(entry => /^\d+$/.test(entry)).filter(pid => {
    const read = name => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
      } catch {
        return "";
      }
    };
    return read("environ").includes(`=${folder}`) || read("cmdline").includes(folder);
  });
}

// Runs a script as the leader of a session of its own, as a terminal does, until READY finds in what it says and what it started
// what it waits for; then comes Ctrl-C. Its exit status and what it said.
async function interrupt(words, folder, ready) {
  const env = { ...process.env, TMPDIR: folder };
  for (const name of Object.keys(env)) if (name.startsWith("ADEM_TEST")) delete env[name];
  const child = spawn("sh", words, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", chunk => { said += chunk; });
  const ended = new Promise(done => child.once("exit", done));
  try {
    await until(() => {
      if (child.exitCode !== null) throw new Error(said);
      return ready(said);
    }, `${words.join(" ")}: ${said}`, 300);
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, "SIGINT");
  }
  return { status: await ended, said };
}

async function within(work) {
  const folder = mkdtempSync(join(tmpdir(), "adem-test-"));
  chmodSync(folder, 0o711); // the user of PostgreSQL goes through it
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await test("interrupted: script/test tells how far it is, and Ctrl-C leaves no folder, no server and no PostgreSQL", () => within(async folder => {
  const servers = () => startedFor(folder).filter(pid => /^adem(-web)?\0|\/adem\0serve/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")));
  const { status, said } = await interrupt(["script/test", "http"], folder, text => /^ok http/m.test(text) && servers().length > 0);
  equal(status, 130, "status");
  holds(said, "== http, suite 1 of 1, after", "what it says");
  await until(() => startedFor(folder).length === 0, "the end of what it started");
  equal(readdirSync(folder).join(), "", "what is left");
}));

await test("interrupted: script/server ends with Ctrl-C, and nothing of it runs on", () => within(async folder => {
  const data = join(folder, "data");
  mkdirSync(join(folder, "tmp"));
  const { status } = await interrupt(["script/server", "--data", data, "--listen=127.0.0.1:0"], join(folder, "tmp"), text => /adem: ready at/.test(text));
  equal(status, 0, "status");
  await until(() => startedFor(folder).length === 0, "the end of what it started");
  equal(readdirSync(join(folder, "tmp")).join(), "", "what is left");
}));
