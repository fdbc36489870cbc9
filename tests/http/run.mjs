// Runs the data files of this folder against the program on each database. A file is a list of requests:
//
//	# What is tested, in a sentence.
//	as: Sari Wulandari            who asks from here on ("nobody": a new visitor)
//	clock: +61s                   moves the program's clock
//	GET /path                     or POST /path, then the form on the next line
//	json                          asks for JSON
//	expect: 200
//	header: Cache-Control: no-store
//	body: text that must be there
//	no body: text that must not
//	until: STATUS /path text      asks again until the page holds the text: for what a job does
//	keep: name = regular expression with one group, on the body or the location
//
// {name} stands for what was kept.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Adem, Person, databases, equal, finish, holds, lacks, test, until } from "../lib/adem.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const units = { s: 1000, m: 60000, h: 3600000, d: 86400000 };

function parse(text) {
  const steps = [];
  let step;
  for (const [i, line] of text.split("\n").entries()) {
    const at = i + 1, rest = line.replace(/^[a-z ]+: ?/, "");
    if (!line.trim() || line.startsWith("#")) continue;
    if (/^as:/.test(line)) steps.push({ at, as: rest });
    else if (/^clock:/.test(line)) steps.push({ at, clock: rest });
    else if (/^until:/.test(line)) steps.push({ at, until: rest });
    else if (/^(GET|POST|HEAD) /.test(line)) steps.push(step = { at, method: line.split(" ")[0], path: line.split(" ")[1], headers: {}, checks: [] });
    else if (line === "json") step.headers.accept = "application/json";
    else if (/^with: /.test(line)) step.headers[rest.split(": ")[0]] = rest.slice(rest.indexOf(": ") + 2);
    else if (/^(expect|header|body|no body|keep):/.test(line)) step.checks.push({ at, kind: line.split(":")[0], text: rest });
    else if (step && step.method === "POST" && step.form === undefined) step.form = line;
    else throw new Error(`line ${at}: not understood: ${line}`);
  }
  return steps;
}

function check(answer, kept, { kind, text }) {
  const wanted = fill(text, kept);
  if (kind === "expect") equal(answer.status, Number(wanted), "status");
  if (kind === "header") {
    const [name, ...value] = wanted.split(": ");
    holds(answer.headers.get(name) || "", value.join(": "), `header ${name}`);
  }
  if (kind === "body") holds(answer.text, wanted);
  if (kind === "no body") lacks(answer.text, wanted);
  if (kind === "keep") {
    const [, name, pattern] = /^(\w+) = (.*)$/.exec(text);
    const got = new RegExp(pattern).exec(answer.text) || new RegExp(pattern).exec(answer.location || "");
    if (!got) throw new Error(`nothing to keep for ${pattern} in ${answer.location} ${answer.text.slice(0, 2000)}`);
    kept[name] = got[1].replaceAll("&#39;", "'").replaceAll("&amp;", "&");
  }
}

const fill = (text, kept) => text.replace(/\{(\w+)\}/g, (all, name) => name in kept ? kept[name] : all);

async function runFile(adem, file) {
  const people = new Map(), kept = {};
  let who = new Person(adem);
  for (const step of parse(readFileSync(join(folder, file), "utf8"))) {
    try {
      if (step.clock) {
        const [, amount, unit] = /^\+(\d+)([smhd])$/.exec(step.clock);
        adem.shift(Number(amount) * units[unit]);
        continue;
      }
      if (step.until) {
        const [, status, path, text] = /^(\d+) (\S+) (.*)$/.exec(fill(step.until, kept));
        await until(async () => {
          const answer = await who.get(path);
          return answer.status === Number(status) && answer.text.includes(text);
        }, `${path} with "${text}"`);
        continue;
      }
      if (step.as) {
        if (step.as === "nobody") who = new Person(adem);
        else {
          who = people.get(step.as) || new Person(adem, step.as);
          if (!people.has(step.as)) equal((await who.signIn()).status, 303, `signing in as ${step.as}`);
          people.set(step.as, who);
        }
        continue;
      }
      const path = fill(step.path, kept);
      const form = step.form === undefined ? "" : fill(step.form, kept);
      const answer = step.method === "POST"
        ? await who.ask("POST", path, `${who.csrf && !/(^|&)csrf=/.test(form) ? `csrf=${encodeURIComponent(who.csrf)}&` : ""}${form}`, step.headers)
        : await who.ask(step.method, path, undefined, step.headers);
      for (const one of step.checks) check(answer, kept, one);
    } catch (error) {
      error.message = `${file}:${step.at}: ${error.message}`;
      throw error;
    }
  }
  adem.shift(0);
}

const files = readdirSync(folder).filter(name => name.endsWith(".http")).sort();
for (const kind of databases) {
  const adem = await new Adem(kind).start();
  for (const file of files) await test(`http ${kind} ${file}`, () => runFile(adem, file));
  await test(`http ${kind} adem check finds nothing`, () => holds(adem.run("check"), "all is well", "adem check"));
  await adem.remove();
}
finish();
