// adem num opinion beside what Polis' server answered, and what it says to files that make no sense.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, holds, root, skip, test } from "../../lib/adem.mjs";
import { clusters as polisClusters } from "./opinion_polis.mjs";

const program = process.env.ADEM_PROGRAM || join(root, "build/adem");
const reference = process.env.ADEM_REFERENCE_DATA || join(root, "../shared/data");
const folder = mkdtempSync(join(tmpdir(), "adem-opinion-"));
const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (...words) => spawnSync(program, ["num", "opinion", ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
const answer = (...words) => {
  const done = run(...words);
  equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
};

const within = 1e-12;
function near(got, wanted, what, scale = 1) {
  if (!(Math.abs(got - wanted) <= within * scale)) throw new Error(`${what} is ${got}, not ${wanted}`);
}
// Values of the same shape; numbers to rounding, relative to those above 1.
function same(got, wanted, what) {
  if (typeof wanted === "number") return near(got, wanted, what, Math.max(1, Math.abs(wanted)));
  if (wanted === null || typeof wanted !== "object") return equal(got, wanted, what);
  equal(Object.keys(got).sort().join(), Object.keys(wanted).sort().join(), `the keys of ${what}`);
  for (const [key, value] of Object.entries(wanted)) same(got[key], value, `${what} ${key}`);
}
const sorted = list => [...list].sort((a, b) => a - b);

function columns(votes) {
  const rows = votes.map(v => [v.pid ?? v.participant_id, v.tid ?? v.statement_id, v.vote].join());
  return ["voter-id,comment-id,vote", ...rows, ""].join("\n");
}

// The signs of the two axes are not determined: those that make the components fit are taken, for all that depends on them.
function samePlane(got, wanted) {
  for (const axis of [0, 1]) {
    const along = wanted.comps[axis].reduce((sum, x, j) => sum + x * got.comps[axis][j], 0);
    const turn = list => list.map(x => x * Math.sign(along));
    same(turn(got.comps[axis]), wanted.comps[axis], `component ${axis}`);
    same(turn(got["comment-projection"][axis]), wanted["comment-projection"][axis], `comment projection ${axis}`);
  }
  same(got.center, wanted.center, "the center");
  same(got["comment-extremity"], wanted["comment-extremity"], "the extremity");
}

// Statement by statement in the order of TIDS, because each side may have its own.
const inOrder = (list, tids, wanted) => wanted.map(tid => list[tids.indexOf(tid)]);

for (const name of ["below-100-ptpts", "150ptpt-3gp-no-strict-no-meta"]) {
  const title = `num opinion --exact: equal to Polis' server on ${name}`;
  const expected = join(reference, "polis-expected", name);
  if (!existsSync(expected)) {
    skip(title, "../shared/data is not there");
    continue;
  }
  await test(title, () => {
    const clusters = join(expected, "math-pca2.json");
    const wanted = JSON.parse(readFileSync(clusters, "utf8"));
    const votes = file("votes.csv", columns(JSON.parse(readFileSync(join(expected, "votes.json"), "utf8"))));
    const got = answer(votes, "--exact", "--clusters", clusters, "--json");
    equal(got.n, wanted.n, "n");
    equal(got["n-cmts"], wanted["n-cmts"], "n-cmts");
    same(sorted(got.tids), sorted(wanted.tids), "tids");
    same(sorted(got["in-conv"]), sorted(wanted["in-conv"]), "in-conv");
    same(sorted(got["mod-out"]), sorted(wanted["mod-out"]), "mod-out");
    for (const part of ["center", "comment-extremity"]) got.pca[part] = inOrder(got.pca[part], got.tids, wanted.tids);
    for (const part of ["comps", "comment-projection"])
      got.pca[part] = got.pca[part].map(list => inOrder(list, got.tids, wanted.tids));
    samePlane(got.pca, wanted.pca);
    for (const part of ["base-clusters", "group-clusters", "group-votes", "votes-base", "repness", "consensus",
      "group-aware-consensus", "comment-priorities"]) same(got[part], wanted[part], part);
  });
}

const header = "voter-id,comment-id,vote\n";
// Draws between 0 and 1, the same each time for the same SEED.
const draws = seed => () => (seed = seed * 48271 % 2147483647) / 2147483647;
// Sets of people, whatever their order.
const sets = lists => lists.map(list => sorted(list).join()).sort().join(" ");

function asPolisFindsThem(votes) {
  const [head, ...rows] = readFileSync(votes, "utf8").trim().split(/\r?\n/).map(line => line.split(","));
  const [voter, comment, vote] = ["voter-id", "comment-id", "vote"].map(column => head.indexOf(column));
  const byPerson = new Map();
  for (const row of rows) {
    const person = Number(row[voter]);
    if (!byPerson.has(person)) byPerson.set(person, new Map());
    byPerson.get(person).set(Number(row[comment]), Number(row[vote]));
  }
  const got = answer(votes, "--exact", "--json"), base = got["base-clusters"].members;
  const wanted = polisClusters(byPerson, got.tids, got.pca);
  equal(sets(base), sets(wanted.base), "base clusters");
  equal(sets(got["group-clusters"].map(group => group.members.flatMap(b => base[got["base-clusters"].id.indexOf(b)]))),
    sets(wanted.groups), "groups");
  near(got.adem.silhouette, wanted.silhouette, "the silhouette", 100);
  return wanted;
}

for (const name of ["brexit-consensus", "scoop-hivemind.biodiversity", "vtaiwan.uberx"]) {
  const title = `num opinion --exact: base clusters, groups and their number as Polis finds them in ${name}`;
  const votes = join(reference, "polis", name, "votes.csv");
  if (existsSync(votes)) await test(title, () => { asPolisFindsThem(votes); });
  else skip(title, "../shared/data is not there");
}

await test("num opinion --exact: base clusters, groups and their number as Polis finds them in small rooms", () => {
  const draw = draws(7), numbers = new Set();
  for (let people = 8; people <= 62; people += 3) {
    const rows = [];
    for (let voter = 0; voter < people; voter++)
      for (let comment = 0; comment < 18; comment++)
        if (draw() < (voter % 4 ? 0.8 : 0.3)) rows.push(`${voter},${comment},${draw() < 0.1 ? 0 : draw() < ((voter + comment) % 5 ? 0.7 : 0.1) ? 1 : -1}`);
    numbers.add(asPolisFindsThem(file("small.csv", `${header}${rows.join("\n")}\n`)).groups.length);
  }
  equal(numbers.size > 2, true, "the number of groups differs");
});

const refused = (why, ...words) => {
  const done = run(...words);
  equal(done.status, 1, done.stderr);
  equal(done.stdout, "", "standard output");
  holds(done.stderr, why, "standard error");
};

await test("num opinion: what is wrong with the votes is told with the line", () => {
  refused("line 1: there is no header", file("empty.csv", ""));
  refused("line 1: the header must name", file("head.csv", "voter,comment,vote\n1,1,1\n"));
  refused("line 3: vote is not 1, 0 or -1", file("two.csv", `${header}1,1,1\n1,2,2\n`));
  refused("line 2: voter-id is not a whole number", file("id.csv", `${header}budi,2,1\n`));
  refused("no-such-file", join(folder, "no-such-file"));
  equal(run().status, 2, "no file");
  equal(run(file("one.csv", `${header}1,1,1\n`), "--sed", "1").status, 2, "an unknown option");
});

await test("num opinion: nobody, one voter and a room of passes have an answer", () => {
  const none = answer(file("none.csv", header), "--json");
  equal(none.n, 0, "people");
  equal(none.adem.groups.verdict, "too-few", "verdict");
  const one = answer(file("one.csv", `${header}1,1,1\n`), "--json");
  equal(one["group-votes"]["0"].votes["1"].A, null, "a count of one");
  const rows = Array.from({ length: 400 }, (_, k) => `${k % 20},${Math.floor(k / 20)},0`).join("\n");
  const passes = answer(file("pass.csv", `${header}${rows}\n`), "--json");
  equal(passes.adem.groups.count, 0, "groups");
  holds(run(file("pass.csv", `${header}${rows}\n`)).stdout, "There are no stable groups.", "the text");
});

await test("num opinion: later rows override, other columns are ignored, few people are not counted out", () => {
  const rows = [];
  for (let voter = 0; voter < 12; voter++) rows.push(`${900 - voter},x,${voter},3,${voter < 4 ? 1 : -1}`, `1,y,${voter},4,1`);
  rows.push("0,z,0,4,-1");
  const got = answer(file("over.csv", `timestamp,who,voter-id,comment-id,vote\n${rows.join("\n")}\n`), "--json");
  same(got["group-votes"]["0"].votes["4"], { A: 11, D: null, S: null }, "statement 4");
  same(got["group-votes"]["0"].votes["3"], { A: null, D: 8, S: null }, "statement 3");
  const exact = answer(join(folder, "over.csv"), "--exact", "--json");
  equal(exact.adem.mode, "exact", "mode");
  same(Object.values(exact["group-votes"]).reduce((sum, g) => sum + g.votes["3"].A, 0), 4, "counts of the exact mode");
});

// Every way in which what is told can have come about, for the count that is not.
function possible(votes, most) {
  const found = { A: new Set(), D: new Set() };
  const open = told => told === null ? [1, 2, 3, 4] : [told];
  for (const A of open(votes.A)) for (const D of open(votes.D))
    for (let P = 0; P <= most; P++)
      if (votes.S === null || votes.S === A + D + P) {
        found.A.add(A);
        found.D.add(D);
      }
  return found;
}

await test("num opinion: a count of few people does not follow from the others; the text says how few did not", () => {
  const rows = [], draw = draws(1);
  for (let statement = 0; statement < 28; statement++) {
    const disagree = statement % 7, pass = 2 * (statement % 4);
    const dealt = Array.from({ length: 30 }, (_, at) => [draw(), at < disagree ? -1 : at < disagree + pass ? 0 : 1]);
    dealt.sort((a, b) => a[0] - b[0]).forEach(([, vote], voter) => rows.push(`${voter},${statement},${vote}`));
  }
  const votes = file("few.csv", `${header}${rows.join("\n")}\n`);
  const got = answer(votes, "--json");
  equal(got.adem.groups.count, 0, "groups");
  let hidden = 0, told = 0;
  for (const group of Object.values(got["group-votes"]))
    for (const [tid, cell] of Object.entries(group.votes)) {
      const ways = possible(cell, 30);
      for (const count of ["A", "D"]) if (cell[count] === null && ways[count].size < 2) throw new Error(`${count} of ${tid} can be found`);
      hidden += cell.D === null && cell.S === null;
      told += cell.D === null && cell.S !== null;
    }
  equal(hidden > 0 && told > 0, true, "both occur");
  const list = got.consensus.agree;
  equal(list.length, 5, "statements in the list");
  for (const item of list) {
    equal(item["n-trials"], got["group-votes"]["0"].votes[item.tid].S, "the total, here and there");
    equal("p-success" in item, item["n-trials"] !== null, "a share with its total");
  }
  const few = list.find(item => item["n-trials"] === null);
  holds(run(votes).stdout, `statement ${few.tid}: ${few["n-success"]} agree, fewer than 5 do not`, "the text");
});

await test("num opinion: what everybody agrees on tells no group from the others", () => {
  const rows = [];
  for (let voter = 0; voter < 40; voter++)
    for (let statement = 0; statement < 12; statement++)
      rows.push(`${voter},${statement},${statement === 0 || voter % 2 === 0 ? 1 : -1}`);
  const { stdout } = run(file("camps.csv", `${header}${rows.join("\n")}\n`));
  const [room, ...groups] = stdout.split(/Group \d, 20 people/);
  equal(groups.length, 2, "groups");
  holds(room, "statement 0: 40 of 40 agree", "the room");
  holds(groups[0] + groups[1], "20 of 20 disagree", "the groups");
  equal(/statement 0: \d+ of/.test(groups[0] + groups[1]), false, "the groups, of statement 0");
});

await test("num opinion --clusters: what does not fit the votes is refused", () => {
  const votes = file("votes.csv", `${header}1,1,1\n2,1,0\n3,1,-1\n`);
  const base = (members, ids) => ({ id: ids ?? members.map((_, k) => k), members });
  const clusters = value => file("clusters.json", typeof value === "string" ? value : JSON.stringify(value));
  refused("not JSON", votes, "--exact", "--clusters", clusters("{"));
  refused("not an object", votes, "--exact", "--clusters", clusters("[]"));
  refused("in-conv: somebody there has no vote", votes, "--exact", "--clusters", clusters({ "in-conv": [4] }));
  refused("in-conv: somebody is there twice", votes, "--exact", "--clusters", clusters({ "in-conv": [1, 1] }));
  refused("base-clusters: somebody there has no vote", votes, "--exact", "--clusters", clusters({ "base-clusters": base([[9]]) }));
  refused("base-clusters: id 3 is there twice", votes, "--exact", "--clusters", clusters({ "base-clusters": base([[1], [2]], [3, 3]) }));
  refused("base-clusters: the members of 0 are not a list", votes, "--exact", "--clusters", clusters({ "base-clusters": base([1]) }));
  refused("group-clusters: id 4 is there twice", votes, "--exact", "--clusters",
    clusters({ "base-clusters": base([[1], [2]]), "group-clusters": [{ id: 4, members: [0] }, { id: 4, members: [1] }] }));
  refused("group-clusters without base-clusters", votes, "--exact", "--clusters", clusters({ "group-clusters": [{ id: 0, members: [0] }] }));
  refused("there is no base cluster 7", votes, "--exact", "--clusters",
    clusters({ "base-clusters": base([[1], [2, 3]]), "group-clusters": [{ id: 0, members: [7] }] }));
  refused("base cluster 3 is there twice", votes, "--exact", "--clusters",
    clusters({ "base-clusters": base([[1], [2], [3]], [8, 3, 5]), "group-clusters": [{ id: 0, members: [5, 3] }, { id: 1, members: [8, 3] }] }));
  const got = answer(votes, "--exact", "--json", "--clusters",
    clusters({ "base-clusters": base([[1], [2, 3]]), "group-clusters": [{ id: 5, members: [0] }, { id: 6, members: [1] }], "mod-out": [77], "meta-tids": [1] }));
  equal(got["comment-priorities"]["1"], 49, "the priority of a meta statement");
  equal(got["group-votes"]["6"].votes["1"].S, 2, "seen by group 6");
});

await test("num opinion: a million answers, in any order the same bytes", () => {
  const rows = [];
  for (let k = 0; k < 1000000; k++) rows.push(`${k % 10000},${(k * 7919) % 499},${(k * k) % 3 - 1}`);
  const million = file("million.csv", header + rows.join("\n") + "\n");
  const first = run(million, "--json");
  equal(first.status, 0, first.stderr);
  equal(JSON.parse(first.stdout).n, 10000, "people");
  const last = new Map(rows.map(row => [row.slice(0, row.lastIndexOf(",")), row]));
  const turned = file("turned.csv", header + [...last.values()].reverse().join("\n") + "\n");
  equal(run(turned, "--json").stdout === first.stdout, true, "the same answer");
});
rmSync(folder, { recursive: true });
