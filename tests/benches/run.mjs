// Each benchmark that drives the running program, once and small: that it runs through, and that what it sets beside Adem still
// does the same work. Says nothing about time.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { databases, finish, root, test } from "../lib/adem.mjs";

const runs = [["reports"], ["boards"], ["start"], ...databases.map(kind => ["growth", kind, "1/1000"])];
const small = { ...process.env, ADEM_BENCH_SECONDS: "1", ADEM_BENCH_TIMES: "1", ADEM_BENCH_BOARDS: "12" };

for (const words of runs)
  await test(`bench ${words.join(" ")}`, () => {
    const done = spawnSync("node", [join(root, "bench/run.mjs"), ...words], { encoding: "utf8", env: small });
    if (done.status !== 0) throw new Error(done.stderr);
  });
finish();
