// What the record holds: the newest row of an action in words, and whether the tests had every action written that the program knows,
// every kind of news told to whom it is about, and every kind of entry made in the timeline of an incident.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Adem, equal, holds, lacks, root, signedIn } from "../lib/adem.mjs";

const listed = (file, row) => {
  const codes = [...readFileSync(join(root, "src/features", file), "utf8").matchAll(row)].map(([, code]) => code);
  if (codes.length < 10) throw new Error(`the list in ${file} was not read`);
  return codes;
};
const one = /^\tX\(\w+, "(\w+)"/gm;
const known = listed("audit/audit.h", one), news = listed("accounts/accounts_news.h", one), entries = listed("cases/cases_read.c", /^\s+\{ ?"(\w+)", +N_\(/gm);
const kindsOf = (adem, table) => adem.sql(`SELECT DISTINCT kind FROM ${table}`).trim().split("\n").filter(Boolean);

// "Who | action | table id | detail"; "nobody" where nobody was signed in.
export const newestOf = (adem, action) => adem.sql(`SELECT coalesce(p.name, 'nobody') || ' | ' || a.action || ' | ' || a.subject || ' ' || a.subject_id || ' | ' || a.detail
  FROM audit a LEFT JOIN accounts p ON p.region = a.region AND p.id = a.account_id WHERE a.action = '${action}' ORDER BY a.number DESC LIMIT 1`).trim();

export class Recorded {
  written = new Map(); // action, and the tables and addresses it was done to
  told = new Set();
  entered = new Set();

  // Before a database is removed.
  note(adem) {
    for (const line of adem.sql("SELECT DISTINCT action || '|' || subject FROM audit").trim().split("\n")) {
      const [action, subject] = line.split("|");
      this.written.set(action, (this.written.get(action) ?? new Set()).add(subject));
    }
    for (const kind of kindsOf(adem, "notices")) this.told.add(kind);
    for (const kind of kindsOf(adem, "case_entries")) this.entered.add(kind);
  }

  missing() {
    return [...known.filter(action => !this.written.has(action)), ...news.filter(kind => !this.told.has(kind)), ...entries.filter(kind => !this.entered.has(kind))];
  }

  nameless() {
    return [...this.entered].filter(kind => !entries.includes(kind));
  }

  // The page has words for each of them and for each table.
  async inWords(adem) {
    const subjects = new Set([...this.written.values()].flatMap(all => [...all]).filter(subject => /^\w/.test(subject)));
    const rows = [...known.map(action => [action, "posts"]), ...[...subjects].map(subject => ["sign_in", subject])];
    const bayu = await signedIn(adem, "Bayu Saputra");
    for (const [i, [action, subject]] of rows.entries())
      adem.sql(`INSERT INTO audit (region, number, at_ms, account_id, action, subject, subject_id, detail, prev_hash, hash)
        SELECT region, ${1000 + i}, at_ms, account_id, '${action}', '${subject}', 7, 'detail', prev_hash, hash FROM audit WHERE number = 1`);
    const { text } = await bayu.get("/audit"), shown = [...text.matchAll(/<br>([^<]*) <span class="soft">([^<]*) detail</g)];
    equal(shown.length, rows.length, "rows of the page");
    for (const [, action, subject] of shown) equal(known.includes(action) || subjects.has(subject), false, `a code for words: ${action} ${subject}`);
  }
}

// A record from before it was keyed is locked with the key file when the database is migrated, once.
export function keyedOnce(kind, recorded) {
  const adem = new Adem(kind);
  adem.run("account", "reset", "Sari Wulandari");
  adem.sql("UPDATE audit_heads SET mac = NULL");
  holds(adem.run("migrate"), "the audit is keyed with the pepper from row", "migrate");
  const row = newestOf(adem, "audit_keyed");
  holds(row, "nobody | audit_keyed | audit ", "the row");
  lacks(adem.run("migrate"), "the audit is keyed", "migrate once more");
  recorded.note(adem);
  return adem.remove();
}
