// A copy of the database made while the program takes reports, as adem(8) says, and put back after a crash.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, databases, equal, holds, root, test } from "../lib/adem.mjs";

const manual = readFileSync(join(root, "docs/adem.8"), "utf8");
const said = command => holds(manual, command, "adem(8)");

function must(program, words) {
  const done = spawnSync(program, words, { encoding: "utf8" });
  equal(done.status, 0, `status of ${program}: ${done.stderr.slice(0, 1000)}`);
}

for (const kind of databases) {
  await test(`backup ${kind}: a copy made while reports come in is whole, and is put back after a crash`, async () => {
    const adem = await new Adem(kind).start(), kept = mkdtempSync(join(tmpdir(), "adem-test-")), copy = join(kept, "copy");
    const warga = new Person(adem);
    const report = async () => (await warga.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "" })).data.receipt;
    const before = await report();
    let copied = false;
    const flood = (async () => { while (!copied) await report(); })();
    await new Promise(done => setImmediate(done));
    if (kind === "sqlite") {
      said('.Dl sqlite3 DATA/db/adem.db \\(dq.backup COPY\\(dq');
      must("sqlite3", [join(adem.data, "db/adem.db"), ".timeout 10000", `.backup ${copy}`]);
    } else {
      said(".Xr pg_dump 1");
      must("pg_dump", ["-Fc", "-f", copy, adem.settings.database]);
    }
    copied = true;
    await flood;
    await adem.kill();

    if (kind === "sqlite") {
      const file = join(adem.data, "db/adem.db");
      for (const suffix of ["-wal", "-shm"]) {
        said(`.Pa DATA/db/adem.db${suffix}`);
        rmSync(file + suffix, { force: true });
      }
      copyFileSync(copy, file);
    } else {
      said(".Xr pg_restore 1");
      must("pg_restore", ["--clean", "--if-exists", "--no-owner", "-d", adem.settings.database, copy]);
    }
    adem.run("migrate");
    holds(adem.run("check"), "all is well", "check");
    await adem.start();
    equal((await warga.json("POST", "/receipts", { receipt: before })).data.state, "ringing", "the report of before");
    equal((await new Person(adem, "Sari Wulandari").signIn()).status, 303, "sign-in");
    if (!(await report())) throw new Error("no new report is taken");
    await adem.remove();
    rmSync(kept, { recursive: true });
  });
}
