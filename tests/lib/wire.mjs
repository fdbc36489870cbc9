// A process between the program and PostgreSQL's socket in FOLDER: prints the port that it listens on, and reads from standard input
// whether it hands on what comes ("open"), takes connections and bytes and hands nothing on ("silent"), or does so with the connections
// that there are and serves new ones ("stuck"). A process of its own, so that nothing that a test waits for holds it up.
import { readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

const folder = process.argv[2];
let silent = false;
const stuck = new WeakSet(), ours = new Set();

const server = createServer(one => {
  ours.add(one);
  const other = connect(`${folder}/${readdirSync(folder).find(name => /^\.s\.PGSQL\.\d+$/.test(name))}`);
  for (const [from, to] of [[one, other], [other, one]]) {
    from.on("data", bytes => silent || stuck.has(one) || to.write(bytes));
    from.on("error", () => {});
    from.on("close", () => {
      to.destroy();
      ours.delete(one);
    });
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
createInterface({ input: process.stdin }).on("line", line => {
  silent = line === "silent";
  if (line === "stuck") for (const one of ours) stuck.add(one);
  console.log(line);
}).on("close", () => process.exit());
