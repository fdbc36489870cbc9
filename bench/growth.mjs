// Pages of a region with a long history beside those of a region with one full page, and the page about a month beside a region
// that is as busy and one month old: history must cost nothing.
//
//	script/bench growth [sqlite|postgres] [1/10]     the fraction makes a smaller history, for a quick run
// ADEM_BENCH_TIMES (40): how often each page is asked for.
import { spawnSync } from "node:child_process";
import { Adem, Person } from "../tests/lib/adem.mjs";
import { fill, history, monthOf, onePage, scaled } from "./growth_fill.mjs";

const times = Number(process.env.ADEM_BENCH_TIMES || 40);
const report = { level: "nyata", trigger: "rumour", place: "31.71.08.1002.008", text: "Orang berkumpul" };

const aboutAMonth = ["answer times"];

function partOf(text) {
  const [, above, below] = /^(\d+)\/(\d+)$/.exec(text) ?? [0, 1, 1];
  return above / below;
}

// By turns, so that what else this machine does falls on both alike.
async function medians(asks) {
  const took = asks.map(() => []);
  for (let i = 0; i < times + 3; i++)
    for (const [k, ask] of asks.entries()) {
      const from = performance.now(), answer = await ask();
      if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.text.slice(0, 300)}`);
      if (i >= 3) took[k].push(performance.now() - from);
    }
  return took.map(one => one.sort((a, b) => a - b)[times >> 1]);
}

async function pagesOf(adem) {
  const who = {};
  for (const name of ["Sari Wulandari", "Bayu Saputra"]) {
    who[name] = new Person(adem, name);
    await who[name].signIn();
  }
  const { "Sari Wulandari": officer, "Bayu Saputra": polres } = who, nobody = new Person(adem);
  const sent = await nobody.json("POST", "/reports", report);
  const made = adem.sql("SELECT case_id FROM reports ORDER BY created_ms DESC, id DESC LIMIT 1").trim();
  await nobody.get("/receipts");
  return {
    "board, officer": () => officer.get("/"),
    "board, Polres": () => polres.get("/"),
    "cases, officer": () => officer.get("/cases"),
    "cases, Polres": () => polres.get("/cases"),
    "a case": () => officer.get(`/cases/${made}`),
    "answer times": () => polres.get("/alerts/times"),
    "audit": () => polres.get("/audit"),
    "posts": () => polres.get("/posts"),
    "receipt": async () => nobody.get((await nobody.post("/receipts", { receipt: sent.data.receipt })).location),
    "report form": () => nobody.get("/reports/new"),
  };
}

function checkSeconds(adem) {
  const from = performance.now();
  const done = spawnSync(process.env.ADEM_PROGRAM || "build/adem", ["check", ...adem.flags()], { encoding: "utf8" });
  if (done.status > 1) throw new Error(`adem check: ${done.stderr}`);
  const seconds = (performance.now() - from) / 1000;
  if (done.status === 1) console.error(done.stdout);
  return seconds;
}

async function region(kind, size, say) {
  const adem = new Adem(kind, { workers: 1 }), from = performance.now();
  fill(adem, size, say);
  say(`${size.reports} reports, ${size.cases} cases, ${size.entries} entries, ${size.audit} audit rows in ${((performance.now() - from) / 1000).toFixed(0)} s`);
  return adem.start();
}

export async function growth(kind = "sqlite", fraction = "1/1", row) {
  const say = text => console.error(`  growth, ${kind}: ${text}`), made = [];
  try {
    const whole = scaled(history, partOf(fraction));
    for (const size of [onePage, monthOf(whole), whole]) made.push(await region(kind, size, say));
    const [page, month, large] = await Promise.all(made.map(pagesOf));
    for (const name of Object.keys(large)) {
      const [of, beside] = await medians([large[name], (aboutAMonth.includes(name) ? month : page)[name]]);
      row(`${name}, ${kind}, history ${fraction}`, `${of.toFixed(1)} ms`, `${beside.toFixed(1)} ms`, (of / beside).toFixed(2), "≤ 1.5");
    }
    const [beside, , seconds] = made.map(checkSeconds);
    row(`adem check, ${kind}, history ${fraction}`, `${seconds.toFixed(1)} s`, `${beside.toFixed(1)} s`, "", "≤ 20 s");
  } finally {
    for (const adem of made) await adem.remove();
  }
}
