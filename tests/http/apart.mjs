// Splits at once, against each other, against joins, answers and new reports: each report is in one open incident, and each of these
// rings on with a deadline. On connections of their own, so that several workers get one.
import { Person, equal, signedIn } from "../lib/adem.mjs";

const villages = ["31.71.08.1002", "31.71.08.1004"], rws = 14;
const copyOf = who => Object.assign(new Person(who.adem, who.name), { cookies: new Map(who.cookies), csrf: who.csrf });
const post = (who, path, form) => copyOf(who).post(path, form, { connection: "close" });

async function report(adem, place, text) {
  const made = await new Person(adem).json("POST", "/reports", { level: "nyata", place, text });
  equal(made.status, 201, "a report");
  return made.data;
}

const caseOf = (adem, report) => adem.sql(`SELECT case_id FROM reports WHERE id = ${report.report}`).trim();
const split = (who, id, reports) => post(who, `/cases/${id}/split`, [...reports.map(one => ["report", one.report]), ["sure", "1"], ["csrf", who.csrf]].map(pair => pair.map(encodeURIComponent).join("=")).join("&"));
const statuses = answers => answers.map(answer => answer.status).sort().join(" ");

// Nothing is lost, whatever came first.
function holdsTogether(adem) {
  equal(adem.sql("SELECT r.id FROM reports r JOIN cases k ON k.region = r.region AND k.id = r.case_id WHERE k.state <> 'open'").trim(), "", "reports in what is not open");
  equal(adem.sql("SELECT k.id FROM cases k WHERE k.state = 'open' AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.region = k.region AND a.case_id = k.id AND a.ended_ms IS NULL AND a.next_ms IS NOT NULL)").trim(), "", "open without a call");
  equal(adem.sql("SELECT a.id FROM alerts a JOIN cases k ON k.region = a.region AND k.id = a.case_id WHERE k.state = 'joined'").trim(), "", "calls in what was joined");
  equal(adem.sql("SELECT cp.case_id FROM case_posts cp WHERE cp.reports <> (SELECT count(*) FROM reports r JOIN report_readers rr ON rr.region = r.region AND rr.report_id = r.id WHERE r.region = cp.region AND r.case_id = cp.case_id AND rr.post_id = cp.post_id)").trim(), "", "numbers that are not so");
}

export async function atOnce(adem) {
  const [sari, bima, intan, dimas] = await Promise.all(["Sari Wulandari", "Bima Pratama", "Intan Maharani", "Dimas Nugroho"].map(name => signedIn(adem, name)));
  for (let rw = 1; rw <= 4; rw++) {
    const place = `${villages[0]}.00${rw}`, all = [];
    for (const text of ["satu", "dua", "tiga"]) all.push(await report(adem, place, text));
    const id = caseOf(adem, all[0]);
    const same = await Promise.all([sari, bima, sari, bima, sari].map(who => split(who, id, [all[1]])));
    equal(statuses(same), "303 409 409 409 409", "the same report, five times at once");
    const [one, other] = await Promise.all([split(sari, id, [all[0]]), split(bima, id, [all[2]])]);
    equal(statuses([one, other]), "303 409", "the two that are left, at once: one stays");
    holdsTogether(adem);
  }
  for (let rw = 1; rw <= rws; rw++) {
    const place = `${villages[1]}.${String(rw).padStart(3, "0")}`, all = [];
    for (const text of ["satu", "dua", "tiga"]) all.push(await report(adem, place, text));
    const id = caseOf(adem, all[0]), moved = await split(intan, id, [all[2]]), beside = /\/cases\/(\d+)/.exec(moved.location)[1];
    const alert = adem.sql(`SELECT id FROM alerts WHERE case_id = ${id}`).trim();
    const answers = await Promise.all([split(intan, id, [all[1]]), post(dimas, `/cases/${id}/join`, { csrf: dimas.csrf, into: beside }), post(intan, `/cases/${beside}/join`, { csrf: intan.csrf, into: id }),
      post(dimas, `/alerts/${alert}/answers`, { csrf: dimas.csrf, answer: "mine" }), report(adem, place, "empat"), report(adem, place, "lima")]);
    for (const { status } of answers.slice(0, 4)) equal([303, 409].includes(status), true, `a status of ${status}`);
    holdsTogether(adem);
  }
}
