// What a thief of the database or the logs can read: no word of a sealed text, no contact, no receipt. Words are planted in every
// field that is sealed, then searched in every file of the data directory and in every row of a PostgreSQL dump.
import { readFileSync, readdirSync, statSync } from "node:fs";
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
  equal((await warga.post("/receipts/messages", { receipt: made.data.receipt, text: planted[3] })).status, 200, "message");
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

await test("vault: a withdrawn text is in no file of the database any more, also not in its log, while it runs", async () => {
  const adem = await new Adem("sqlite").start();
  const send = async place => (await new Person(adem).json("POST", "/reports", { level: "nyata", place, text: "batu di jembatan" })).data;
  const kept = await send("31.71.08.1002.008"), taken = await send("31.71.08.1002.007");
  const sealed = { kept: ciphertext(adem, kept.report), taken: ciphertext(adem, taken.report) };
  equal(sealed.taken.length > 256, true, "there is a ciphertext");
  const piece = which => sealed[which].subarray(100, 140);
  const where = which => files(join(adem.data, "db")).filter(path => readFileSync(path).includes(piece(which)));
  equal(where("taken").length > 0, true, "it is on the disk");
  equal((await new Person(adem).post("/receipts/withdraw", { receipt: taken.receipt })).status, 200, "withdrawing");
  equal(ciphertext(adem, taken.report).length, 0, "bytes in the row");
  await until(() => where("taken").length === 0, "the files without the text", 120);
  equal(where("kept").length > 0, true, "the other text is found");
  await adem.remove();
});
finish();
