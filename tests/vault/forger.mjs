// What somebody cannot do who can write the database but has no pepper: make or take over a session, rewrite the audit, or cut
// it off unseen.
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Adem, Person, databases, equal, holds, root, test, until } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const check = (adem, ...words) => spawnSync(program, ["check", ...words, ...adem.flags()], { encoding: "utf8" });

function finds(adem, piece, ...words) {
  const done = check(adem, ...words);
  equal(done.status, 1, "status of check");
  holds(done.stdout, piece, "check");
}

// The head of the audit, as an operator notes it.
function noted(adem) {
  const done = check(adem);
  equal(done.status, 0, `status of check, which said ${done.stdout}${done.stderr}`);
  return /for --expect: (\d+:[0-9a-f]{64})/.exec(done.stdout)[1];
}

// Whom the program takes somebody for; what a page for members answers nobody.
const isNobody = async person => (await person.get("/accounts/me")).status === 303;

// Refusals are written down, so that there is something to look at.
async function fillAudit(adem, name = "Sari Wulandari") {
  const person = new Person(adem, name);
  await person.signIn();
  for (let i = 0; i < 3; i++) equal((await person.get("/audit")).status, 403, "a refusal");
  return person;
}

for (const kind of databases) {
  await test(`forger ${kind}: a session is neither made, nor moved to another account, nor made to last`, async () => {
    const adem = await new Adem(kind, {}, { hears: false }).start();
    const sari = new Person(adem, "Sari Wulandari");
    await sari.signIn();
    equal(await isNobody(sari), false, "her own session");
    const admin = "(SELECT account_id FROM memberships WHERE (roles & 256) <> 0 LIMIT 1)";
    adem.sql("CREATE TABLE kept AS SELECT id, account_id, expires_ms FROM sessions");
    adem.sql(`UPDATE sessions SET account_id = ${admin}`);
    equal(await isNobody(sari), true, "her session, given to an administrator,");
    adem.sql("UPDATE sessions SET account_id = (SELECT account_id FROM kept WHERE kept.id = sessions.id)");
    equal(await isNobody(sari), false, "her session, given back,");
    adem.sql("UPDATE sessions SET expires_ms = expires_ms + 1");
    equal(await isNobody(sari), true, "her session, made to last,");
    adem.sql("UPDATE sessions SET expires_ms = expires_ms - 1");
    equal(await isNobody(sari), false, "her session, as it was,");

    // A token of one's own, and the hashes that can be made of it without a key.
    const token = randomBytes(32), python = spawnSync("python3", ["-c", `import hashlib, struct
t = bytes.fromhex("${token.toString("hex")}")
l = b"session/lookup"
print(hashlib.blake2b(b"adem/1" + bytes([len(l)]) + l + struct.pack("<Q", 32) + t, digest_size=32).hexdigest())`], { encoding: "utf8" });
    for (const hash of [python.stdout.trim(), createHash("sha256").update(token).digest("hex")]) {
      adem.sql(`UPDATE sessions SET token_hash = ${kind === "sqlite" ? `x'${hash}'` : `'\\x${hash}'`}`);
      const forger = new Person(adem);
      const own = [...sari.cookies].find(([, value]) => value.startsWith("31.71~"));
      forger.cookies.set(own[0], `31.71~${token.toString("base64url")}`);
      equal(await isNobody(forger), true, "a forged session");
    }
    adem.sql("DROP TABLE kept");
    await adem.remove();
  });

  await test(`forger ${kind}: rows cut off at the end show by the head that was noted`, async () => {
    const adem = await new Adem(kind, {}, { hears: false }).start();
    await fillAudit(adem);
    const early = noted(adem);
    adem.sql("CREATE TABLE kept AS SELECT * FROM audit_heads");
    await fillAudit(adem);
    // The same head goes into the log each day, for where logs are kept outside.
    adem.sql("UPDATE jobs SET run_after_ms = 0 WHERE kind = 'audit_head' AND done_ms IS NULL");
    const told = await until(() => readFileSync(adem.log, "utf8").match(/event=audit_head .*head=(\d+:[0-9a-f]{64})/)?.[1], "the head in the log");
    holds(check(adem, "--expect", told).stdout, "the one that was noted among them", "check of what the log told");
    const late = noted(adem), at = Number(late.split(":")[0]);
    for (const words of [["--expect", early], ["--expect", late], ["--expect", `31.71:${late.slice(0, -48)}`]])
      holds(check(adem, ...words).stdout, "the one that was noted among them", `check ${words.join(" ")}`);

    const flipped = late.slice(0, -64) + (late.at(-64) === "0" ? "1" : "0") + late.slice(-63);
    finds(adem, "it is not the row that was noted", "--expect", flipped);
    finds(adem, "there is no such region", "--expect", `31.99:${late}`);
    for (const wrong of ["", "5", "5:12", "x:0123456789abcdef", "0:0123456789abcdef", `${late}0`])
      equal(check(adem, "--expect", wrong).status, 2, `status for ${wrong}`);

    await adem.stop();
    adem.sql(`DELETE FROM audit WHERE number = ${at}`);
    finds(adem, `broken at row ${at}: it is missing`);
    adem.sql(`UPDATE audit_heads SET number = ${at - 1}, hash = (SELECT hash FROM audit WHERE number = ${at - 1})`);
    finds(adem, `broken at row ${at - 1}: it is not the end that was written with this pepper`);
    // With an older copy of the head the chain itself cannot tell; what was noted outside does.
    adem.sql(`DELETE FROM audit WHERE number > (SELECT number FROM kept)`);
    adem.sql("DELETE FROM audit_heads");
    adem.sql("INSERT INTO audit_heads SELECT * FROM kept");
    adem.sql("DROP TABLE kept");
    equal(check(adem).status, 0, "status without what was noted");
    finds(adem, "it was noted to be there, and the chain ends before it", "--expect", late);
    equal(check(adem, "--expect", early).status, 0, "status with what was noted before");
    adem.sql("UPDATE audit_heads SET number = number - 1");
    finds(adem, "the head of the chain does not know of it");
    await adem.remove();
  });
}

const rewrite = (adem, ...words) => {
  const script = join(dirname(fileURLToPath(import.meta.url)), "rewrite.py");
  const done = spawnSync("python3", [script, join(adem.data, "db/adem.db"), ...words], { encoding: "utf8" });
  equal(done.status, 0, `status of rewrite.py, which said ${done.stderr}`);
  return Number(done.stdout);
};

await test("forger: a chain rewritten without the pepper is found, also with all hashes made anew", async () => {
  const adem = await new Adem("sqlite", {}, { hears: false }).start();
  await fillAudit(adem);
  noted(adem);
  await adem.stop();
  rewrite(adem, "2", "changed");
  finds(adem, "the audit chain is broken at row 2");
  rewrite(adem, "1");
  finds(adem, "it is not the end that was written with this pepper");
  await adem.remove();
});

await test("forger: a chain of before the key is keyed by migrate, and what it holds cannot be changed any more", async () => {
  const adem = await new Adem("sqlite", {}, { hears: false }).start();
  await fillAudit(adem);
  await adem.stop();
  const last = rewrite(adem, "1");
  adem.sql("UPDATE audit_heads SET mac = NULL");
  holds(adem.run("migrate"), `the audit is keyed with the pepper from row ${last + 1} on`, "migrate");
  equal(adem.run("migrate").includes("keyed"), false, "keyed again");
  noted(adem);
  copyFileSync(join(adem.data, "db/adem.db"), join(adem.data, "kept.db"));
  rewrite(adem, "2", "changed");
  finds(adem, "the audit chain is broken at row");
  copyFileSync(join(adem.data, "kept.db"), join(adem.data, "db/adem.db"));
  adem.sql(`DELETE FROM audit WHERE number > ${last}`);
  rewrite(adem, "2", "changed");
  adem.sql("UPDATE audit_heads SET mac = NULL");
  finds(adem, "it is not the end that was written with this pepper");
  await adem.remove();
});
