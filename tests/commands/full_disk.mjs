// A disk that runs full: what is urgent goes on by the room that was kept, what is not is refused with words, and all is as before
// when there is room again.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, rmdirSync, statSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, equal, holds, root, skip, test, until } from "../lib/adem.mjs";

const name = "full disk: alerts, sign-in and fights go on, what can wait is refused, and it recovers by itself";
const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
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
  const adem = await new Adem("sqlite", { "disk-reserve-mib": 8 }, { folder: disk }).start();
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

// A disk of that size with an Adem on it, which WORK tries; both are gone afterwards.
async function onDisk(size, work) {
  const small = mkdtempSync(join(tmpdir(), "adem-disk-"));
  equal(spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=700`, "none", small]).status, 0, "mount");
  try {
    await work(small);
  } finally {
    spawnSync("umount", ["-l", small]);
    rmdirSync(small);
  }
}

const tooSmall = "full disk: a disk too small for the reserve is said at the start and by check, and a reserve with holes is filled";
const tooSmallStory = () => onDisk("40m", async small => {
  const adem = new Adem("sqlite", { "disk-reserve-mib": 64 }, { folder: small });
  const kept = join(adem.data, "db/adem.db.reserve"), log = () => readFileSync(adem.log, "utf8");
  await adem.start();
  await until(() => log().includes("event=reserve_not_kept wanted_mib=64"), "a line in the log");
  await adem.stop();
  equal(log().split("reserve_not_kept").length, 2, "lines about it");
  holds(adem.fails("check").stdout, "too little to keep disk_reserve_mib = 64 aside", "check");
  adem.settings["disk-reserve-mib"] = 8;
  holds(adem.run("check"), "all is well", "check with a smaller one");
  truncateSync(kept, 8 * MIB);
  equal(statSync(kept).blocks, 0, "blocks of a file that is only long");
  const filler = join(small, "filler");
  writeFileSync(filler, Buffer.alloc(30 * MIB));
  await adem.start();
  await until(() => log().includes('why="the disk is too full for the reserve'), "that it is full, not small");
  await adem.stop();
  rmSync(filler);
  await adem.start();
  await until(() => statSync(kept).blocks * 512 >= 8 * MIB, "all of it");
  equal((await new Person(adem).follow("POST", "/reports", { level: "potensi", place: "31.71.08.1002.008", trigger: "rumour", text: "dengar", sure: 1 })).status,
    200, "what can wait");
  await adem.remove();
});

const brim = "full disk: what was stopped starts again on a disk without a byte left, by the room that was kept, and says so where there is none";
const brimStory = () => onDisk("8m", async small => {
  const adem = await new Adem("sqlite", {}, { folder: small }).start(), filler = join(small, "filler");
  const kept = join(adem.data, "db/adem.db.reserve");
  const brimFull = reserved => {
    rmSync(filler, { force: true });
    writeFileSync(kept, Buffer.alloc(reserved));
    fill(filler);
  };
  await until(() => statSync(kept, { throwIfNoEntry: false })?.size === MIB, "the reserve");
  await adem.stop();
  equal(existsSync(join(adem.data, "db/adem.db-shm")), false, "a file that SQLite makes to open the database");
  for (const words of [["check"], ["migrate"], ["demo"], ["account", "reset", "Yoga Setiawan"]]) {
    brimFull(0);
    const refused = adem.fails(...words);
    equal(refused.status, 1, `status of ${words.join(" ")}`);
    holds(refused.stderr, "the disk is full", `what ${words.join(" ")} says`);
    brimFull(MIB);
    if (words[0] === "check") holds(adem.fails("check").stdout, "audit chain holds", "what check finds, besides no room for the reserve");
    else adem.run(...words);
    equal(statSync(kept).size, 0, `what ${words.join(" ")} left of the reserve`);
  }
  brimFull(MIB);
  await adem.start();
  const fight = () => new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "" });
  equal((await fight()).status, 201, "a fight");
  equal((await (await fetch(`${adem.url}/readyz`)).json()).disk, "full", "what /readyz says of the disk");
  fill(filler);
  const refused = await until(async () => {
    const answer = await fight();
    return answer.status === 503 && answer.data.error;
  }, "a refusal where there is no room at all");
  equal(refused.message, "Saat ini belum bisa diproses. Silakan coba lagi sebentar lagi. Jika ada orang dalam bahaya, jangan menunggu: hubungi 110.", "its words as JSON");
  rmSync(filler);
  await until(() => statSync(kept).size === MIB, "the reserve again", 60);
  await adem.stop();
  holds(adem.run("check", "--thorough"), "all is well", "check");
  await adem.remove();
});

const halfway = "full disk: a migration that does not fit names its step, and goes on from there with more room";
const halfwayStory = () => onDisk("16m", async small => {
  const data = join(small, "data"), filler = join(small, "filler");
  const migrate = () => spawnSync(program, ["migrate", "--data", data, "--disk-reserve-mib", "0"], { encoding: "utf8" });
  let named = false;
  // With a little more room each time it gets further each time.
  for (let kib = 100; !named; kib += 100) {
    rmSync(data, { recursive: true, force: true });
    rmSync(filler, { force: true });
    writeFileSync(filler, Buffer.alloc(16 * MIB - kib * 1024));
    const done = migrate();
    if (done.status === 0) throw new Error("it fitted, and no step had been named");
    equal(done.status, 1, "status");
    named = /step \d{4} \w+ was not applied.*run "adem migrate" again: .*full/.test(done.stderr);
  }
  rmSync(filler);
  const again = migrate();
  equal(again.status, 0, again.stderr);
  holds(spawnSync(program, ["check", "--data", data, "--disk-reserve-mib", "0"], { encoding: "utf8" }).stdout, "schema: newest", "check");
});

if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m,mode=700", "none", disk]).status !== 0) {
  for (const each of [name, tooSmall, brim, halfway]) skip(each, "only who may mount can make a small disk");
} else {
  try {
    await test(name, story);
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
  await test(tooSmall, tooSmallStory);
  await test(brim, brimStory);
  await test(halfway, halfwayStory);
}
rmdirSync(disk);
