// The deliberation engine beside a plain numpy program of ours and the times of red-dwarf 0.4.0 (numerics C.2, another machine).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/lib/adem.mjs";

const reference = process.env.ADEM_REFERENCE_DATA || join(root, "../shared/data");
const published = { "brexit-consensus": 160, "scoop-hivemind.biodiversity": 400, "vtaiwan.uberx": 360 };
const ms = value => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

function numpy(votes) {
  const python = ["/usr/bin/python3", "python3"].find(p => spawnSync(p, ["-c", "import numpy"]).status === 0);
  if (!python) return null;
  const done = spawnSync(python, [join(root, "bench/opinion_numpy.py"), votes], { encoding: "utf8" });
  return done.status === 0 ? Number(done.stdout.trim().split(" ").pop()) : null;
}

const program = join(root, "build/bench/bench_opinion");
const numbers = (...args) => spawnSync(program, args, { encoding: "utf8" }).stdout.trim().split("\n")
  .map(line => line.split(" ").map(Number));

// What an answer costs in a room of sixteen times the people, and in those between.
function rooms(row) {
  const seen = numbers("--rooms"), cost = ([, answers, took]) => 1e6 * took / answers, few = seen[0];
  for (const many of seen.slice(1))
    row(`whole default mode, ${many[0]} × 200, ${many[1]} answers`, `${ms(many[2])}, ${cost(many).toFixed(0)} ns an answer`,
      `${cost(few).toFixed(0)} ns of ${few[0]} people`, (cost(many) / cost(few)).toFixed(2), many === seen.at(-1) ? "linear: about 1" : "");
}

export function opinion(row) {
  for (const [name, peer] of Object.entries(published)) {
    const votes = join(reference, "polis", name, "votes.csv");
    if (!existsSync(votes)) continue;
    const [[people, statements, answers, map, exact, groups, whole]] = numbers(votes);
    const most = name === "vtaiwan.uberx" ? "< 50 ms" : "";
    const plain = numpy(votes);
    row(`${name}, ${people} × ${statements}, ${answers} answers: map`, ms(map), plain ? `${ms(plain)} numpy` : "", plain ? (map / plain).toFixed(2) : "", "");
    row("… everything Polis tells (exact)", ms(exact), `${peer} ms red-dwarf, published`, (exact / peer).toFixed(2), most);
    row("… map and search for stable groups", ms(groups), "100 resamples, 39 deals", "", "");
    row("… the whole default mode", ms(whole), `${(1e6 * whole / answers).toFixed(0)} ns an answer`, "", most);
  }
  rooms(row);
  const [[mean, slowest]] = numbers();
  row("one answer at 10,000 × 500: next, counts, place", `${mean.toFixed(0)} µs`, `${slowest.toFixed(0)} µs slowest of 20,000`, "", "< 1 ms");
}
