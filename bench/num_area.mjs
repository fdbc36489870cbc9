// Early warning for areas on the public data of numerics D.2, beside the figures of its reference machine; then how time grows
// with incidents. Seconds are of the processor.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../tests/lib/adem.mjs";

function ours(...args) {
  const done = spawnSync(join(root, "build/bench/bench_num_area"), args, { encoding: "utf8" });
  return done.status === 0 ? JSON.parse(done.stdout) : null;
}
const s = value => `${value.toFixed(value < 1 ? 3 : 1)} s`;
const mb = value => `${value.toFixed(0)} MB`;

export function numArea(row) {
  const a = ours("city");
  if (a) {
    city(row, a);
    young(row);
  }
  else row("early warning for areas, New York", "skipped: no reference data", "", "", "");
  growth(row);
}

function city(row, a) {
  row("areas, New York: log score", a.log_score.toFixed(5), "0.23379 prototype, 0.23717 hhh4", (a.log_score / 0.23379).toFixed(4), "≤ 0.2338");
  row("… AUC, calibration error", `${a.auc.toFixed(4)}, ${a.calibration.toFixed(4)}`, "0.812, 0.0056 prototype", "", "≥ 0.812, ≤ 0.006");
  row("… weeks outside the N-test's 95 %", `${a.outside} of 104`, "8 prototype", "", "≤ 10");
  row("… fit, then 104 weekly forecasts", `${s(a.fit_s)}, ${s(a.roll_s)}`, "0.4 s prototype, 7.1 s hhh4; its own machine", "", "");
  row(`… choice among ${a.tried} on the years before`, s(a.choose_s), "", "", "");
  row(`… refit of ${a.incidents} incidents`, s(a.refit_s), "", "", "< 1 s");
  row("… one more incident", `${a.update_ms.toFixed(4)} ms`, "", "", "< 1 ms");
  row("… memory", mb(a.peak_mb), "473 MB hhh4", "", "< 32 MB");
}

// Logs of 3 to 24 months, beside share x level with the same dispersion.
function young(row) {
  const done = spawnSync(join(root, "build/bench/bench_num_young"), ["city"], { encoding: "utf8" });
  for (const line of done.status === 0 ? done.stdout.trim().split("\n").slice(1) : []) {
    const [town, months, logs, , , gain, error] = line.split(",");
    row(`… ${logs} logs of ${months} months, ${town}: nats an incident beside share × level`, `${gain} ± ${error}`, "", "", "≥ -0.005 within two errors");
  }
}

function growth(row) {
  const runs = [1000, 10000, 100000, 1000000].map(n => ours("town", String(n)));
  for (const r of runs)
    row(`areas: refit of ${r.incidents} incidents in ${r.places} places`, `${s(r.refit_s)}, ${mb(r.peak_mb)}`,
      `${mb(r.data_mb)} of it before the first fit`, "", r.incidents === 1000000 ? "< 60 s, < 1 GB" : "");
  const x = runs.map(r => Math.log(r.incidents)), y = runs.map(r => Math.log(r.refit_s));
  const mean = v => v.reduce((sum, value) => sum + value, 0) / v.length;
  const slope = x.reduce((sum, v, i) => sum + (v - mean(x)) * (y[i] - mean(y)), 0) / x.reduce((sum, v) => sum + (v - mean(x)) ** 2, 0);
  row("… time grows as incidents to the power of", slope.toFixed(2), "", "", "");
}
