// "adem num", as analysts and other programs use it: answers, and what is said of files that are wrong.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, finish, holds, lacks, root, skip, test } from "../../lib/adem.mjs";
import "./opinion.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const data = join(process.env.ADEM_REFERENCE_DATA || join(root, "../shared/data"), "nyc-shootings");
const folder = mkdtempSync(join(tmpdir(), "adem-num-"));
const run = (...words) => spawnSync(program, ["num", ...words], { encoding: "utf8", cwd: folder, maxBuffer: 1 << 28 });
const fill = (name, lines) => (writeFileSync(join(folder, name), lines.map(line => `${line}\n`).join("")), name);
const file = (name, ...lines) => fill(name, lines);

// Numbers that are the same in every run.
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const time = minutes => new Date(Date.UTC(2013, 0, 1) + Math.floor(minutes) * 60000).toISOString().slice(0, 16);
// A town of some places over five years, the first the most restless.
function town(count, places, seed = 1) {
  const next = chance(seed);
  const rows = Array.from({ length: count }, () => ({ place: Math.floor(places * next() ** 2), at: next() * 5 * 365 * 1440 }));
  return rows.sort((a, b) => a.at - b.at).map(row => `RW ${row.place},${time(row.at)}`);
}

function answer(done) {
  if (done.status !== 0) throw new Error(`${done.status}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}
function refused(done, ...pieces) {
  equal(done.status, 1, "status");
  equal(done.stdout, "", "output");
  for (const piece of pieces) holds(done.stderr, piece, "the error");
}

const events = file("events.csv", "place,time", ...town(1500, 12));
const places = file("places.csv", "place,parent,population", ...Array.from({ length: 12 }, (_, i) => `RW ${i},Kelurahan ${i % 3},${900 + i}`));
const pairs = file("pairs.csv", "a,b", ...Array.from({ length: 11 }, (_, i) => `RW ${i},RW ${i + 1}`));
const score = (...words) => run("score", "--train-until", "2016-12-31", ...words);

await test("num score: a row for the model and each baseline, with every score", () => {
  const rows = answer(score("--events", events, "--places", places, "--neighbours", pairs, "--json"));
  equal(rows.map(row => row.model).join(" "),
    "adem constant last_window mean_13w mean_26w mean_52w mean_104w mean_all share_level share_level_calendar", "models");
  for (const row of rows) {
    for (const name of ["log_score", "brier", "brier_skill", "auc", "calibration_error", "crps", "information_gain", "ntest_outside",
      "expected", "observed", "seconds", "peak_mb"])
      if (typeof row[name] !== "number") throw new Error(`${row.model} has no ${name}`);
    equal(row.windows, 51, "windows");
    equal(row.places, 12, "places");
  }
  holds(rows[0].chosen, "to 2016-12-31", "what was chosen");
  equal(rows[1].information_gain, 0, "the gain of the constant over itself");
  if (!(rows[0].information_gain > 0.1)) throw new Error(`the model gains ${rows[0].information_gain}`);
});

await test("num score: CSV has the same numbers, and the same bits come again", () => {
  const words = ["--events", events, "--neighbours", pairs];
  const [header, ...lines] = score(...words).stdout.trim().split("\n").map(line => line.split(","));
  const rows = answer(score(...words, "--json"));
  equal(lines.length, rows.length, "rows");
  equal(header.join(), Object.keys(rows[0]).join(), "names");
  rows.forEach((row, i) => {
    for (const name of ["log_score", "crps", "l_test", "information_gain_low"])
      if (Math.abs(row[name] - lines[i][header.indexOf(name)]) > 1e-5 * Math.abs(row[name])) throw new Error(`${row.model} ${name}`);
  });
  const without = list => JSON.stringify(list.map(row => ({ ...row, seconds: 0, peak_mb: 0 })));
  equal(without(answer(score(...words, "--json"))), without(rows), "a second run");
});

await test("num score: the order of rows and of places changes nothing; out of order is said", () => {
  const lines = town(1500, 12);
  const turned = file("turned.csv", "time,place", ...lines.reverse().map(line => line.split(",").reverse().join()));
  const other = score("--events", turned, "--simulations", "0", "--json");
  holds(other.stderr, "not in order of time and have been sorted", "the note");
  const first = score("--events", events, "--simulations", "0", "--json");
  lacks(first.stderr, "sorted", "the note");
  equal(answer(other)[0].log_score, answer(first)[0].log_score, "log score");
});

await test("num score: windows begin on a Monday where steps are weeks, the day after the cut where not, or when told", () => {
  const says = (...words) => score("--events", events, "--simulations", "0", ...words).stderr;
  holds(says(), "the first from 2017-01-02", "weeks");
  holds(says("--horizon", "1d", "--step", "1d"), "the first from 2017-01-01", "days");
  holds(says("--first", "2017-03-01", "--until", "2017-04-30"), "8 windows of 7 days, the first from 2017-03-01, the last from 2017-04-19", "told");
});

await test("num score: places without a past are left out unless asked for", () => {
  const some = file("some.csv", "place", "Nowhere", ...Array.from({ length: 12 }, (_, i) => `RW ${i}`));
  const less = score("--events", events, "--places", some, "--simulations", "0", "--json");
  holds(less.stderr, "left out: 1 places without an incident before 2017-01-01, which had 0", "the note");
  equal(answer(less)[0].places, 12, "places");
  equal(answer(score("--events", events, "--places", some, "--simulations", "0", "--all-places", "--json"))[0].places, 13, "places");
});

await test("num: what is wrong with a file is told with file and line", () => {
  const bad = (name, ...lines) => score("--events", file(name, ...lines));
  refused(score("--events", "absent.csv"), "absent.csv: No such file");
  refused(bad("empty.csv"), "empty.csv: line 1: the file is empty");
  refused(bad("header.csv", "place,time"), "header.csv: line 2: there is no");
  refused(bad("time.csv", "place,time", "A,2016-01-01", "A,31.12.2016"), "time.csv: line 3: no local time", "31.12.2016");
  refused(bad("zone.csv", "place,time", "A,2016-01-01T10:00Z"), "zone.csv: line 2: no local time");
  refused(bad("nan.csv", "place,time", "A,NaN"), "nan.csv: line 2");
  refused(bad("columns.csv", "ward,time", "A,2016-01-01"), "columns.csv: line 1: the header does not name place");
  refused(bad("quote.csv", "place,time", "\"A,2016-01-01"), "quote.csv: line 2: a quote is not closed");
  const other = file("other.csv", "place,parent,population", "RW 0,,1");
  refused(score("--events", events, "--places", other), "events.csv: line", "unknown place RW");
  refused(score("--events", events, "--places", file("people.csv", "place,population", "RW 0,NaN")), "people.csv: line 2: population");
  refused(score("--events", events, "--neighbours", file("wrong.csv", "a,b", "RW 0,RW 1", "RW 0,RW 99")), "wrong.csv: line 3: unknown place RW 99");
  refused(score("--events", events, "--calendar", file("days.csv", "date,name,value", "2016-02-30,exam,1")), "days.csv: line 2");
});

await test("num: one event, one place, and nothing to learn from are answered or refused with a reason", () => {
  const one = file("one.csv", "place,time", "A,2016-05-01T10:00");
  refused(score("--events", one), "no window of 7 days from 2017-01-02 on ends by 2016-05-01");
  refused(score("--events", one, "--until", "2017-06-30"), "no incident to learn from");
  refused(score("--events", file("late.csv", "place,time", "A,2018-05-01")), "no event is on or before 2016-12-31");
  const same = file("same.csv", "place,time", ...town(400, 1));
  const rows = answer(score("--events", same, "--json"));
  equal(rows[0].places, 1, "places");
  equal(rows[0].auc === null || rows[0].auc > 0, true, "auc");
});

await test("num: options that are missing, unknown or wrong are named, with status 2", () => {
  const called = (pieces, ...words) => {
    const done = run("score", ...words);
    equal(done.status, 2, words.join(" "));
    holds(done.stderr, pieces, "the error");
  };
  called("--train-until is missing", "--events", events);
  called("--events is missing", "--train-until", "2016-12-31");
  called("--train-until is not \"2016-13-01\" but a date", "--events", events, "--train-until", "2016-13-01");
  called("--horizon is not \"0d\"", "--events", events, "--train-until", "2016-12-31", "--horizon", "0d");
  called("there is no option \"--colour\"", "--colour", "red");
  holds(run("score", "--help").stdout, "usage: adem num score", "help");
  equal(run("nonsense").status, 2, "an unknown command");
});

await test("num forecast: a row a place, with its interval, its norm and how such forecasts did", () => {
  const done = run("forecast", "--events", events, "--places", places, "--neighbours", pairs, "--json");
  const rows = answer(done);
  equal(rows.length, 12, "rows");
  holds(done.stderr, "in the last year (52 windows from", "the note");
  holds(done.stderr, "chosen: ", "the note");
  for (const row of rows) {
    const p = 1 - row.expected; // 1 - m < exp(-m) <= P(0) of a negative binomial
    if (!(row.expected > 0 && 1 - row.probability > p && row.probability > 0)) throw new Error(`${row.place}: ${row.probability}`);
    if (!(row.low_90 <= row.low_50 && row.low_50 <= row.high_50 && row.high_50 <= row.high_90)) throw new Error(`${row.place}: interval`);
    if (Math.abs(row.ratio - row.expected / row.norm) > 1e-12) throw new Error(`${row.place}: ratio`);
    equal(row.days, 7, "days");
    if (!(row.log_score < row.naive_log_score)) throw new Error("the naive forecast is better");
  }
  const most = rows.reduce((a, b) => (a.expected > b.expected ? a : b));
  equal(most.place, "RW 0", "the most restless place");
  const sum = rows.reduce((n, row) => n + row.expected, 0);
  if (!(sum > 3 && sum < 9)) throw new Error(`${sum} a week of about 5.7`);
});

await test("num forecast: from a day on, blind to what comes after it", () => {
  const before = file("before.csv", "place,time", ...town(1500, 12).filter(line => line.split(",")[1] < "2016-07-01"));
  const words = ["--from", "2016-07-01", "--horizon", "3d"];
  const known = run("forecast", "--events", events, "--places", places, ...words);
  const unknown = run("forecast", "--events", before, "--places", places, ...words);
  equal(known.status, 0, "status");
  equal(known.stdout, unknown.stdout, "the answer");
  const young = run("forecast", "--events", events, "--from", "2014-06-01", "--json");
  holds(young.stderr, "less than two years of history", "the note");
  holds(young.stderr, "season unknown", "the note");
  lacks(known.stderr, "season unknown", "with three years and a half");
  equal(answer(young)[0].log_score, null, "log score");
  refused(run("forecast", "--events", events, "--from", "2012-01-01"), "no event is before 2012-01-01");
});

await test("num forecast, simulate: the end of the data is told, or a silence too long for chance is refused with both dates", () => {
  const last = town(1500, 12).at(-1).split(",")[1].slice(0, 10);
  const ahead = days => new Date(Date.parse(last) + days * 86400e3).toISOString().slice(0, 10);
  for (const command of ["forecast", "simulate"]) {
    const asked = (...words) => run(command, "--events", events, "--json", ...words);
    equal(answer(asked())[0].from, ahead(1), "the day after the last event");
    equal(answer(asked("--from", ahead(3)))[0].from, ahead(3), "two days without one are as usual");
    refused(asked("--from", ahead(61)), `the last event is of ${last}`, `60 days without one until ${ahead(61)}`, `--until ${ahead(60)}`);
    equal(answer(asked("--until", ahead(60)))[0].from, ahead(61), "told that nothing happened, the day after that");
    refused(asked("--from", ahead(61), "--until", ahead(40)), `--from ${ahead(61)} is more than a day after --until ${ahead(40)}`);
    equal(answer(asked("--from", ahead(-100), "--until", ahead(-50)))[0].from, ahead(-100), "a day that is known");
  }
  // Rare events, and silences as long as before, may be chance.
  const rare = file("rare.csv", "place,time", ...["2015-01-01", "2015-02-11", "2015-06-01", "2015-06-03", "2015-09-20", "2015-12-01"].map((day, i) => `RW ${i % 2},${day}`));
  equal(answer(run("forecast", "--events", rare, "--from", "2016-02-20", "--json")).length, 2, "rows");
  refused(run("forecast", "--events", rare, "--from", "2018-02-20"), "the last event is of 2015-12-01");
  // A town that has been calm for long has a norm, and ratios.
  const calm = answer(run("forecast", "--events", rare, "--until", "2016-08-20", "--json"));
  for (const row of calm) if (!(row.norm > 0 && Number.isFinite(row.ratio) && row.expected > 0)) throw new Error(JSON.stringify(row));
});

await test("num score: the first event of a place that never had one has a finite score", () => {
  const some = file("first.csv", "place", "Nowhere", ...Array.from({ length: 12 }, (_, i) => `RW ${i}`));
  const first = file("first_events.csv", "place,time", ...town(1500, 12), "Nowhere,2017-05-03T20:00");
  for (const row of answer(score("--events", first, "--places", some, "--simulations", "0", "--all-places", "--json")))
    if (!Number.isFinite(row.log_score) || !Number.isFinite(row.information_gain)) throw new Error(`${row.model}: ${row.log_score}`);
});

// A town of points over five years, restless where x and y are small.
function points(count, seed = 1) {
  const next = chance(seed);
  const rows = Array.from({ length: count }, () => ({ x: 5000 * next() ** 2, y: 3000 * next() ** 2, at: next() * 5 * 365 * 1440 }));
  return rows.sort((a, b) => a.at - b.at).map(row => `${row.x.toFixed(1)},${row.y.toFixed(1)},${time(row.at)}`);
}

await test("num score: points in cells, with the hot spot map among the baselines", () => {
  const scattered = file("points.csv", "x_m,y_m,time", ...points(1500));
  const words = ["--events", scattered, "--cell", "500"];
  const rows = answer(score(...words, "--simulations", "20", "--json"));
  equal(rows.map(row => row.model).join(" "),
    "adem constant last_window mean_13w mean_26w mean_52w mean_104w mean_all share_level share_level_calendar kde_500m", "models");
  for (const row of rows) {
    for (const name of ["log_score", "brier", "auc", "calibration_error", "crps", "information_gain", "ntest_outside", "hit_1", "hit_5",
      "hit_10", "pai_1", "pai_5", "pai_10"])
      if (typeof row[name] !== "number") throw new Error(`${row.model} has no ${name}`);
    equal(row.information_gain, row.spatial_gain, "of points the gain is the spatial one");
  }
  holds(rows[0].chosen, "to 2016-12-31", "what was chosen");
  if (!(rows[0].information_gain > 0.2)) throw new Error(`the model gains ${rows[0].information_gain}`);
  const cells = file("cells.csv", "ix,iy", ...Array.from({ length: 60 }, (_, i) => `${i % 10},${Math.floor(i / 10)}`));
  const turned = file("turned-cells.csv", "ix,iy", ...Array.from({ length: 60 }, (_, i) => `${9 - i % 10},${Math.floor(i / 10)}`));
  const all = answer(score(...words, "--simulations", "0", "--cells", cells, "--json"));
  equal(all[0].places, 60, "cells");
  for (const [i, row] of answer(score(...words, "--simulations", "0", "--cells", turned, "--json")).entries())
    if (!(Math.abs(row.log_score - all[i].log_score) < 1e-7)) throw new Error(`${row.model}: ${row.log_score}, ${all[i].log_score}`);
  refused(score(...words, "--places", places), "--cell is for points");
  refused(score("--events", file("broken.csv", "x_m,y_m,time", "1,nan,2013-02-01"), "--cell", "500"), "broken.csv", "line 2", "metres");
  refused(score("--events", file("late.csv", "x_m,y_m,time", "1,1,2018-02-01"), "--cell", "500"), "2016-12-31");
});

await test("num forecast: why, in incidents that add up", () => {
  for (const row of answer(run("forecast", "--events", events, "--neighbours", pairs, "--why", "--json"))) {
    const parts = Object.keys(row).filter(name => name.startsWith("why_") && name !== "why_total");
    equal(parts.length, 11, "parts");
    const sum = parts.reduce((n, name) => n + row[name], 0);
    if (Math.abs(sum - row.why_total) > 1e-9 || Math.abs(sum - row.expected) > 1e-6 * row.expected)
      throw new Error(`${row.place}: ${sum} of ${row.expected}`);
  }
});

await test("num simulate: the town, groups and a list, as the forecasts of their places add up to", () => {
  const words = ["--events", events, "--places", places, "--neighbours", pairs, "--json"];
  const forecast = Object.fromEntries(answer(run("forecast", ...words)).map(row => [row.place, row.expected]));
  const rows = answer(run("simulate", ...words, "--of", "RW 0,RW 11", "--least", "2"));
  equal(rows.map(row => `${row.of} ${row.places}`).join("; "),
    "all places 12; Kelurahan 0 4; Kelurahan 1 4; Kelurahan 2 4; RW 0,RW 11 2", "rows");
  const close = (got, wanted) => {
    if (Math.abs(got - wanted) > 0.2 * wanted) throw new Error(`${got}, not about ${wanted}`);
  };
  close(rows[0].expected, Object.values(forecast).reduce((a, b) => a + b, 0));
  close(rows[4].expected, forecast["RW 0"] + forecast["RW 11"]);
  if (!(rows[0].probability > rows[1].probability)) throw new Error("a group is likelier than the town");
  equal(JSON.stringify(answer(run("simulate", ...words, "--of", "RW 0,RW 11", "--least", "2"))), JSON.stringify(rows), "the same seed");
  refused(run("simulate", ...words, "--of", "RW 0,RW 99"), "there is no place \"RW 99\"");
});

await test("num simulate: a catalogue is events that can be read again", () => {
  const done = run("simulate", "--events", events, "--catalogue", "--horizon", "52w", "--seed", "3");
  equal(done.status, 0, "status");
  const lines = done.stdout.trim().split("\n");
  equal(lines[0], "place,time", "header");
  // About 300 a year were there.
  if (!(lines.length > 150 && lines.length < 600)) throw new Error(`${lines.length} lines`);
  writeFileSync(join(folder, "drawn.csv"), done.stdout);
  equal(run("forecast", "--events", "drawn.csv", "--json").status, 0, "reading it again");
});

await test("num score: a million events", () => {
  const many = fill("many.csv", ["place,time"].concat(town(1000000, 800, 5)));
  const row = answer(score("--events", many, "--simulations", "0", "--json"))[0];
  equal(row.places, 800, "places");
  equal(row.model, "adem");
});

// A town of 20 places over seven years in which of the treated places every second event, or none, is left out from 2018 on.
function treatedTown(halved, seed) {
  const next = chance(seed), rows = [], kept = Array(20).fill(0);
  for (let day = 0; day < 7 * 365; day++)
    for (let place = 0; place < 20; place++) {
      if (next() >= 0.03 + 0.002 * place) continue;
      if (!(halved && place < 4 && day >= 1826 && kept[place]++ % 2)) rows.push(`RW ${place},${time(day * 1440 + 600)}`);
    }
  return rows;
}
const evaluate = (...words) => run("evaluate", "--weeks", "52", "--selection", "random", ...words);
const treated = file("treated.csv", "place,start", "RW 0,2018-01-01", "RW 1,2018-01-01", "RW 2,2018-01-01", "RW 3,2018-01-01");
const half = fill("half.csv", ["place,time", ...treatedTown(true, 9)]), none = fill("none.csv", ["place,time", ...treatedTown(false, 9)]);
const touching = file("touching.csv", "a,b", "RW 3,RW 4", "RW 4,RW 5", "RW 0,RW 7");

await test("num evaluate: half the events gone is found, nothing done is not", () => {
  const found = answer(evaluate("--events", half, "--treated", treated, "--neighbours", touching, "--json"));
  if (!(found.high95 < 1 && found.estimate > 0.35 && found.estimate < 0.7 && found.below_one > 0.97))
    throw new Error(`${found.estimate} (${found.low95} to ${found.high95})`);
  equal(found.ring_places, 2, "places that touch the treated");
  equal(found.placebos_space.length, 199, "placebos in space");
  if (!(found.placebos.length >= 8 && found.calibrated && found.detectable > 0 && found.detectable < 1)) throw new Error("no placebos");
  equal(JSON.stringify(answer(evaluate("--events", half, "--treated", treated, "--neighbours", touching, "--json"))),
    JSON.stringify(found), "the same seed");
  const nothing = answer(evaluate("--events", none, "--treated", treated, "--json"));
  if (!(nothing.low95 < 1 && nothing.high95 > 1)) throw new Error(`${nothing.low95} to ${nothing.high95}`);
  const said = evaluate("--events", half, "--treated", treated).stdout;
  for (const line of ["Ratio to what was expected", "90 % interval", "95 % interval", "Probability that it fell", "Expected events",
    "Observed events", "Minimal detectable effect", "Placebos, before calibration"]) holds(said, line, "the answer");
});

await test("num evaluate: several starts are evaluated one by one and pooled", () => {
  const starts = file("starts.csv", "place,start", "RW 0,2018-01-01", "RW 1,2018-03-01", "RW 2,2018-03-01", "RW 3,2018-05-01");
  const found = answer(evaluate("--events", half, "--treated", starts, "--json"));
  equal(found.interventions.length, 3, "starts");
  equal(found.interventions.map(one => one.places).join(" "), "1 2 1", "places");
  if (!(found.high95 < 1 && found.observed < found.expected)) throw new Error(`${found.estimate} to ${found.high95}`);
});

await test("num evaluate: before the start it says what could be seen", () => {
  const later = file("later.csv", "place,start", "RW 0,2030-01-01", "RW 19,2030-01-01");
  const plan = answer(evaluate("--events", half, "--treated", later, "--plan", "--json"));
  if (!(plan.detectable > 0 && plan.detectable < 1 && plan.expected > 10 && plan.observed === undefined)) throw new Error(JSON.stringify(plan));
});

await test("num evaluate: the other methods answer, or say why not", () => {
  const by = (method, ...words) => evaluate("--events", half, "--treated", treated, "--method", method, ...words, "--json");
  const series = answer(by("series"));
  if (!(series.estimate < 0.8 && series.low95 < series.low90)) throw new Error(`series ${series.estimate}`);
  const synthetic = answer(by("synthetic")), differences = answer(by("differences"));
  const sum = Object.values(synthetic.weights).reduce((a, b) => a + b, 0);
  if (!(Math.abs(sum - 1) < 1e-9 && synthetic.estimate < 0.8 && synthetic.sparse)) throw new Error(`synthetic ${JSON.stringify(synthetic)}`);
  if (!(differences.effect < 0 && differences.high95 < 0.2)) throw new Error(`differences ${differences.effect}`);
  const repeat = answer(by("near-repeat"));
  if (!(repeat.matched >= 5 && repeat.any.low95 <= repeat.any.estimate)) throw new Error(`near-repeat ${JSON.stringify(repeat)}`);
  for (const method of ["series", "synthetic", "differences"])
    refused(run("evaluate", "--weeks", "52", "--selection", "spike", "--events", half, "--treated", treated, "--method", method), "recent spike", "stepped wedge");
});

await test("num evaluate: a roll-out is drawn by lot, with a hash that anybody can check, and evaluated", () => {
  const names = file("names.csv", "place", ...Array.from({ length: 20 }, (_, i) => `RW ${i}`));
  const design = (...words) => run("evaluate", "--design", "5", "--places", names, "--from", "2016-01-04", "--every", "8w", ...words);
  const drawn = design("--seed", "11");
  equal(drawn.status, 0, "status");
  const hash = createHash("sha256").update(drawn.stdout).digest("hex");
  holds(drawn.stderr, hash, "the note");
  const whole = answer(design("--seed", "11", "--json"));
  equal(`${whole.sha256} ${whole.seed}`, `${hash} 11`, "hash and seed");
  equal(whole.file, drawn.stdout, "the file");
  equal(new Set(drawn.stdout.trim().split("\n").slice(1).map(line => line.split(",")[1])).size, 5, "steps");
  if (design("--seed", "12").stdout === drawn.stdout) throw new Error("another seed gives the same order");
  writeFileSync(join(folder, "order.csv"), drawn.stdout);
  const wedge = answer(evaluate("--events", none, "--places", names, "--treated", "order.csv", "--method", "wedge", "--period", "4w", "--json"));
  if (!(wedge.low95 < 1 && wedge.high95 > 1 && wedge.places === 20 && wedge.p_value > 0.01)) throw new Error(JSON.stringify(wedge));
  refused(run("evaluate", "--design", "30", "--places", names, "--from", "2016-01-04"), "30 steps are more than 20 places");
});

await test("num evaluate: what is wrong with a file is said with its line", () => {
  const wrong = (...lines) => evaluate("--events", half, "--treated", file("wrong.csv", ...lines));
  refused(wrong("place,start"), "wrong.csv", "no place was treated");
  refused(wrong("place,start", "RW 0,2016-01-01", "RW 77,2016-01-01"), "wrong.csv", "line 3", "RW 77");
  refused(wrong("place,start", "RW 0,soon"), "wrong.csv", "line 2", "no date");
  refused(wrong("place,start", "RW 0,2016-01-01", "RW 0,2016-02-01"), "line 3", "twice");
  refused(wrong("place,start", "RW 0,2019-12-01"), "whole weeks after 2019-12-01", "--weeks");
  refused(wrong("place,start", "RW 0,2012-01-01"), "nothing is known from before 2012-01-01");
  const one = file("one.csv", "place,time", "RW 0,2015-01-01", "RW 1,2017-06-01");
  refused(evaluate("--events", one, "--treated", file("first.csv", "place,start", "RW 0,2016-01-01")), "the controls had no event");
  const alone = file("alone.csv", "place,time", "RW 0,2015-01-01", "RW 0,2017-06-01");
  refused(evaluate("--events", alone, "--treated", "first.csv"), "every place is treated");
  equal(run("evaluate", "--weeks", "0").status, 2, "a number that does not fit");
  const missing = run("evaluate", "--events", half);
  equal(missing.status, 2, "what only --design goes without");
  holds(missing.stderr, "--treated is missing", "the error");
});

if (existsSync(data)) {
  await test("num score: New York's areas are forecast as well as the reference, from its files as they are", () => {
    const done = score("--events", join(data, "nyc_shootings_2006_2018.csv"), "--places", join(data, "nyc_nta.csv"),
      "--neighbours", join(data, "nyc_nta_adjacency.csv"), "--place-column", "nta", "--horizon", "7d", "--step", "7d", "--json");
    const rows = answer(done);
    equal(`${rows[0].windows} ${rows[0].places} ${rows[0].observed}`, "104 188 1534", "windows, places, incidents");
    const within = (name, most) => {
      if (!(rows[0][name] <= most)) throw new Error(`${name} is ${rows[0][name]}`);
    };
    within("log_score", 0.2338);
    within("calibration_error", 0.006);
    within("ntest_outside", 10);
    if (!(rows[0].auc >= 0.812)) throw new Error(`auc is ${rows[0].auc}`);
    for (const row of rows.slice(1)) if (!(row.log_score > rows[0].log_score)) throw new Error(`${row.model} is better`);
  });
  await test("num score: New York's grid gains as much as the reference, from its files as they are", () => {
    const rows = answer(score("--events", join(data, "nyc_shootings_2006_2018.csv"), "--cells", join(data, "nyc_cells_500m.csv"),
      "--cell", "500", "--simulations", "0", "--json"));
    equal(`${rows[0].windows} ${rows[0].places} ${rows[0].observed}`, "104 3163 1534", "windows, cells, incidents");
    if (!(rows[0].information_gain >= 1.17)) throw new Error(`gains ${rows[0].information_gain}`);
    if (!(rows[0].ntest_outside <= 10)) throw new Error(`${rows[0].ntest_outside} weeks outside`);
    for (const row of rows.slice(1))
      if (!(row.log_score > rows[0].log_score && row.information_gain < rows[0].information_gain)) throw new Error(`${row.model} is better`);
  });
} else skip("num score on New York", "../shared/data is not present");

rmSync(folder, { recursive: true });
finish();
