// Open boards end with the rights and the sessions they were opened with.
import { Person, equal, signedIn } from "../lib/adem.mjs";

// Opens the board of WHO; END is kept when it has ended.
async function open(who) {
  const cookie = [...who.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
  const answer = await fetch(`${who.adem.url}/board/live?since=${Date.now()}`, { headers: { cookie }, redirect: "manual" });
  equal(answer.status, 200, `the board of ${who.name}`);
  const reader = answer.body.getReader();
  const end = (async () => {
    while (!(await reader.read()).done);
  })();
  return { end };
}

const membership = async (who, post, name) => {
  const path = new RegExp(`/posts/(\\d+)">${post}`).exec((await who.get("/posts")).text)[0].split('"')[0];
  return new RegExp(`${name}[\\s\\S]*?/memberships/(\\d+)/end`).exec((await who.get(path)).text)[1];
};

export async function endWithRights(adem) {
  const dimas = await signedIn(adem, "Dimas Nugroho"), bima = await signedIn(adem, "Bima Pratama"), wati = await signedIn(adem, "Wati Suryani");
  const id = await membership(dimas, "Bhabinkamtibmas Kampung Rawa", "Bima Pratama");

  const second = await open(bima);
  equal((await dimas.post(`/memberships/${id}/end`)).status, 303, "removing");
  await second.end;
  equal((await bima.get("/board/live")).status, 403, "the board of a removed member");

  // Another device's password, and the same person's word to sign out everywhere.
  const other = await signedIn(adem, "Wati Suryani"), third = await open(other);
  equal((await wati.post("/accounts/me/password", { old_password: "adem-malam-ini", new_password: "empat kata yang lain" })).status, 303, "the password");
  await third.end;
  equal((await other.get("/board/live", { accept: "application/json" })).status, 401, "the board of a session that ended");
  const fourth = await open(wati);
  equal((await wati.post("/sign-out/everywhere")).status, 303, "signing out");
  await fourth.end;

  // A reset by the operator ends every session there was.
  const yoga = await signedIn(adem, "Yoga Setiawan"), fifth = await open(yoga), code = /code: (\S+)/.exec(adem.run("account", "reset", "Yoga Setiawan"))[1];
  equal((await yoga.get("/accounts/me")).status, 200, "before the code is used");
  equal((await new Person(adem).post("/invitations/accept", { code, password: "empat kata yang lain" })).status, 200, "using the code");
  await fifth.end;
  equal((await yoga.get("/accounts/me", { accept: "application/json" })).status, 401, "after the reset");
}
