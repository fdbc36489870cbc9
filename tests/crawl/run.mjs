// Walks the whole site as everybody: starts at "/", follows every link that a page shows. A link that does not answer 200 (or leads
// on) is a mistake, and so are a placeholder that nobody filled and a tag that nobody closed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Adem, Person, databases, equal, finish, test } from "../lib/adem.mjs";

const people = [null, "Sari Wulandari", "Hasan Basri", "Dimas Nugroho", "Agung Wibisono", "Citra Anggraini", "Bayu Saputra",
  "Nadia Permata", "Mulyadi Arifin"];
const pagesMost = 150;

function wellFormed(html, path) {
  const folder = mkdtempSync(join(tmpdir(), "adem-crawl-"));
  writeFileSync(join(folder, "page.html"), html);
  const done = spawnSync("tidy", ["-q", "-e", "--show-warnings", "no", "--new-inline-tags", "svg,path,circle,use,time,noscript", join(folder, "page.html")], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  if (done.status === 2) throw new Error(`${path} is not well formed:\n${done.stderr}`);
}

async function crawl(adem, name) {
  const who = new Person(adem, name);
  if (name) equal((await who.signIn()).status, 303, "signing in");
  const seen = new Set(["/"]), left = ["/"];
  while (left.length && seen.size < pagesMost) {
    const path = left.shift();
    const answer = await who.get(path);
    if (answer.status !== 200 && answer.status !== 303) throw new Error(`${path} answers ${answer.status}`);
    if (answer.status === 200 && !/^\/assets\//.test(path)) {
      if (!/<\/html>\s*$/.test(answer.text)) throw new Error(`${path} ends early`);
      const visible = answer.text.replace(/ data-[a-z]+="[^"]*"/g, "").replace(/<textarea[\s\S]*?<\/textarea>/g, "");
      const unfilled = /\{\{|\}\}|\{[a-z]+\}/.exec(visible);
      if (unfilled) throw new Error(`${path} shows ${unfilled[0]}`);
      wellFormed(answer.text, path);
      const bare = /<form method="post"[^>]*>(?!<input type="hidden" name="form_key" value="[A-Za-z0-9_-]{23,}">)/.exec(answer.text);
      if (bare) throw new Error(`${path} has a form without a key: ${bare[0]}`);
    }
    const links = [...answer.text.matchAll(/(?:href|src)="(\/[^"#]*)"/g)].map(found => found[1]);
    if (answer.location) links.push(answer.location);
    for (const link of links) {
      const next = link.replaceAll("&amp;", "&");
      if (/[?&](week|month|before)=/.test(next) && [...seen].filter(p => p.split("?")[0] === next.split("?")[0]).length > 2) continue;
      if (!seen.has(next) && seen.add(next)) left.push(next);
    }
  }
  console.log(`# ${name || "nobody"}: ${seen.size} addresses`);
}

for (const kind of databases) {
  const adem = await new Adem(kind).start();
  const somebody = new Person(adem);
  for (const place of ["31.71.08.1002.008", "31.71.08.1002"])
    equal((await somebody.json("POST", "/reports", { level: "nyata", place, text: "ramai" })).status, 201, "a report");
  for (const name of people) await test(`crawl ${kind} as ${name || "nobody"}`, () => crawl(adem, name));
  await adem.remove();
}
finish();
