// Fills the demo region by bulk SQL, the same rows each time: cases that are over, the newest of them open, each with reports, their
// readers and receipts, sealed texts and keys, messages, a call, its answers, a timeline, and the row of what each post sees; past
// duties, work that is done, and old floods. Texts are no real ciphertext:
// pages that open one are measured on a report of their own.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../tests/lib/adem.mjs";

const desk = 32; // src/features/frame/roles.h
const first = 1000000000000000, openAfterMs = 60000, dayMs = 86400000, monthMs = 365 / 12 * dayMs;
const years = 5, months = years * 12;
// What stands on one full page: a board of open cases, and watches that run.
export const onePage = { cases: 200, open: 100, reports: 1000, entries: 5000, audit: 100, months };
export const history = { cases: 200000, open: 100, reports: 1000000, entries: 5000000, audit: 2000000, months };

// A part of SIZE, with as many reports and entries in each case.
export function scaled(size, part) {
  const cases = Math.round(size.cases * part), each = name => cases * size[name] / size.cases;
  return { ...size, cases, reports: each("reports"), entries: each("entries"), audit: Math.round(size.audit * part) };
}

// As busy as SIZE, and one month old: beside it stands a page that is about a month.
export function monthOf(size) {
  return { ...scaled(size, 1 / size.months), months: 1 };
}

const dialects = {
  sqlite: {
    series: (n, name) => `(SELECT value AS ${name} FROM generate_series(1, ${n})) AS series_${name}`,
    bytes: (n, of) => `CAST(printf('%0${n}d', ${of}) AS BLOB)`,
    before: "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;",
    after: "PRAGMA wal_checkpoint(TRUNCATE);", // plans are those of the program's own estimates, as everywhere
  },
  postgres: {
    series: (n, name) => `generate_series(1, ${n}) AS series_${name}(${name})`,
    bytes: (n, of) => `convert_to(lpad((${of})::text, ${n}, '0'), 'UTF8')`,
    before: "SET session_replication_role = replica; SET statement_timeout = 0; SET synchronous_commit = off;",
    after: "VACUUM ANALYZE",
  },
};

function statements({ series, bytes }, size, nowMs) {
  const { cases, open, reports, entries, months } = size, each = reports / cases, lines = entries / cases;
  const step = Math.floor(months * monthMs / cases);
  const time = v => `CASE WHEN ${v} > ${cases - open} THEN ${nowMs} - (${cases} - ${v} + 1) * ${openAfterMs}
    ELSE ${nowMs} - ${open * openAfterMs} - (${cases - open} - ${v} + 1) * CAST(${step} AS BIGINT) END`;
  const isOpen = v => `${v} > ${cases - open}`;
  const level = v => `CASE ${v} % 10 WHEN 0 THEN 'nyata' WHEN 1 THEN 'ambang' WHEN 2 THEN 'ambang' ELSE 'potensi' END`;
  const at = v => `JOIN fill_places f ON f.n = ${v} % (SELECT count(*) FROM fill_places)`;
  const region = "'31.71'", caseOf = `((v - 1) / ${each} + 1)`, lineOf = `((v - 1) / ${lines} + 1)`;
  return [
    `CREATE TABLE fill_places AS SELECT row_number() OVER (ORDER BY r.code) - 1 AS n, r.id AS place_id, b.id AS bhabin
       FROM places r JOIN posts b ON b.place_id = r.parent_id AND b.kind = 'bhabin' WHERE r.level = 'rw'`,
    `CREATE TABLE fill_posts AS SELECT f.n, f.bhabin AS post_id FROM fill_places f
       UNION ALL SELECT f.n, p.id FROM fill_places f CROSS JOIN posts p WHERE p.kind IN ('polsek', 'polres')`,
    `INSERT INTO cases (region, id, place_id, level, reason, state, opened_ms, opened_level, first_report_ms, last_report_ms, outcome,
       closed_ms, confirmed_as)
     SELECT ${region}, ${first} + v, f.place_id, ${level("v")}, 'rumour', CASE WHEN ${isOpen("v")} THEN 'open' ELSE 'closed' END,
       ${time("v")}, ${level("v")}, ${time("v")}, ${time("v")}, CASE WHEN ${isOpen("v")} THEN NULL ELSE 'calmed' END,
       CASE WHEN ${isOpen("v")} THEN NULL ELSE ${time("v")} + 3600000 END, CASE WHEN ${isOpen("v")} THEN NULL ELSE 'member' END
       FROM ${series(cases, "v")} ${at("v")}`,
    `INSERT INTO case_watches (region, case_id, place_id, from_ms, until_ms)
     SELECT ${region}, ${first} + v, f.place_id, ${time("v")}, ${time("v")} + ${14 * dayMs} FROM ${series(cases, "v")} ${at("v")}
      WHERE NOT (${isOpen("v")}) AND (${time("v")} + ${14 * dayMs} > ${nowMs} OR ${cases - open} - v < 60)`,
    `UPDATE case_watches SET until_ms = ${nowMs + dayMs} WHERE until_ms <= ${nowMs}`,
    `INSERT INTO alerts (region, id, case_id, report_id, place_id, level, reason, state, step, next_ms, raised_ms, owned_ms, ended_ms)
     SELECT ${region}, ${first} + v, ${first} + v, ${first} + (v - 1) * ${each} + 1, f.place_id, ${level("v")}, 'rumour',
       CASE WHEN ${isOpen("v")} THEN 'mine' ELSE 'calm' END, 1, CASE WHEN ${isOpen("v")} THEN ${nowMs + 30 * dayMs} END, ${time("v")},
       ${time("v")} + 60000, CASE WHEN ${isOpen("v")} THEN NULL ELSE ${time("v")} + 1800000 END FROM ${series(cases, "v")} ${at("v")}`,
    `INSERT INTO alert_calls (region, alert_id, post_id, step, roles, on_duty, called_ms, answered_ms, rung_ms)
     SELECT ${region}, ${first} + v, p.post_id, 0, 2, false, ${time("v")}, ${time("v")} + 60000 + v % 600000, ${time("v")}
       FROM ${series(cases, "v")} JOIN fill_posts p ON p.n = v % (SELECT count(*) FROM fill_places)`,
    `INSERT INTO case_posts (region, case_id, post_id, since_ms, from_ms, last_ms, level, reason, reports, state, open, alert_id,
       alert_state, next_ms)
     SELECT ${region}, ${first} + v, p.post_id, ${time("v")}, ${time("v")}, ${time("v")}, ${level("v")}, 'rumour', ${each},
       CASE WHEN ${isOpen("v")} THEN 'open' ELSE 'closed' END, ${isOpen("v")}, ${first} + v,
       CASE WHEN ${isOpen("v")} THEN 'mine' ELSE 'calm' END, CASE WHEN ${isOpen("v")} THEN ${nowMs + 30 * dayMs} END
       FROM ${series(cases, "v")} JOIN fill_posts p ON p.n = v % (SELECT count(*) FROM fill_places)`,
    `INSERT INTO reports (region, id, case_id, place_id, level, reason, timing, channel, spares_neighbours, created_ms)
     SELECT ${region}, ${first} + v, ${first} + ${caseOf}, f.place_id, ${level(caseOf)}, 'rumour', 'now', 'web', false, ${time(caseOf)}
       FROM ${series(reports, "v")} ${at(caseOf)}`,
    `INSERT INTO report_readers (region, report_id, post_id, step) SELECT ${region}, ${first} + v, p.post_id, 0
       FROM ${series(reports, "v")} JOIN fill_posts p ON p.n = ${caseOf} % (SELECT count(*) FROM fill_places)`,
    `INSERT INTO report_receipts (region, report_id, lookup, public_key)
     SELECT ${region}, ${first} + v, ${bytes(32, "v")}, ${bytes(32, "v")} FROM ${series(reports, "v")}`,
    `INSERT INTO boxes (region, id, subject, subject_id, field, ciphertext, created_ms)
     SELECT ${region}, ${first} + v, 'reports', ${first} + v, 'text', ${bytes(200, "v")}, ${nowMs} FROM ${series(reports, "v")}`,
    `INSERT INTO box_keys (region, subject, subject_id, reader, reader_id, sealed_key)
     SELECT ${region}, 'reports', ${first} + v, 'circle', c.id, ${bytes(80, "v")}
       FROM ${series(reports, "v")} JOIN fill_posts p ON p.n = ${caseOf} % (SELECT count(*) FROM fill_places)
       JOIN circles c ON c.post_id = p.post_id`,
    `INSERT INTO case_entries (region, id, case_id, kind, detail, created_ms)
     SELECT ${region}, ${first} + v, ${first} + ${lineOf}, 'called', '', ${time(lineOf)} FROM ${series(entries, "v")}`,
    `INSERT INTO report_messages (region, id, report_id, side, created_ms)
     SELECT region, id, id, CASE id % 2 WHEN 0 THEN 'reporter' ELSE 'post' END, created_ms + 60000 FROM reports WHERE id > ${first}`,
    // Each call that is over was taken, reached and calmed by the post of its place.
    `INSERT INTO alert_answers (region, id, alert_id, account_id, post_id, answer, before_state, created_ms, turn)
     SELECT a.region, a.id * 4 + k, a.id, (SELECT min(m.account_id) FROM memberships m WHERE m.region = a.region AND m.post_id = f.bhabin),
       f.bhabin, CASE k WHEN 1 THEN 'mine' WHEN 2 THEN 'there' ELSE 'calm' END, 'ringing', a.raised_ms + 60000 * k, k
       FROM alerts a JOIN fill_places f ON f.place_id = a.place_id CROSS JOIN ${series(3, "k")} WHERE a.ended_ms IS NOT NULL`,
    `INSERT INTO duties (region, id, post_id, account_id, from_ms, until_ms, created_ms)
     SELECT m.region, ${first} + ROW_NUMBER() OVER (ORDER BY m.id, v), m.post_id, m.account_id,
       ${nowMs} - (v + 2) * CAST(28800000 AS BIGINT), ${nowMs} - (v + 1) * CAST(28800000 AS BIGINT), 1
       FROM memberships m CROSS JOIN ${series(Math.round(months * 91), "v")} WHERE m.ended_ms IS NULL`,
    `INSERT INTO jobs (region, id, kind, subject_id, run_after_ms, created_ms, done_ms, attempt)
     SELECT ${region}, ${first} + v, 'alert_climb', v, ${nowMs} - v * 100, ${nowMs} - v * 100, ${nowMs} - v * 100, 1
       FROM ${series(Math.ceil(cases / 4), "v")}`,
    `INSERT INTO alert_floods (region, id, made_by, post_id, created_ms)
     SELECT m.region, ${first} + v, m.account_id, m.post_id, ${nowMs} - v * CAST(80000000 AS BIGINT)
       FROM ${series(Math.ceil(cases / 200), "v")} CROSS JOIN (SELECT * FROM memberships WHERE roles = ${desk} ORDER BY id LIMIT 1) m`,
    `INSERT INTO alert_flood_cases (region, flood_id, case_id, state)
     SELECT ${region}, ${first} + v, ${first} + v, 'ended' FROM ${series(Math.ceil(cases / 200), "v")}`,
    "DROP TABLE fill_posts", "DROP TABLE fill_places",
  ];
}

function lengthenChain(adem, count, nowMs) {
  const hash = adem.kind === "sqlite" ? "lower(hex(hash))" : "encode(hash, 'hex')";
  const head = adem.sql(`SELECT number, ${hash} FROM audit_heads WHERE region = '31.71'`).trim() || `0|${"0".repeat(64)}`;
  const [number, last] = head.split("|");
  const made = `"${join(root, "build/bench/bench_growth_chain")}" "${join(adem.data, "pepper.key")}" 31.71 ${number} ${last} ${count} ${nowMs} ${adem.kind}`;
  const into = adem.kind === "sqlite" ? `sqlite3 -bail "${join(adem.data, "db/adem.db")}"` : `psql -X -q -v ON_ERROR_STOP=1 "${adem.settings.database}"`;
  const begin = adem.kind === "sqlite" ? "PRAGMA synchronous = OFF; BEGIN;" : "BEGIN;";
  const done = spawnSync("bash", ["-o", "pipefail", "-c", `{ echo "${begin}" && ${made} && echo "COMMIT;"; } | ${into}`], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the chain: ${done.stderr}`);
}

// SIZE: how many rows; the times count back from now.
export function fill(adem, size, say) {
  const dialect = dialects[adem.kind], nowMs = Date.now();
  for (const [i, one] of statements(dialect, size, nowMs).entries()) {
    const from = performance.now();
    adem.sql(`${dialect.before} ${one};`);
    if (performance.now() - from > 5000) say(`filled ${i + 1}: ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
  lengthenChain(adem, size.audit, nowMs);
  adem.sql(dialect.after);
}
