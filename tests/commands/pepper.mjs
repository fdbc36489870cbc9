// A pepper that was lost, or exchanged for another one, beside data: every command that needs it says so and changes nothing.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, databases, equal, holds, lacks, root, test, until } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const commands = [["migrate"], ["migrate", "--dry-run"], ["demo"], ["serve", "--listen", "127.0.0.1:0"], ["work"], ["check"],
  ["account", "invite", "--region", "31.71", "--post", "Polsek Johar Baru", "--role", "desk"], ["account", "reset", "Yoga Setiawan"]];

function refused(adem, words, ...pieces) {
  const done = spawnSync(program, [...words, ...adem.flags()], { encoding: "utf8", timeout: 20000 });
  equal(done.status, 1, `status of ${words.join(" ")}`);
  for (const piece of [adem.pepper, ...pieces]) holds(done.stderr, piece, `what ${words.join(" ")} says`);
}

for (const kind of databases) {
  const adem = new Adem(kind);
  const kept = join(adem.data, "kept.key");
  adem.pepper = join(adem.data, "pepper.key");
  copyFileSync(adem.pepper, kept);
  const right = () => copyFileSync(kept, adem.pepper);
  const wrong = () => writeFileSync(adem.pepper, randomBytes(32), { mode: 0o600 });

  await test(`pepper ${kind}: a missing one is never made anew beside data`, () => {
    rmSync(adem.pepper);
    for (const words of commands) {
      refused(adem, words, "it is missing", "put the copy");
      equal(existsSync(adem.pepper), false, `a new pepper after ${words.join(" ")}`);
    }
    right();
    holds(adem.run("check"), "all is well", "check with the copy in its place");
  });

  await test(`pepper ${kind}: another one is refused, and both fingerprints are named`, () => {
    wrong();
    const said = /the fingerprint ([0-9a-f]{16}), the database was made with ([0-9a-f]{16})/;
    for (const words of commands) refused(adem, words, "this pepper is not the database's");
    const [, theirs, ours] = said.exec(spawnSync(program, ["check", ...adem.flags()], { encoding: "utf8" }).stderr);
    if (theirs === ours) throw new Error("both have one fingerprint");
    for (const hex of [theirs, ours])
      lacks(readFileSync(kept).toString("hex") + readFileSync(adem.pepper).toString("hex"), hex, "a pepper");
    right();
    holds(adem.run("check"), "all is well", "check with the copy in its place");
  });

  await test(`pepper ${kind}: a database from before the fingerprint gets it by migrate, from the right pepper only`, () => {
    adem.sql("DELETE FROM pepper");
    refused(adem, ["serve", "--listen", "127.0.0.1:0"], "does not know its pepper yet", "adem migrate");
    wrong();
    equal(spawnSync(program, ["migrate", ...adem.flags()], { encoding: "utf8" }).status, 1, "migrate with another pepper");
    right();
    refused(adem, ["check"], "does not know its pepper yet");
    holds(adem.run("migrate"), "the database belongs to the pepper with the fingerprint", "migrate");
    lacks(adem.run("migrate"), "belongs to", "the second migrate");
    holds(adem.run("check"), "all is well", "check");
  });

  await test(`pepper ${kind}: a copy in another place serves by the setting`, () => {
    renameSync(adem.pepper, join(adem.data, "elsewhere.key"));
    const done = spawnSync(program, ["check", ...adem.flags(), "--pepper-file", "elsewhere.key"], { encoding: "utf8" });
    equal(done.status, 0, "status");
  });

  await test(`pepper ${kind}: one that goes away while Adem runs is said at once, and Adem goes on`, async () => {
    renameSync(join(adem.data, "elsewhere.key"), adem.pepper);
    await adem.start();
    renameSync(adem.pepper, kept);
    await until(() => readFileSync(adem.log, "utf8").includes("pepper_away"), "a line in the log");
    right();
    equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "sign-in");
    equal(readFileSync(adem.log, "utf8").split("pepper_away").length, 2, "lines about it");
  });

  await test(`pepper ${kind}: one that is overwritten while Adem runs, or goes away from another folder, is said by the log and /readyz`, async () => {
    const becomes = what => until(async () => (await (await fetch(`${adem.url}/readyz`)).json()).pepper === what, `pepper: ${what}`);
    await becomes("ok");
    wrong();
    await becomes("away");
    holds(readFileSync(adem.log, "utf8"), 'fault="another one is in its place"', "the log");
    right();
    await becomes("ok");
    await adem.stop();
    const outside = mkdtempSync(join(tmpdir(), "adem-test-"));
    adem.settings["pepper-file"] = join(outside, "pepper.key");
    copyFileSync(kept, adem.settings["pepper-file"]);
    await adem.start();
    await becomes("ok");
    const lines = readFileSync(adem.log, "utf8").split("pepper_away").length;
    renameSync(adem.settings["pepper-file"], join(outside, "away.key"));
    await becomes("away");
    equal(readFileSync(adem.log, "utf8").split("pepper_away").length, lines + 1, "lines about it");
    rmSync(outside, { recursive: true });
  });
  await adem.remove();
}

await test("pepper: an empty directory gets one", () => {
  const data = mkdtempSync(join(tmpdir(), "adem-test-"));
  equal(spawnSync(program, ["migrate", "--data", data]).status, 0, "status");
  equal(readFileSync(join(data, "pepper.key")).length, 32, "bytes of the pepper");
  rmSync(data, { recursive: true });
});
