// An upgrade beside a server that does not know it, and the copy that an upgrade leaves behind.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, databases, equal, holds, lacks, root, test, until } from "../lib/adem.mjs";

const DAY = 86400000, program = process.env.ADEM_PROGRAM || join(root, "build/adem");

// As if this program knew a step more than the database, for as long as WORK takes.
async function behind(adem, work) {
  adem.sql("CREATE TABLE kept AS SELECT * FROM migrations WHERE number = (SELECT max(number) FROM migrations)");
  adem.sql("DELETE FROM migrations WHERE number = (SELECT number FROM kept)");
  try {
    await work(Number(adem.sql("SELECT count(*) FROM migrations")));
  } finally {
    adem.sql("INSERT INTO migrations SELECT * FROM kept");
    adem.sql("DROP TABLE kept");
  }
}

for (const kind of databases)
  await test(`upgrade ${kind}: no step is applied while a server runs that does not know it`, async () => {
    const adem = await new Adem(kind).start(), other = mkdtempSync(join(tmpdir(), "adem-test-"));
    try {
      holds(adem.run("migrate"), "newest step", "migrate where there is nothing to apply");
      copyFileSync(join(adem.data, "pepper.key"), join(other, "pepper.key"));
      // Also from a directory of its own: by its link to the embedded database, or from another host of a PostgreSQL.
      const database = kind === "sqlite" ? `sqlite:${join(adem.data, "db/adem.db")}` : adem.settings.database;
      const elsewhere = ["--data", other, "--database", database];
      await behind(adem, steps => {
        for (const [flags, why] of [[adem.flags(), 'another "adem serve" runs on this directory'],
          [elsewhere, kind === "sqlite" ? 'another "adem serve" runs on this database' : "another Adem works on this database"]]) {
          const done = spawnSync(program, ["migrate", ...flags], { encoding: "utf8" });
          equal(done.status, 1, "status");
          holds(done.stderr, why, "migrate");
          holds(done.stderr, "stop it first", "migrate");
          equal(Number(adem.sql("SELECT count(*) FROM migrations")), steps, "steps");
          equal(spawnSync(program, ["migrate", "--dry-run", ...flags]).status, 0, "status of --dry-run");
        }
      });
      await adem.stop();
      await behind(adem, () => lacks(spawnSync(program, ["migrate", ...elsewhere], { encoding: "utf8" }).stderr, "stop it first", "migrate after it was stopped"));
    } finally {
      await adem.remove();
      rmSync(other, { recursive: true });
    }
  });

await test("upgrade: copies from before it are counted, and removed after a week", async () => {
  const adem = new Adem("sqlite"), file = join(adem.data, "db/adem.db");
  const copy = (name, days) => {
    const path = `${file}.before-${name}${days === undefined ? "" : Date.now() - days * DAY}`;
    writeFileSync(path, "");
    return path;
  };
  lacks(adem.run("check"), "before an upgrade", "check");
  const kept = [copy("0016-", 6), copy("0016-mine"), copy("notes")], old = copy("0015-", 8);
  holds(adem.run("check"), "2 copies from before an upgrade lie beside it, the oldest 8 days old", "check");
  holds(adem.run("migrate"), "2 copies from before an upgrade", "migrate");
  const older = copy("0014-", 20), said = adem.fails("check").stdout;
  holds(said, "3 copies from before an upgrade", "check");
  holds(said, "remove them yourself", "check");
  await adem.start();
  await until(() => {
    adem.believe(["copies_forget"]);
    return !existsSync(old) && !existsSync(older);
  }, "that old copies are removed");
  for (const path of kept) equal(existsSync(path), true, path);
  await until(() => readFileSync(adem.log, "utf8").split("event=copy_removed").length === 3, "the log");
  await adem.remove();
});
