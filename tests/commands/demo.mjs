// "adem demo": alone in a fresh place, marked on every page, never beside a real region, and with a roster that does not run out.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Adem, Person, databases, equal, holds, lacks, root, test, until } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const mark = "Ini contoh. Semua orang di sini rekaan";
const day = 24 * 3600 * 1000;

await test("demo: one command in a folder that is not there yet makes a whole system", () => {
  const above = mkdtempSync(join(tmpdir(), "adem-test-")), data = join(above, "demo");
  const run = (...words) => spawnSync(program, [...words, "--data", data], { encoding: "utf8" });
  const made = run("demo");
  equal(made.status, 0, made.stderr);
  holds(made.stdout, "Sari Wulandari", "the sign-ins");
  holds(run("check").stdout, "all is well", "adem check");
  equal(existsSync(join(data, "pepper.key")), true, "the pepper");
  rmSync(above, { recursive: true });
});

for (const kind of databases) {
  await test(`demo ${kind}: refused beside a real region, and nothing is added`, async () => {
    const adem = new Adem(kind);
    adem.sql("UPDATE regions SET demo = false");
    const counts = () => adem.sql("SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM duties), (SELECT count(*) FROM regions)");
    const before = counts(), refused = adem.fails("demo");
    equal(refused.status, 1, "status");
    holds(refused.stderr, "31.71 Jakarta Pusat", "which region stands there");
    lacks(refused.stdout, "adem-malam-ini", "what was printed");
    equal(counts(), before, "accounts, duties, regions");
    await adem.start();
    for (const path of ["/", "/sign-in", "/reports/new"]) lacks((await new Person(adem).get(path)).text, mark, `a real region's ${path}`);
    await adem.remove();
  });

  await test(`demo ${kind}: every page says that it is one`, async () => {
    const adem = await new Adem(kind).start(), sari = new Person(adem, "Sari Wulandari");
    await sari.signIn();
    for (const path of ["/", "/sign-in", "/reports/new", "/receipts", "/places/31.71", "/places/31.71.99"])
      holds((await new Person(adem).get(path)).text, mark, path);
    for (const path of ["/", "/cases", "/posts", "/accounts/me"]) holds((await sari.get(path)).text, mark, `${path}, signed in`);
    await adem.remove();
  });

  await test(`demo ${kind}: its roster goes on by itself, and what was taken off it stays off`, async () => {
    const adem = await new Adem(kind).start(), dimas = new Person(adem, "Dimas Nugroho");
    const onDuty = "SELECT count(*) FROM duties d JOIN posts p ON p.region = d.region AND p.id = d.post_id WHERE p.kind = 'bhabin' AND d.ended_ms IS NULL";
    const count = (from, upto) => Number(adem.sql(`${onDuty} AND d.until_ms > ${from} AND d.from_ms < ${upto}`).trim());
    await dimas.signIn();
    const now = Date.now(), post = /\/posts\/(\d+)">Bhabinkamtibmas Galur/.exec((await dimas.get("/posts")).text)[1];
    for (let id; (id = /\/duties\/(\d+)\/end/.exec((await dimas.get(`/posts/${post}`)).text));)
      equal((await dimas.post(`/duties/${id[1]}/end`)).status, 303, "taking a duty off");
    const kept = count(now, now + 3 * day);
    adem.run("demo");
    equal(count(now, now + 3 * day), kept, "duties after demo was run again");
    const later = now + 20 * day;
    equal(count(later, later + day), 0, "duties in three weeks");
    await adem.stop();
    adem.shift(20 * day);
    await adem.start();
    await until(() => count(later, later + day) >= 5, "the roster of three weeks later");
    holds(adem.run("check"), "all is well", "adem check");
    await adem.remove();
  });
}
