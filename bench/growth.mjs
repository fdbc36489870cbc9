// Pages of a region with a long history beside those of a region with one full page, and the page about a month beside a region
// that is as busy and one month old: history must cost nothing.
//
//	script/bench growth [sqlite|postgres] [1/10]     the fraction makes a smaller history, for a quick run
// ADEM_BENCH_TIMES (40): how often each page is asked for.
import { spawnSync } from "node:child_process";
import { Adem, Person, everyRoute } from "../tests/lib/adem.mjs";
import { fill, history, monthOf, onePage, scaled } from "./growth_fill.mjs";

const times = Number(process.env.ADEM_BENCH_TIMES || 40);
const report = { level: "nyata", trigger: "rumour", place: "31.71.08.1002.008", text: "Orang berkumpul" };

const aboutAMonth = ["/alerts/times Polres"];

function partOf(text) {
  const [, above, below] = /^(\d+)\/(\d+)$/.exec(text) ?? [0, 1, 1];
  return above / below;
}

// By turns, so that what else this machine does falls on both alike.
async function medians(name, asks) {
  const took = asks.map(() => []);
  for (let i = 0; i < times + 3; i++)
    for (const [k, ask] of asks.entries()) {
      const from = performance.now(), answer = await ask();
      if (answer.status >= (name.startsWith("POST") ? 400 : 300)) throw new Error(`${name}: ${answer.status} ${answer.text?.slice(0, 300)}`);
      if (i >= 3) took[k].push(performance.now() - from);
    }
  return took.map(one => one.sort((a, b) => a - b)[times >> 1]);
}

// Addresses that are not asked, and why.
const notAsked = {
  "/assets/:file": "a file of the program",
  "/reports/sure/:tag": "what the report's form has sent, kept in a cookie", "/reports/caller/:tag": "the same of a caller's",
  "/sign-in/:tag": "the same of signing in", "/cases/:id/split/sure": "the same of splitting",
  "/receipts/:tag/new": "a code, once, after its report was sent",
  "/healthz": "reads no database", "/readyz": "what the job worker has written down",
};

const people = { officer: "Sari Wulandari", "Polres": "Bayu Saputra", "desk": "Dimas Nugroho", "head": "Hasan Basri", "110": "Citra Anggraini" };

async function signedIn(adem) {
  const who = {};
  for (const [as, name] of Object.entries(people)) {
    who[as] = new Person(adem, name);
    await who[as].signIn();
  }
  return who;
}

// What is asked for, by the address in "adem routes" and who asks.
async function pagesOf(adem) {
  const who = await signedIn(adem), nobody = new Person(adem), pages = {};
  const one = query => adem.sql(query).trim();
  const sent = await nobody.json("POST", "/reports", report);
  const [made, place] = one("SELECT case_id, place_id FROM reports ORDER BY created_ms DESC, id DESC LIMIT 1").split("|");
  const newest = one("SELECT id FROM reports ORDER BY created_ms DESC, id DESC LIMIT 1");
  const post = one("SELECT m.post_id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.name = 'Sari Wulandari'");
  const flood = one("SELECT max(id) FROM alert_floods");
  await nobody.get("/receipts");
  const receipt = async () => (await nobody.post("/receipts", { receipt: sent.data.receipt })).location;
  const page = (route, names, path = route) => {
    for (const name of names) pages[`${route} ${name}`] = () => (who[name] ?? nobody).get(path);
  };
  page("/", Object.keys(people));
  page("/cases", Object.keys(people));
  page("/board/live", ["officer", "desk"]);
  page("/cases/:id", ["officer", "Polres"], `/cases/${made}`);
  page("/cases/:id/split", ["officer"], `/cases/${made}/split`);
  page("/cases/new", ["officer"]);
  page("/reports/:id", ["officer"], `/reports/${newest}`);
  page("/reports/caller", ["110"]);
  page("/alerts/times", ["Polres"]);
  page("/alerts/rungs", ["Polres"]);
  page("/alerts/floods", ["desk"]);
  page("/alerts/floods/:id", ["desk"], `/alerts/floods/${flood}`);
  page("/audit", ["Polres"]);
  page("/audit?before=", ["Polres"], `/audit?before=${one("SELECT max(number) / 2 FROM audit")}`);
  page("/jobs", ["Polres"]);
  page("/posts", ["Polres", "head"]);
  page("/posts/:id", ["officer"], `/posts/${post}`);
  page("/places", ["nobody"]);
  page("/places/:code", ["nobody"], `/places/${one(`SELECT code FROM places WHERE id = ${place}`)}`);
  page("/accounts/me", ["officer", "Polres"]);
  page("/accounts/roles", ["Polres"]);
  for (const route of ["/reports/new", "/reports/proof", "/sign-in", "/recover", "/invitations/open", "/receipts"]) page(route, ["nobody"]);
  pages["/receipts/:tag nobody"] = async () => nobody.get(await receipt());
  pages["POST /reports nobody"] = () => nobody.json("POST", "/reports", report);
  pages["POST /cases/:id/notes officer"] = () => who.officer.post(`/cases/${made}/notes`, { action: "note", text: "Sudah dicek" });
  everyRouteIsAsked(Object.keys(pages));
  return pages;
}

// An address that is new is asked here, or named above.
function everyRouteIsAsked(names) {
  const asked = new Set(names.map(name => name.split(" ")[0].split("?")[0]));
  for (const { method, path } of everyRoute())
    if (method === "GET" && !asked.has(path) && !notAsked[path]) throw new Error(`bench/growth.mjs does not ask ${path}`);
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
      const [of, beside] = await medians(name, [large[name], (aboutAMonth.includes(name) ? month : page)[name]]);
      row(`${name}, ${kind}, history ${fraction}`, `${of.toFixed(1)} ms`, `${beside.toFixed(1)} ms`, (of / beside).toFixed(2), "≤ 1.5");
    }
    const [beside, , seconds] = made.map(checkSeconds);
    row(`adem check, ${kind}, history ${fraction}`, `${seconds.toFixed(1)} s`, `${beside.toFixed(1)} s`, "", "≤ 20 s");
  } finally {
    for (const adem of made) await adem.remove();
  }
}
