// README's two commands on a bare Debian 12: a fresh root folder, this tree as it is committed, nothing else. Part of "script/test long".
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, finish, holds, root, skip, test } from "../lib/adem.mjs";

const wanted = ["script/server builds and serves a demo", "script/server goes on with it", "script/server works offline", "script/test runs"];
const home = mkdtempSync(join(tmpdir(), "adem-chroot-")), debian = join(home, "debian"), tree = join(debian, "srv/adem");

function must(command, ...words) {
  const done = spawnSync(command, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${command}: ${done.status}\n${done.stdout?.slice(-2000)}${done.stderr?.slice(-2000)}`);
  return done.stdout;
}

// Where this machine takes Debian's packages from, and whatever lets it.
function bootstrap() {
  const mirror = must("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)").split("\n").find(line => line.startsWith("bookworm "))?.split(" ")[1];
  if (!mirror) throw new Error("this machine's apt knows no bookworm");
  must("debootstrap", "--variant=minbase", "bookworm", debian, mirror);
  for (const folder of ["etc/apt", "usr/share/keyrings"]) cpSync(join("/", folder), join(debian, folder), { recursive: true, dereference: true });
  for (const file of ["etc/resolv.conf", "etc/hosts", "etc/ssl/certs"])
    if (existsSync(join("/", file))) cpSync(join("/", file), join(debian, file), { recursive: true, dereference: true });
  for (const folder of ["proc", "dev", "sys"]) must("mount", "--rbind", join("/", folder), join(debian, folder));
  mkdirSync(tree, { recursive: true });
  must("sh", "-c", `git -C '${root}' archive HEAD | tar -x -C '${tree}'`);
}

function leave() {
  for (const folder of ["proc", "dev", "sys"]) spawnSync("umount", ["--recursive", "--lazy", join(debian, folder)]);
  rmSync(home, { recursive: true, force: true });
}

// A command in the tree there. NET: with a network; otherwise there is only loopback.
const inside = (net, command) => [...(net ? [] : ["unshare", "--net"]), "chroot", debian, "sh", "-c", `${net ? "" : "ip link set lo up 2>/dev/null; "}cd /srv/adem && ${command}`];

// Starts script/server there and asks it for its first page.
async function serve(net) {
  const [command, ...words] = inside(net, "exec script/server --listen 127.0.0.1:0");
  const child = spawn(command, words, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  try {
    const url = await new Promise((done, fail) => {
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", chunk => {
          text += chunk;
          const ready = /ready at (http:\S+)/.exec(text);
          if (ready) done(ready[1]);
        });
      child.once("exit", status => fail(new Error(`script/server ended with ${status}:\n${text.slice(-3000)}`)));
    });
    if (!net) return;
    const page = await fetch(url);
    equal(page.status, 200, "the first page's status");
    holds(await page.text(), "110");
  } finally {
    try { process.kill(-child.pid, "SIGTERM"); } catch { /* it has ended */ }
    if (child.exitCode === null) await new Promise(done => child.once("exit", done));
  }
}

if (process.getuid() !== 0 || spawnSync("debootstrap", ["--version"]).error) {
  for (const name of wanted) skip(name, process.getuid() !== 0 ? "only root can make a root folder" : "debootstrap is not installed");
} else {
  process.on("exit", leave);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
  await test("a bare Debian 12", bootstrap);
  await test(wanted[0], () => serve(true));
  await test(wanted[1], () => serve(true));
  await test(wanted[2], () => serve(false));
  await test(wanted[3], () => {
    const [command, ...words] = inside(true, "script/test commands http");
    holds(must(command, ...words), ", 0 failed", "the last line");
  });
}
finish();
