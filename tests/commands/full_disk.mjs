// A disk that runs full: what is urgent goes on by the room that was kept, what is not is refused with words, and all is as before
// when there is room again.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, rmdirSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, equal, holds, skip, test, until } from "../lib/adem.mjs";

const name = "full disk: alerts, sign-in and fights go on, what can wait is refused, and it recovers by itself";
const MIB = 1 << 20, reserve = 8 * MIB;
const disk = mkdtempSync(join(tmpdir(), "adem-disk-"));

function fill(path) {
  const file = openSync(path, "w");
  for (let size = MIB; size > 0; size = Math.floor(size / 2))
    for (;;) {
      try {
        writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if (error.code !== "ENOSPC") throw error;
        break;
      }
    }
  closeSync(file);
}

async function story() {
  process.env.TMPDIR = disk;
  const adem = await new Adem("sqlite", { "disk-reserve-mib": 8 }).start();
  delete process.env.TMPDIR;
  const kept = join(adem.data, "db/adem.db.reserve"), filler = join(disk, "filler");
  await until(() => statSync(kept, { throwIfNoEntry: false })?.size === reserve, "the reserve");
  const warga = new Person(adem);
  const send = (level, text) => warga.follow("POST", "/reports", { level, place: "31.71.08.1002.008", trigger: "rumour", text, sure: 1 });
  const thread = async receipt => (await warga.json("POST", "/receipts", { receipt })).data;
  const first = (await warga.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007", text: "" })).data;
  const before = await thread(first.receipt);

  fill(filler);
  const refused = await until(async () => {
    const answer = await send("potensi", "dengar dari warung");
    return answer.status === 503 && answer;
  }, "a refusal of what can wait", 60);
  holds(refused.text, "110", "the refusal");
  holds(refused.text, "hampir penuh", "the refusal");
  holds(refused.text, "dengar dari warung", "the refusal");
  equal(statSync(kept).size, 0, "what is left of the reserve");
  equal((await send("nyata", "mereka berkumpul")).status, 200, "a fight");
  equal((await send("ambang", "mereka saling tantang")).status, 200, "what may become one");
  equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "sign-in");
  adem.shift(before.due_ms - Date.now() + 5000);
  await until(async () => (await thread(first.receipt)).due_ms > before.due_ms, "the next step of the first alert", 60);

  rmSync(filler);
  await until(() => statSync(kept).size === reserve, "the reserve again", 60);
  equal((await send("potensi", "sudah ada tempat")).status, 200, "what can wait, with room");
  const log = readFileSync(adem.log, "utf8");
  holds(log, "disk_full", "the log");
  holds(log, "reserve_kept", "the log");
  holds(adem.run("check", "--thorough"), "all is well", "check");
  await adem.remove();
}

if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m,mode=700", "none", disk]).status !== 0) {
  skip(name, "only who may mount can make a small disk");
} else {
  try {
    await test(name, story);
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
}
rmdirSync(disk);
