// Deliberate breaks of one text: each is a place, what replaces it, and the name of what was done. Comments, texts that people read
// and preprocessor lines stay as they are; whether a break still compiles is found out by building it.

const roles = ["ROLE_RESIDENT", "ROLE_HEAD", "ROLE_FIGURE", "ROLE_MEDIATOR", "ROLE_OFFICER", "ROLE_DESK", "ROLE_COMMAND", "ROLE_PRESS", "ROLE_ADMIN"];
const spans = ["SECOND_MS", "MINUTE_MS", "HOUR_MS", "DAY_MS"];
const codes = [["ringing", "seen", "mine", "on_the_way", "there", "calm", "false_alarm"], ["open", "closing", "closed", "joined"],
  ["potensi", "ambang", "nyata"], ["bhabin", "polsek", "polres", "call110", "rw", "fkpm"], ["reporter", "post"], ["account", "circle", "invitation"]];

// The same text with everything that is no code blanked out, so that places stay where they are.
export function blank(text, kind) {
  const patterns = { c: /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*/gm, sql: /--[^\n]*|'(?:''|[^'])*'/g, html: /(?!)/g };
  return text.replace(patterns[kind], found => found.replace(/[^\n]/g, found[0] === '"' || found[0] === "'" ? "_" : " "));
}

// The bracket that closes the one at OPEN, or -1.
function closing(code, open) {
  for (let i = open, depth = 0; i < code.length; i++) {
    if (code[i] === "(") depth++;
    if (code[i] === ")" && --depth === 0) return i;
  }
  return -1;
}

function other(list, value) {
  return list[(list.indexOf(value) + 1) % list.length];
}

// Every match of PATTERN in CODE as a break; MAKE gives what replaces the match, or undefined for none.
function* each(code, pattern, what, make) {
  for (const found of code.matchAll(pattern)) {
    const put = make(found);
    if (put !== undefined) yield { at: found.index, end: found.index + found[0].length, put, what };
  }
}

function* breaksOfC(text, code) {
  for (const found of code.matchAll(/(?<=^\t+(?:else )?)(?:if|while) \(/gm)) {
    const open = found.index + found[0].length - 1, close = closing(code, open);
    if (close < 0) continue;
    const inside = text.slice(open + 1, close);
    yield { at: open + 1, end: close, put: `!(${inside})`, what: "condition negated" };
    if (/^\)\s*return\s+(?:REFUSE|FAIL|form_refuse)/.test(code.slice(close))) yield { at: open + 1, end: close, put: "0", what: "check dropped" };
  }
  yield* each(code, /(?<=^\t+)(?:TRY\([^;{}]*\)|\w+\([^;{}]*\));(?=\n)/gm, "statement dropped",
    ([whole]) => /^(?:assert|log_\w+|va_\w+)\(/.test(whole) ? undefined : ";");
  yield* each(code, /(?<=^\t+)(?:[\w.>[\]*-]+ [|&+-]?= [^;{}]*);(?=\n)/gm, "assignment dropped", () => ";");
  // The ends of loops and the sizes of buffers are left alone: one more or less is for sanitizers to notice, not for tests.
  const bounds = code.replace(/^.*(?:\bfor \(|\benum \{|_MAX\b|BYTES).*$/gm, line => line.replace(/[^\n]/g, " "));
  yield* each(bounds, / (?:==|!=|<=|>=|<|>|&&|\|\|) /g, "comparison changed", ([whole]) => ({ " == ": " != ", " != ": " == ", " <= ": " < ",
    " >= ": " > ", " < ": " <= ", " > ": " >= ", " && ": " || ", " || ": " && " })[whole]);
  yield* each(code, /(?<=\w|\)) [+-] (?=\w|\()/g, "sign changed", ([whole]) => whole === " + " ? " - " : " + ");
  yield* each(code, new RegExp(`\\b(?:${roles.join("|")})\\b`, "g"), "role changed", ([whole]) => other(roles, whole));
  yield* each(code, new RegExp(`\\b(?:${spans.join("|")})\\b`, "g"), "deadline changed", ([whole]) => other(spans, whole));
  yield* each(code, /\b(?:true|false)\b/g, "truth changed", ([whole]) => whole === "true" ? "false" : "true");
  yield* each(bounds, /(?<![\w.])\d+(?![\w.])/g, "number changed", ([whole]) => String(whole === "0" ? 1 : Number(whole) + 1));
  yield* each(text, /"(\w+)"/g, "code changed", ([, word]) => {
    const list = codes.find(some => some.includes(word));
    return list && `"${other(list, word)}"`;
  });
  for (const found of code.matchAll(/\b[a-z]\w+\(/g)) {
    const open = found.index + found[0].length - 1, close = closing(code, open);
    if (close < 0 || code.slice(open, close).includes("(", 1) || /^(?:if|while|for|switch|sizeof|return)\(/.test(found[0])) continue;
    const parts = text.slice(open + 1, close).split(",");
    for (let i = 0, at = open + 1; i + 1 < parts.length; at += parts[i].length + 1, i++) {
      const [one, next] = [parts[i].trim(), parts[i + 1].trim()];
      if (!/^[&a-z_][\w.>&-]*$/.test(one) || !/^[&a-z_][\w.>&-]*$/.test(next) || one === next) continue;
      const space = /^\s*/.exec(parts[i])[0];
      yield { at, end: at + parts[i].length + 1 + parts[i + 1].length, put: `${space}${next}, ${one}`, what: "arguments swapped" };
    }
  }
}

// Where each statement of a .sql file stands: from behind its marks to its semicolon.
function* statements(code) {
  for (const found of code.matchAll(/^(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b[^;]*;/gm)) yield found;
}

function* breaksOfSql(text, code) {
  for (const { index, 0: body } of statements(code)) {
    for (const some of each(body, /\bAND (?:NOT )?(?:\([^()]*\)|[^()\n]*?)(?=\s+(?:AND|ORDER|GROUP|RETURNING|LIMIT|UNION|ON)\b|\)|;|\n)/g, "part of WHERE dropped",
      ([whole]) => /region = (?:\w+\.region|:region)\s*$/.test(whole) ? undefined : "")) yield { ...some, at: some.at + index, end: some.end + index };
    for (const [pattern, what, make] of [
      [/\bORDER BY [^;)]*?(?=\s+LIMIT\b|;|\))/g, "ORDER BY dropped", () => ""],
      [/\bDESC\b/g, "order changed", () => "ASC"],
      [/\bIS NOT NULL\b|\bIS NULL\b/g, "null changed", ([whole]) => whole === "IS NULL" ? "IS NOT NULL" : "IS NULL"],
      [/ (?:<=|>=|<>|<|>) /g, "comparison changed", ([whole]) => ({ " <= ": " < ", " >= ": " > ", " < ": " <= ", " > ": " >= ", " <> ": " = " })[whole]],
      [/\bAND\b(?! :)/g, "AND changed", () => "OR"],
      [/, (\w+) = (?::\w+|excluded\.\w+|[\w ]+\+ 1)(?=,|\s)/g, "column not set", () => ""],
      [/ [+-] (?=\w|\()/g, "sign changed", ([whole]) => whole === " + " ? " - " : " + "],
    ]) for (const some of each(body, pattern, what, make)) yield { ...some, at: some.at + index, end: some.end + index };
  }
  yield* each(text, /(?<=[ (])'(\w+)'/g, "code changed", ([, word]) => {
    const list = codes.find(some => some.includes(word));
    return list && `'${other(list, word)}'`;
  });
}

function* breaksOfHtml(text) {
  yield* each(text, /\{\{if ([^}]+)\}\}/g, "condition negated", ([, condition]) => `{{if !(${condition})}}`);
  const fields = [...new Set([...text.matchAll(/\{\{(v->\w+)\}\}/g)].map(found => found[1]))];
  if (fields.length > 1) yield* each(text, /\{\{(v->\w+)\}\}/g, "field exchanged", ([, field]) => `{{${other(fields, field)}}}`);
  yield* each(text, /value="(\w+)"/g, "value changed", ([, word]) => `value="${word}_"`);
  yield* each(text, /<button[^>]*>[^]*?<\/button>/g, "button dropped", () => "");
}

// All breaks of TEXT, the content of a file named PATH: { at, end, put, what }.
export function breaks(path, text) {
  const kind = path.endsWith(".html") ? "html" : path.endsWith(".sql") ? "sql" : "c";
  const code = blank(text, kind);
  return [...(kind === "c" ? breaksOfC(text, code) : kind === "sql" ? breaksOfSql(text, code) : breaksOfHtml(text))];
}

// TEXT with one break.
export function apply(text, { at, end, put }) {
  return text.slice(0, at) + put + text.slice(end);
}

// The lines that a break changes, before and after.
export function lines(text, broken) {
  const before = text.split("\n"), after = apply(text, broken).split("\n");
  let first = 0, last = 0;
  while (before[first] === after[first]) first++;
  while (last < before.length - first - 1 && last < after.length - first - 1 && before.at(-1 - last) === after.at(-1 - last)) last++;
  return { line: first + 1, before: before.slice(first, before.length - last), after: after.slice(first, after.length - last) };
}
