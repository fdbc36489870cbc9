// Which routes the tests have visited: who asked, and how it ended. A route must have been asked in every way that applies
// to it, so that a new one cannot come without its tests:
//
//	may      somebody who may, and it was done
//	nobody   nobody signed in, turned away
//	wrong    somebody without the role, turned away
//	bad      input that does not fit, refused: for routes with a form or a piece of the path
//	other    somebody with the role, but at another post: for routes about one thing that belongs to posts
import { people } from "../lib/people.mjs";

const badStatus = new Set([400, 404, 409, 413, 415, 422, 429]);
// One thing, but everybody's: a post's page for whoever is signed in, what administrators do for the whole region, and what somebody's own
// browser has kept for that address.
const everybodys = new Set(["GET /posts/:id", "GET /reports/caller/:tag", "POST /alerts/rungs/:id/end", "POST /jobs/:id/retry"]);

const keyOf = route => `${route.method} ${route.path}`;

export const may = (route, name) => route.who === "anyone" || (name !== undefined && route.who === "signed in") ||
  (Array.isArray(route.who) && route.who.some(role => people.get(name)?.roles.includes(role)));

export class Coverage {
  constructor(routes) {
    this.routes = routes.map(route => ({ ...route, seen: new Set(),
      pattern: new RegExp(`^${route.path.replaceAll(".", "\\.").replace(/:[a-z]+/g, "[^/]+")}$`) }));
  }

  find(method, path) {
    const wanted = method === "HEAD" ? "GET" : method;
    return this.routes.find(route => route.method === wanted && route.pattern.test(path.split("?")[0]));
  }

  // NAME is undefined for nobody. Who is not of the demo region is not counted: their roles are not known here.
  note(method, path, name, { status, location }) {
    const route = this.find(method, path);
    if (!route || (name !== undefined && !people.has(name))) return;
    const turnedAway = status === 401 || (status === 303 && location?.startsWith("/sign-in?"));
    if (route.who !== "anyone" && name === undefined && turnedAway) route.seen.add("nobody");
    else if (!may(route, name)) status === 403 && route.seen.add("wrong");
    else if (status === 403) route.seen.add("other");
    else if (badStatus.has(status)) route.seen.add("bad");
    else if (status < 400 && !turnedAway) route.seen.add("may");
  }

  // "POST /cases: wrong, bad" for each route that lacks something.
  missing() {
    return this.routes.flatMap(route => {
      const lacks = kindsOf(route).filter(kind => !route.seen.has(kind));
      return lacks.length ? [`${keyOf(route)}: ${lacks.join(", ")}`] : [];
    });
  }
}

function kindsOf(route) {
  const closed = route.who !== "anyone", one = route.path.includes(":");
  return ["may", ...(closed ? ["nobody"] : []), ...(Array.isArray(route.who) ? ["wrong"] : []),
    ...(one || route.fields.some(field => field.kind !== "bool") ? ["bad"] : []),
    ...(closed && one && !everybodys.has(keyOf(route)) ? ["other"] : [])];
}
