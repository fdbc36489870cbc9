// The program on a real Citus cluster, whose coordinator ADEM_TEST_CITUS names:
//
//	ADEM_TEST_CITUS=postgresql://USER@HOST:PORT/postgres script/test citus
//
// The cluster has at least two workers in pg_dist_node of a database named in ADEM_TEST_CITUS_NODES (preset: the same as in
// the URL), and USER may make databases and extensions on every node. Everything happens in databases of the tests' own. Skips,
// and says so, where nothing is named. What a Citus refuses is known without one by tests/whole/citus_test.c.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Adem, Person, equal, finish, root, skip, test, until } from "../lib/adem.mjs";

const cluster = process.env.ADEM_TEST_CITUS;

// The suites whose tests speak to the database only through the program and through statements of one region.
const suites = ["http"];

function suite(name) {
  const env = { ...process.env, ADEM_TEST_POSTGRES: cluster, ADEM_TEST_ONLY: "postgres" };
  return spawnSync("node", [join(root, "tests", name, "run.mjs")], { encoding: "utf8", env, maxBuffer: 1 << 28 });
}

// A second region, whose rows lie on another node than those of the first.
function regionElsewhere(adem) {
  const node = region => adem.sql(`SELECT nodename || ':' || nodeport FROM pg_dist_shard_placement
    WHERE shardid = get_shard_id_for_distribution_column('jobs', '${region}')`).trim();
  const home = node("31.71");
  for (let i = 10; i < 99; i++)
    if (node(`32.${i}`) !== home) return { region: `32.${i}`, node: node(`32.${i}`) };
  throw new Error("all regions lie on one node: the cluster needs two workers");
}

async function aDeadNode() {
  const adem = new Adem("postgres", {}, {});
  try {
    const { region, node } = regionElsewhere(adem);
    adem.sql(`INSERT INTO regions (region, number, name, zone, created_ms) VALUES ('${region}', 1000, 'Jauh', 'WIB', 0)`);
    await adem.start();
    adem.awayNode(node, true);
    try {
      const jobs = "SELECT count(*) FROM jobs WHERE region = '31.71' AND kind = 'alert_climb' AND done_ms IS NOT NULL";
      const reporter = new Person(adem, "a reporter");
      equal((await reporter.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "ramai" })).status, 201,
        "a report in a region whose node is there");
      adem.shift(10 * 60 * 1000);
      await until(() => Number(adem.sql(jobs)) > 0, "the alert's next step", 60);
    } finally {
      adem.awayNode(node, false);
    }
    const other = `SELECT count(*) FROM jobs WHERE region = '${region}' AND done_ms IS NULL`;
    await until(() => { try { return Number(adem.sql(other)) > 0; } catch { return false; } }, "the other region's rounds, once its node is back", 150);
  } finally {
    await adem.remove();
  }
}

export async function run() {
  if (!cluster) return skip("citus: the suites on a cluster", "ADEM_TEST_CITUS names none");
  process.env.ADEM_TEST_POSTGRES = cluster;
  await test("citus: migrate distributes an empty database, and check is content", async () => {
    const adem = new Adem("postgres");
    try {
      equal(adem.sql("SELECT count(*) FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS"
        + " (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)").trim(), "0", "tables that are not distributed");
      adem.run("check");
    } finally {
      await adem.remove();
    }
  });
  await test("citus: a node that is away keeps back its own regions only", aDeadNode);
  for (const name of suites) {
    const done = suite(name);
    console.log(done.stdout.replace(/^/gm, "    ").trimEnd());
    await test(`citus: the suite ${name}`, () => equal(done.status, 0, `tests/${name}`));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run();
  finish();
}
