// What everybody meets where the operator has not finished: a database without a region. No request may end a worker.
import { readFileSync } from "node:fs";
import { Person, equal, holds, lacks, until } from "../lib/adem.mjs";

const whole = { level: "nyata", place: "31.71.08.1002.008", text: "ramai", name: "Sari Wulandari", password: "adem-malam-ini",
  code: "0000-0000-0000-0000-0000", receipt: "0000-0000-0000-0000-0000", calm: "yes", lang: "en", back: "/" };
const database = route => !["/healthz", "/readyz", "/assets/:file"].includes(route.path);

export async function withoutRegion(adem, routes) {
  for (const route of routes.filter(database)) {
    const form = () => route.method === "POST" ? { ...whole } : undefined;
    for (const id of ["31.71", "31.71.08.1002.008", "1"]) {
      const path = route.path.replace(/:[a-z]+/, id), what = `${route.method} ${path}`;
      const page = await new Person(adem).ask(route.method, path, form());
      equal(page.status, 503, what);
      holds(page.text, "adem demo", what);
      holds(page.text, "tel:110", what);
      const machine = await new Person(adem).json(route.method, path, form());
      equal(machine.status, 503, `${what}, JSON`);
      equal(machine.data.error.code, "setup", `${what}, JSON`);
      if (id === route.path || !route.path.includes(":")) break;
    }
  }
  const typed = await new Person(adem).post("/reports", { ...whole, text: "Anak-anak berkumpul di gang" });
  holds(typed.text, "Anak-anak berkumpul di gang", "what was typed");
  holds((await new Person(adem).get("/", { "accept-language": "en", cookie: "lang=en" })).text, "If you run this server", "in English");
  equal((await new Person(adem).get("/healthz")).status, 200, "/healthz");
  lacks(readFileSync(adem.log, "utf8"), "child_ended", "the log");
  const check = adem.fails("check");
  equal(check.status, 1, "adem check");
  holds(check.stdout, "regions: none", "adem check");
  adem.run("demo");
  await until(async () => (await new Person(adem).get("/")).status === 200, "the first page, once there is a region");
  equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place: whole.place })).status, 201, "a report then");
}
