// Every command called wrongly in every way: a walk over what --help says, so that a command or option that is added is
// covered by itself. Whatever is wrong is answered with 2 and a sentence on standard error, and makes nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, holds, root, test } from "../lib/adem.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const folder = mkdtempSync(join(tmpdir(), "adem-test-"));
const run = words => spawnSync(program, words, { encoding: "utf8", cwd: folder });

function refused(words, ...pieces) {
  const done = run(words), said = `adem ${words.join(" ")}: ${done.stdout}${done.stderr}`;
  equal(done.status, 2, `status of ${said}`);
  equal(done.stdout, "", `output of ${said}`);
  for (const piece of pieces) holds(done.stderr, piece, said);
}

// The options and operands of --help, each with what it takes.
function tableOf(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const one = /^ {2}(--[a-z-]+|[A-Z]\S+)(?: (\S+))?(?: {2,}(.*))?$/.exec(line);
    if (one) rows.push({ name: one[1], value: one[2] ?? "", help: one[3] ?? "" });
    else if (rows.length && /^ {10}/.test(line)) rows.at(-1).help += ` ${line.trim()}`;
  }
  for (const row of rows) {
    row.operand = !row.name.startsWith("--");
    row.needed = row.help.endsWith("(needed)");
    row.bounds = /\(([\d.]+) to ([\d.]+)/.exec(row.help)?.slice(1).map(Number);
    row.choices = row.value === "WORD" ? /\(([^()]*?)(?:;[^()]*)?\)$/.exec(row.help)[1].split(/, | or /) : null;
  }
  return rows;
}

// Every command with the options of its own; the settings of adem.conf, which several share, apart.
function walk(words) {
  const text = run([...words, "--help"]).stdout;
  const names = [...text.matchAll(/^ {2}([a-z]+) {2,}\S.*$/gm)].map(([, name]) => name);
  if (/COMMAND \[OPTION …\]/.test(text)) return names.flatMap(name => walk([...words, name]));
  const [own, settings] = text.split(/^Settings, .*$/m);
  return [{ words, text, own: tableOf(own), settings: settings ? tableOf(settings) : null }];
}
const commands = walk([]), settings = commands.find(each => each.words.join() === "config").settings;
const anchor = `1:${"0".repeat(64)}`;

function fitting(row) {
  if (row.choices) return row.choices[0];
  if (row.bounds) return String(row.bounds[0]);
  const values = { DATE: "2017-01-31", "yes|no": "yes", "HOST:PORT": "127.0.0.1:0", URL: "sqlite:db/adem.db", LIST: "::1",
    "ROLE[,ROLE…]": "desk,officer", ANCHOR: anchor };
  return values[row.value] ?? "x";
}
const needed = (command, but) => command.own.filter(row => row.needed && row !== but).flatMap(row => row.operand ? ["x"] : [row.name, fitting(row)]);

// What is wrong about one option of a command.
function misuse(words, row, rest) {
  if (!row.value) {
    refused([...words, `${row.name}=yes`, ...rest], `${row.name} takes no value`);
    refused([...words, row.name, row.name, ...rest], `${row.name} stands twice`);
    return;
  }
  const value = fitting(row);
  refused([...words, ...rest, row.name], `${row.name} needs a value`);
  refused([...words, row.name, "--json", ...rest], `${row.name} needs a value`, `${row.name}=--json`);
  refused([...words, row.name, value, `${row.name}=${value}`, ...rest], `${row.name} stands twice`);
  const wrong = row.bounds ? [row.bounds[0] - 1, row.bounds[1] + 1, "", "many", `${row.bounds[0]} x`]
    : row.choices || row.value === "yes|no" ? ["", "nonsense"]
    : { DATE: ["2016-13-01", "today", ""], "HOST:PORT": ["here", ":80", "a:b", "a:70000"], URL: ["mysql://x/y", "adem.db"], LIST: ["somewhere"],
      "ROLE[,ROLE…]": ["king", "desk,king", ""], ANCHOR: ["x", "1:2"] }[row.value] ?? [];
  for (const one of wrong) {
    const pieces = row.name === "--database" ? [] : [`is not "${one}" but`];
    refused([...words, `${row.name}=${one}`, ...rest], row.name, ...pieces);
  }
}

await test("args: every command is in the walk", () => {
  equal(commands.map(each => each.words.join(" ")).join(", "), "serve, work, migrate, demo, account invite, account reset, check, "
    + "config, routes, num opinion, num evaluate, num forecast, num score, num simulate", "commands");
  for (const each of commands) if (each.settings) equal(JSON.stringify(each.settings), JSON.stringify(settings), `settings of ${each.words.join(" ")}`);
});

for (const command of commands) {
  const { words, own } = command, name = `adem ${words.join(" ")}`;

  await test(`args: ${name} has help, and the same by -h and help`, () => {
    for (const other of [[...words, "-h"], ["help", ...words], [...words.slice(0, 1), ...(words.length > 1 ? ["help", words[1]] : ["--help"])]]) {
      const done = run(other);
      equal(done.status, 0, other.join(" "));
      equal(done.stdout, command.text, other.join(" "));
    }
    holds(command.text, `usage: ${name}`, "the help");
    for (const row of own) if (!row.help) throw new Error(`${row.name} has no help`);
    for (const line of command.text.split("\n")) if ([...line].length > 100) throw new Error(`wider than 100: ${line}`);
  });

  await test(`args: ${name}, called wrongly, says what is wrong and ends with 2`, () => {
    const rest = needed(command);
    refused([...words, "--nonsense-entirely", ...rest], name, "--nonsense-entirely", "--help");
    refused([...words, "-x", ...rest], name, '"-x"');
    for (const row of own.concat(command.settings ?? [])) {
      if (row.operand || row.name.length < 8) continue;
      const slip = row.name.slice(0, 4) + row.name.slice(5);
      refused([...words, `${slip}=1`, ...rest], `did you mean ${row.name}?`);
    }
    const operands = own.filter(row => row.operand);
    refused([...words, ...operands.map(() => "x"), "extra"], '"extra" is not expected');
    refused([...words, ...operands.map(() => "x"), "--", "--help"], '"--help" is not expected');
    for (const row of own) {
      if (row.needed) refused([...words, ...needed(command, row)], `${row.name} is missing`, `usage: ${name}`);
        if (!row.operand) misuse(words, row, needed(command, row));
    }
  });
}

await test("args: every setting, given wrongly, is named with what it takes", () => {
  for (const row of settings) misuse(["config"], row, []);
});

await test("args: unknown commands are answered with those that are near, at every level", () => {
  for (const { words } of commands) {
    const last = words.at(-1), slip = last.slice(0, -1);
    if (slip.length > 3) refused([...words.slice(0, -1), slip], `there is no command "${slip}"`, `did you mean "${last}"?`);
  }
  for (const words of [[], ["account"], ["num"]]) equal(run(words).status, 2, words.join(" "));
  refused(["--nonsense"], "--nonsense");
  refused(["help", "nonsense"], "nonsense");
  refused(["num", "--help", "nonsense"], "nonsense");
});

await test("args: --version, -V and version say the same", () => {
  for (const word of ["--version", "-V", "version"]) {
    const done = run([word]);
    equal(done.status, 0, word);
    equal(/^adem \d+\.\d+\.\d+\n$/.test(done.stdout), true, `${word}: ${done.stdout}`);
  }
});

await test("args: no output where it cannot be written is a failure", () => {
  equal(spawnSync("sh", ["-c", `"${program}" --help >/dev/full`], { encoding: "utf8" }).status, 1, "status");
});

await test("args: what was typed reaches no terminal as an order", () => {
  const done = run(["config", `--workers=a\u001b[31m${"b".repeat(1000)}`]);
  equal(/[\u0000-\u0009\u001b]/.test(done.stderr), false, done.stderr);
  equal(done.stderr.length < 300, true, "its length");
});

await test("args: the manual pages and --help know the same options", () => {
  const page = file => readFileSync(join(root, "docs", file), "utf8");
  const inPage = text => new Set([...text.matchAll(/(?:Fl |, )-([a-z][a-z-]+)/g)].map(([, name]) => `--${name}`));
  const known = new Set(settings.map(row => row.name).concat(["--setting", "--name", "--help", "--version", "--clean"]));
  for (const [file, of] of [["adem.8", each => each.words[0] !== "num"], ["adem-num.1", each => each.words[0] === "num"]]) {
    const said = inPage(page(file)), wanted = new Set(commands.filter(of).flatMap(each => each.own.filter(row => !row.operand).map(row => row.name)));
    for (const option of wanted) if (!said.has(option)) throw new Error(`${file} does not say ${option}`);
    for (const option of said) if (!wanted.has(option) && !known.has(option)) throw new Error(`${file} says ${option}, which is none`);
  }
  for (const row of settings) {
    if (!row.bounds) continue;
    const item = new RegExp(`\\.It Cm ${row.name.slice(2).replaceAll("-", "_")}\\n([^]*?)\\n\\.(?:It|El)`).exec(page("adem.conf.5"))[1];
    holds(item.replaceAll("\n", " "), `${row.bounds[0]} to ${row.bounds[1]}`, `adem.conf(5) of ${row.name}`);
  }
});

await test("args: all this made nothing", () => {
  equal(readdirSync(folder).join(), "", "files");
  rmSync(folder, { recursive: true });
});
