// What a thief of the database or the logs can read: no word of a sealed text, no contact, no receipt. Words are planted in every
// field that is sealed, then searched in every file of the data directory and in every row of a PostgreSQL dump.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Adem, Person, databases, equal, finish, holds, test, until } from "../lib/adem.mjs";
import "./forger.mjs";

const planted = ["zebrakuning", "kontakrahasia", "balasanpos", "tambahanwarga", "catatandalam"];

function files(folder) {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

async function plant(adem) {
  const warga = new Person(adem), sari = new Person(adem, "Sari Wulandari");
  const made = await warga.json("POST", "/reports",
    { level: "nyata", place: "31.71.08.1002.008", text: planted[0], contact: planted[1] });
  equal(made.status, 201, "status");
  await sari.signIn();
  const board = await sari.get("/");
  const id = /id="case-(\d+)"/.exec(board.text)[1];
  const page = await sari.get(`/cases/${id}`);
  holds(page.text, planted[0], "the officer's page");
  const report = /\/reports\/(\d+)\/messages/.exec(page.text)[1];
  equal((await sari.post(`/reports/${report}/messages`, { text: planted[2] })).status, 303, "answer");
  equal((await sari.post(`/cases/${id}/notes`, { action: "visit", text: planted[4] })).status, 303, "note");
  equal((await warga.follow("POST", "/receipts/messages", { receipt: made.data.receipt, text: planted[3] })).status, 200, "message");
  return made.data.receipt;
}

for (const kind of databases) {
  await test(`vault ${kind}: nothing sealed stands in clear on disk or in the log`, async () => {
    const adem = await new Adem(kind).start();
    const receipt = await plant(adem);
    const words = [...planted, receipt, receipt.replaceAll("-", "")];
    const search = (bytes, where) => {
      for (const word of words)
        for (const form of [Buffer.from(word), Buffer.from(word, "utf16le"), Buffer.from(Buffer.from(word).toString("hex")), Buffer.from(Buffer.from(word).toString("base64").slice(0, -4))])
          if (bytes.includes(form)) throw new Error(`"${word}" stands in ${where}`);
    };
    const looked = files(adem.data);
    for (const path of looked) search(readFileSync(path), path);
    if (kind === "postgres") {
      const dump = spawnSync("pg_dump", ["--inserts", adem.settings.database], { maxBuffer: 1 << 28 });
      equal(dump.status, 0, "pg_dump");
      if (!dump.stdout.includes("INSERT INTO public.boxes")) throw new Error("the dump holds no boxes");
      search(dump.stdout, "the dump");
    } else if (!looked.some(path => path.endsWith("adem.db"))) throw new Error("no database file was searched");
    await adem.remove();
  });
}

// Two sealed texts of the embedded database, as bytes: one that is withdrawn, and one that stays, so that the search is seen to find.
const ciphertext = (adem, report) => Buffer.from(spawnSync("sqlite3", ["-readonly", "-cmd", ".timeout 10000", join(adem.data, "db/adem.db"),
  `SELECT hex(ciphertext) FROM boxes WHERE subject = 'reports' AND field = 'text' AND subject_id = ${report}`], { encoding: "utf8" }).stdout.trim(), "hex");
const message = (adem, report) => Buffer.from(spawnSync("sqlite3", ["-readonly", "-cmd", ".timeout 10000", join(adem.data, "db/adem.db"),
  `SELECT hex(ciphertext) FROM boxes WHERE subject = 'report_messages' AND subject_id IN (SELECT id FROM report_messages WHERE report_id = ${report})`],
{ encoding: "utf8" }).stdout.trim(), "hex");
// Its key, as it was sealed to the first of its readers.
const sealedKey = (adem, report) => Buffer.from(spawnSync("sqlite3", ["-readonly", "-cmd", ".timeout 10000", join(adem.data, "db/adem.db"),
  `SELECT hex(sealed_key) FROM box_keys WHERE subject = 'reports' AND subject_id = ${report} LIMIT 1`],
{ encoding: "utf8" }).stdout.trim(), "hex");

await test("vault: a withdrawn text is in no file of the database any more, also not in its log, while it runs", async () => {
  const adem = await new Adem("sqlite").start();
  const send = async place => (await new Person(adem).json("POST", "/reports", { level: "nyata", place, text: "batu di jembatan" })).data;
  const kept = await send("31.71.08.1002.008"), taken = await send("31.71.08.1002.007");
  equal((await new Person(adem).follow("POST", "/receipts/messages", { receipt: taken.receipt, text: "sekarang di gang 3" })).status, 200, "a message");
  const sealed = { kept: ciphertext(adem, kept.report), taken: ciphertext(adem, taken.report), said: message(adem, taken.report), key: sealedKey(adem, taken.report) };
  equal(sealed.taken.length > 256, true, "there is a ciphertext");
  const piece = which => which === "key" ? sealed.key.subarray(0, 40) : sealed[which].subarray(100, 140);
  const where = which => files(join(adem.data, "db")).filter(path => readFileSync(path).includes(piece(which)));
  for (const which of ["taken", "said", "key"]) equal(where(which).length > 0, true, `${which} is on the disk`);
  equal((await new Person(adem).follow("POST", "/receipts/withdraw", { receipt: taken.receipt })).status, 200, "withdrawing");
  equal(ciphertext(adem, taken.report).length, 0, "bytes in the row");
  equal(message(adem, taken.report).length, 0, "bytes of the message");
  await until(() => where("taken").length + where("said").length + where("key").length === 0, "the files without the text and its key", 120);
  equal(where("kept").length > 0, true, "the other text is found");
  await adem.remove();
});
// Runs what was stolen on a machine of the thief's, with a pepper of their own, whose fingerprint they put into the database.
function run_stolen(adem) {
  const own = new Adem("sqlite"), stolen = mkdtempSync(join(tmpdir(), "adem-stolen-"));
  for (const name of readdirSync(join(adem.data, "db"))) copyFileSync(join(adem.data, "db", name), join(stolen, name));
  const print = spawnSync("sqlite3", ["-readonly", join(own.data, "db/adem.db"), "SELECT hex(fingerprint) FROM pepper"], { encoding: "utf8" });
  rmSync(join(own.data, "db"), { recursive: true });
  mkdirSync(join(own.data, "db"));
  for (const name of readdirSync(stolen)) copyFileSync(join(stolen, name), join(own.data, "db", name));
  rmSync(stolen, { recursive: true });
  return { own, print: print.stdout.trim() };
}

await test("vault: a stolen database, its log and a copy of it hold nothing in clear, and open nothing under another pepper", async () => {
  const adem = await new Adem("sqlite").start();
  const receipt = await plant(adem);
  const wal = readFileSync(join(adem.data, "db/adem.db-wal"));
  const copy = join(adem.data, "db/adem.db.before-0001-1");
  equal(spawnSync("sqlite3", [join(adem.data, "db/adem.db"), `VACUUM INTO '${copy}'`]).status, 0, "a copy");
  for (const [where, bytes] of [["the log", wal], ["the copy", readFileSync(copy)]]) {
    for (const word of [...planted, receipt, receipt.replaceAll("-", "")])
      if (bytes.includes(word)) throw new Error(`"${word}" stands in ${where}`);
    equal(bytes.includes("reports"), true, `${where} holds rows`);
  }

  const { own, print } = run_stolen(adem);
  let refusal = "";
  try { await own.start(); } catch (error) { refusal = String(error); }
  holds(refusal, "this pepper is not the database's", "the start on the stolen database");
  own.sql(`UPDATE pepper SET fingerprint = x'${print}'`);
  await own.start();
  equal((await new Person(own, "Sari Wulandari").signIn()).status, 401, "the right password under another pepper");
  equal((await new Person(own).json("POST", "/receipts", { receipt })).status, 404, "the right receipt under another pepper");
  await own.remove();
  const sari = new Person(adem, "Sari Wulandari");
  equal((await sari.signIn()).status, 303, "the right password at home");
  equal((await new Person(adem).json("POST", "/receipts", { receipt })).status, 200, "the right receipt at home");
  await adem.remove();
});
finish();
