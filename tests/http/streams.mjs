// Open boards end with the rights and the sessions they were opened with, and hear who is on duty.
import { Person, equal, holds, lacks, signedIn, until } from "../lib/adem.mjs";

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

const evening = Date.UTC(2030, 0, 5, 12); // Saturday, 19.00 WIB

// Sari and Bima watch while their post gets its roster for this hour, passes a duty on, loses one to a click, one to the clock, and a member.
export async function hearWhoIsOnDuty(adem) {
  adem.sql("UPDATE regions SET demo = false"); // a demo would fill its roster by itself
  adem.sql("UPDATE duties SET ended_ms = 1");
  adem.shift(evening - Date.now());
  const [dimas, sari, bima, hasan] = await Promise.all(["Dimas Nugroho", "Sari Wulandari", "Bima Pratama", "Hasan Basri"].map(name => signedIn(adem, name)));
  const name = "Bhabinkamtibmas Kampung Rawa", post = new RegExp(`/posts/(\\d+)">${name}`).exec((await dimas.get("/posts")).text)[1];
  const account = who => adem.sql(`SELECT id FROM accounts WHERE name = '${who.name}'`).trim();
  const put = (who, from, hours) => dimas.post(`/posts/${post}/duties`, { account: account(who), date: "2030-01-05", from, hours });
  const duty = async who => new RegExp("/duties/(\\d+)/swap").exec((await who.get(`/posts/${post}?week=${evening}`)).text)[1];

  const board = (await sari.get("/")).text;
  holds(board, `<b>${name}</b>: tidak ada yang piket<`, "a post that had nobody for long");
  holds(board, "data-live-nobody>", "the notice");
  const streams = { sari: await sari.listen("/board/live"), bima: await bima.listen("/board/live"), hasan: await hasan.listen("/board/live") };
  // What was published has an id; what is found out by asking now and then has none.
  const hears = async (whose, text, from, published = false) => {
    const stream = streams[whose], said = new RegExp(`${published ? "id: \\d+\nevent: duty\ndata: [^\n]*" : ""}${text.replace(/[|\\{}()[\]^$+*?.]/g, "\\$&")}`);
    const found = await until(() => said.exec(stream.text), `"${text}" on the board of ${whose}`).catch(error => {
      throw new Error(`${error.message} after ${from}; it said:\n${stream.text}`);
    });
    stream.text = stream.text.slice(found.index + found[0].length);
  };
  await hears("sari", `<b>${name}</b>: tidak ada yang piket<`, "opening");
  await hears("bima", `<b>${name}</b>: tidak ada yang piket<`, "opening");
  await hears("hasan", '<li id="duty-', "opening");

  // A call that follows at once rings for her.
  equal((await put(sari, 18, 2)).status, 303, "Sari, until eight");
  equal((await new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.003", text: "Ramai" })).status, 201, "a report");
  await until(() => streams.sari.text.includes("event: ring"), "a call on Sari's board");
  holds(streams.sari.text.slice(0, streams.sari.text.indexOf("event: ring")), `${post}:16:1`, "what Sari's board knew of her when the call came");
  await hears("bima", `<b>${name}</b>: Sari Wulandari sampai 20.00 WIB<`, "putting Sari on duty", true);
  equal((await put(bima, 22, 1)).status, 303, "Bima, later");
  holds((await bima.get("/")).text, `<b>${name}</b>: Sari Wulandari sampai 20.00 WIB<`, "the board");
  lacks((await bima.get("/")).text, "data-live-nobody>", "the board");
  equal((await sari.post(`/duties/${await duty(sari)}/swap`, { to: account(bima) })).status, 303, "asking Bima");
  equal((await bima.post(`/swaps/${/action="\/swaps\/(\d+)"/.exec((await bima.get("/")).text)[1]}`, { accept: "yes" })).status, 303, "taking it");
  await hears("bima", `${post}:16:1`, "taking over: calls ring for Bima");
  await hears("sari", `<b>${name}</b>: Bima Pratama sampai 20.00 WIB<`, "Bima took it", true);
  await hears("sari", `${post}:16:0`, "Bima took it: calls do not ring for Sari");
  equal((await dimas.post(`/duties/${await duty(bima)}/end`)).status, 303, "taking Bima off");
  await hears("sari", `<b>${name}</b>: tidak ada yang piket sejak 19.0`, "taking Bima off", true);

  // The clock alone begins a duty, and ends it.
  equal((await put(sari, 20, 1)).status, 303, "Sari, at eight");
  adem.shift(evening + 3_660_000 - Date.now());
  await hears("bima", `<b>${name}</b>: Sari Wulandari sampai 21.00 WIB<`, "eight o'clock");
  adem.shift(evening + 7_260_000 - Date.now());
  await hears("bima", `<b>${name}</b>: tidak ada yang piket sejak 21.00 WIB<`, "nine o'clock");

  // Whoever leaves the post is not on duty there, nor is whose roles answer no calls, whatever the roster says.
  equal((await put(sari, 20, 4)).status, 303, "Sari once more");
  await hears("bima", `<b>${name}</b>: Sari Wulandari sampai Minggu, 00.00 WIB<`, "putting Sari on again", true);
  const again = await signedIn(adem, "Dimas Nugroho"); // the password was typed ten minutes ago
  equal((await again.post(`/memberships/${await membership(again, name, "Sari Wulandari</h3>")}/end`)).status, 303, "removing Sari");
  await hears("bima", `<b>${name}</b>: tidak ada yang piket sejak 21.0`, "Sari left", true);
  const polsek = "Polsek Johar Baru", desk = new RegExp(`/posts/(\\d+)">${polsek}`).exec((await again.get("/posts")).text)[1];
  const agung = await signedIn(adem, "Agung Wibisono"), ratih = adem.sql("SELECT id FROM accounts WHERE name = 'Ratih Kusuma'").trim();
  streams.dimas = await again.listen("/board/live");
  equal((await again.post(`/posts/${desk}/duties`, { account: ratih, date: "2030-01-05", from: 21, hours: 2 })).status, 303, "Ratih, now");
  await hears("dimas", `<b>${polsek}</b>: Ratih Kusuma sampai 23.00 WIB<`, "putting Ratih on", true);
  equal((await agung.post(`/memberships/${await membership(agung, polsek, "Ratih Kusuma</h3>")}/roles`, { roles: "press" })).status, 303, "no calls for Ratih any more");
  await hears("dimas", `<b>${polsek}</b>: tidak ada yang piket<`, "making Ratih press", true);
  lacks(streams.hasan.text, name, "what the head of an RW hears of another post");
  for (const stream of Object.values(streams)) stream.close();
}
