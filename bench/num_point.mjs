// Early warning for points beside its peers, in one run, on the public data of numerics D: New York's grid, Brooklyn beside R's
// twinstim, R's hhh4 on New York's areas; then how time grows with incidents. Seconds are of the processor.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/lib/adem.mjs";

const data = process.env.ADEM_REFERENCE_DATA || join(root, "../shared/data");
// The reference machine's own figures of numerics D.1: all 104 forecasts with the fit, peak memory, gain.
const reference = [["PredictCode, quartic 500 m", "76.9 s", "139 MB", 1.1398], ["PredictCode, SEPPexp", "32.9 s", "142 MB", 1.0477],
  ["prototype in C", "8.7 s", "9 MB", 1.1727]];

function json(program, args) {
  const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 24 });
  return done.status === 0 ? JSON.parse(done.stdout) : null;
}
const ours = (...args) => json(join(root, "build/bench/bench_num_point"), args);
const peer = name => json("Rscript", ["--vanilla", join(root, "bench/num_point.R"), data, name]);
const s = value => `${value.toFixed(value < 1 ? 3 : 1)} s`;
const mb = value => `${value.toFixed(0)} MB`;
const times = value => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} x`;

export function numPoint(row) {
  if (existsSync(join(data, "nyc-shootings"))) city(row);
  else row("early warning for points, New York", "skipped: no reference data", "", "", "");
  growth(row);
}

function city(row) {
  const a = ours("city", data);
  row("points, New York: fit and 104 weekly forecasts", `${s(a.all_s)}, ${mb(a.peak_mb)}`, "", "", "< 32 MB");
  row("… information gain, nats an incident", a.gain.toFixed(4), "", "", "≥ 1.17");
  for (const [name, time, memory, gain] of reference)
    row("", "", `${name}: ${gain} (${time}, ${memory}; its own machine)`, (a.gain / gain).toFixed(3), "");
  row("… hit rate in 1, 5 and 10 % of cells", [a.hit_1, a.hit_5, a.hit_10].map(hit => hit.toFixed(4)).join(" "),
    "0.0971 0.3774 0.6056 prototype", "", "");
  row(`… refit of ${a.incidents} incidents`, s(a.refit_s), "", "", "< 1 s");
  row("… one more incident", `${a.update_ms.toFixed(3)} ms`, "", "", "< 1 ms");
  const b = ours("brooklyn", data), twinstim = peer("twinstim"), hhh4 = peer("hhh4");
  const absent = "R with surveillance is not installed";
  row(`… fit to Brooklyn, ${b.incidents} incidents`, `${s(b.fit_s)}, ${mb(b.peak_mb)}`,
    twinstim ? `${s(twinstim.fit_s)}, ${mb(twinstim.peak_mb)} R twinstim` : absent, twinstim ? times(twinstim.fit_s / b.fit_s) : "", "");
  row("… R hhh4 on its 188 areas, fit and 104 forecasts", s(a.all_s), hhh4 ? `${s(hhh4.all_s)}, ${mb(hhh4.peak_mb)} R hhh4` : absent,
    hhh4 ? times(hhh4.all_s / a.all_s) : "", "");
}

function growth(row) {
  const sizes = [1000, 10000, 100000, 1000000], costs = sizes.map(n => ours("town", String(n)));
  costs.forEach((cost, i) => {
    // Time is about incidents to this power, from the size before.
    const power = i && Math.log(cost.fit_s / costs[i - 1].fit_s) / Math.log(sizes[i] / sizes[i - 1]);
    row(`points, fit of ${sizes[i]} incidents in 10000 cells`, `${s(cost.fit_s)}, ${mb(cost.peak_mb)}`,
      i ? `incidents ^ ${power.toFixed(2)}` : "", "", sizes[i] === 1000000 ? "< 60 s, 1 GB" : "");
  });
}
