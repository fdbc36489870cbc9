// A log that nobody reads: a stalled driver of logs, a pager that was left open. Nothing waits for it, and what it missed is counted.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Adem, Person, equal, holds, root, test, until } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");

// A pipe with nobody at its end; what is written to it from here never waits.
class Pipe {
  constructor(path) {
    equal(spawnSync("mkfifo", [path]).status, 0, "mkfifo");
    this.ours = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.theirs = openSync(path, constants.O_RDWR);
  }

  // Until there is not even room for a byte.
  fill() {
    for (const size of [4096, 1])
      for (;;) {
        try {
          writeSync(this.ours, Buffer.alloc(size, "\n"));
        } catch (error) {
          if (error.code !== "EAGAIN") throw error;
          break;
        }
      }
  }

  read() {
    const bytes = Buffer.alloc(1 << 20);
    try {
      return bytes.toString("utf8", 0, readSync(this.ours, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      return "";
    }
  }

  close() {
    closeSync(this.ours);
    closeSync(this.theirs);
  }
}

const freePort = () => new Promise(done => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const children = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");

async function story(adem, pipe) {
  const stdio = ["ignore", pipe.theirs, pipe.theirs], warga = new Person(adem), port = await freePort();
  const isReady = () => fetch(`${adem.url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(answer => answer.status === 200, () => false);
  const reports = async () => equal((await warga.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "" })).status, 201, "a report");
  pipe.fill();
  equal(spawnSync(program, ["migrate", ...adem.flags()], { stdio, timeout: 20000 }).status, 0, "status of migrate");
  adem.url = `http://127.0.0.1:${port}`;
  adem.child = spawn(program, ["serve", "--listen", `127.0.0.1:${port}`, ...adem.flags()], { stdio, detached: true });
  adem.ended = new Promise(done => adem.child.once("exit", done));
  await until(isReady, "an answer");
  await reports();
  const before = children(adem.child.pid);
  for (const pid of before) process.kill(Number(pid), "SIGKILL");
  await until(() => {
    const now = children(adem.child.pid);
    return now.length === before.length && !now.some(pid => before.includes(pid));
  }, "others in the place of the dead");
  await until(isReady, "an answer of the new ones");
  await reports();

  let said = "";
  await until(() => (said += pipe.read()).includes("event=log_dropped"), "the number of lines that had no room");
  equal(/event=log_dropped lines=\d+\n/.test(said), true, "that it is a number");
  pipe.fill();
  process.kill(adem.child.pid, "SIGTERM");
  await until(() => adem.child.exitCode !== null, "its end");
  equal(adem.child.exitCode, 0, "status of serve");
  adem.child = null;
}

await test("a log that nobody reads holds up neither migrate nor serve, which starts its dead again and ends when it is told to", async () => {
  const adem = new Adem("sqlite"), pipe = new Pipe(join(adem.data, "pipe"));
  try {
    await story(adem, pipe);
  } finally {
    if (adem.child) await adem.kill();
    pipe.close();
  }
  holds(adem.run("check"), "all is well", "check");
  await adem.remove();
});
