// Wrong passwords: known and unknown names look alike, strangers cannot lock anybody out, and each further guess costs more. Where a
// request comes from is said by X-Forwarded-For, since this machine is a trusted proxy here.
import { createHash } from "node:crypto";
import { Adem, Person, equal, holds, lacks, password } from "../lib/adem.mjs";

const known = "Intan Maharani", unknown = "Tidak Dikenal";

async function alone(kind, settings, run) {
  const adem = await new Adem(kind, { "sign-in-proof-bits": 4, ...settings }).start();
  try {
    await run(adem);
  } finally {
    await adem.remove();
  }
}

const tryOne = (somebody, name, word, from, more = {}) =>
  somebody.post("/sign-in", { name, password: word, ...more }, { "x-forwarded-for": from });

// The proof that a page asks for.
function asked(page) {
  const token = /name="proof_token" value="([^"]*)"/.exec(page), bits = /data-proof="(\d+)"/.exec(page);
  if (!token || !bits) throw new Error(`no proof is asked for:\n${page.slice(0, 3000)}`);
  return { proof_token: token[1], bits: Number(bits[1]) };
}

function solved(page) {
  const { proof_token, bits } = asked(page);
  for (let n = 0; ; n++)
    if (createHash("sha256").update(proof_token + n).digest().readUInt32BE(0) >>> (32 - bits) === 0) return { proof_token, proof_answer: String(n) };
}

// What a page says, without what is new on each.
const plain = (page, name) => page.replaceAll(name, "NAME").replaceAll(/value="[A-Za-z0-9_-]{20,}"/g, "").replaceAll(/\d\d[.:]\d\d/g, "");

export const namesLookAlike = kind => alone(kind, {}, async adem => {
  const here = "203.0.113.5", there = "198.51.100.9";
  for (let i = 0; i < 9; i++) {
    const [one, other] = [await tryOne(new Person(adem), known, `salah ${i}`, here), await tryOne(new Person(adem), unknown, `salah ${i}`, there)];
    equal(one.status, i < 3 ? 401 : 429, `try ${i}`);
    equal(other.status, one.status, `try ${i} of a name that nobody has`);
    equal(plain(other.text, unknown), plain(one.text, known), `the page of try ${i}`);
  }
  let [one, other] = [await tryOne(new Person(adem), known, "salah", here), await tryOne(new Person(adem), unknown, "salah", there)];
  for (let i = 0; i < 9; i++) {
    [one, other] = [await tryOne(new Person(adem), known, "salah", here, solved(one.text)), await tryOne(new Person(adem), unknown, "salah", there, solved(other.text))];
    equal(one.status, 401, `worked try ${i}`);
    equal(other.status, 401, `worked try ${i} of a name that nobody has`);
    equal(asked(other.text).bits, asked(one.text).bits, `work after try ${i}`);
  }
  equal(asked(one.text).bits, 6, "work after twelve");
});

export const nobodyIsLockedOut = kind => alone(kind, {}, async adem => {
  const own = new Person(adem);
  equal((await tryOne(own, known, password, "192.0.2.1")).status, 303, "signing in before");
  for (let i = 0; i < 20; i++) await tryOne(new Person(adem), known, `salah ${i}`, `203.0.${i}.7`);
  for (let i = 0; i < 5; i++) await tryOne(new Person(adem), known, `salah ${i}`, "192.0.2.1");
  own.cookies.delete("adem");
  equal((await tryOne(own, known, password, "192.0.2.1")).status, 303, "on a device that signed in before");

  const fresh = new Person(adem), first = await tryOne(fresh, known, password, "198.51.100.1");
  equal(first.status, 429, "on a new device");
  lacks(first.text, password);
  const proof = solved(first.text);
  equal((await tryOne(new Person(adem), known, "salah", "198.51.100.2", proof)).status, 401, "a proof used for a wrong one");
  equal((await tryOne(new Person(adem), known, password, "198.51.100.3", proof)).status, 429, "a proof is used once");
  equal((await tryOne(fresh, known, password, "198.51.100.1", solved((await tryOne(fresh, known, password, "198.51.100.1")).text))).status, 303, "with work");

  const slow = new Person(adem), early = asked((await tryOne(slow, known, password, "198.51.200.1")).text).proof_token;
  equal((await tryOne(slow, known, password, "198.51.200.1", { proof_token: early })).status, 429, "without script, too early");
  adem.shift(61000);
  equal((await tryOne(slow, known, password, "198.51.200.1", { proof_token: early })).status, 303, "without script, after waiting");

  const other = new Person(adem);
  equal((await tryOne(other, "Bayu Saputra", password, "203.0.1.7")).status, 303, "somebody else from there");
});

export const manyWrongOnes = kind => alone(kind, { "failed-sign-ins-per-minute": 1 }, async adem => {
  const own = new Person(adem);
  equal((await tryOne(own, known, password, "192.0.2.1")).status, 303, "signing in before");
  equal((await tryOne(new Person(adem), unknown, "salah", "203.0.113.7")).status, 401, "a wrong one");
  own.cookies.delete("adem");
  equal((await tryOne(own, known, password, "192.0.2.1")).status, 303, "on a device that signed in before");
  const first = await tryOne(new Person(adem), known, password, "198.51.100.1");
  equal(first.status, 429, "on a new device");
  equal((await tryOne(new Person(adem), known, password, "198.51.100.1", solved(first.text))).status, 303, "with work");
});

// The cookie of a device opens nothing for another account, and ends with the password.
export const devices = kind => alone(kind, {}, async adem => {
  const own = new Person(adem), taken = new Person(adem), other = new Person(adem);
  equal((await tryOne(own, known, password, "192.0.2.1")).status, 303, "signing in");
  equal((await tryOne(other, "Bayu Saputra", password, "192.0.2.2")).status, 303, "somebody else");
  const before = own.cookies.get("device");
  for (let i = 0; i < 20; i++) await tryOne(new Person(adem), known, `salah ${i}`, `203.0.${i}.7`);
  other.cookies.delete("adem");
  equal((await tryOne(other, known, "salah", "192.0.2.2")).status, 429, "the device of somebody else");
  taken.cookies.set("device", before);
  for (let i = 0; i < 5; i++) equal((await tryOne(taken, known, `salah ${i}`, "198.51.100.1")).status, 401, "a device that was taken, at first");
  holds((await tryOne(taken, known, "salah", "198.51.100.1")).text, "proof_token", "a device that was taken, after five");
  await own.get("/accounts/me");
  equal((await own.post("/accounts/me/password", { old_password: password, new_password: "kuda nil terbang malam" })).status, 303, "another password");
  const late = new Person(adem);
  late.cookies.set("device", own.cookies.get("device"));
  equal((await tryOne(late, known, "kuda nil terbang malam", "198.51.200.1")).status, 429, "a device of the old password");
  equal((await tryOne(own, known, "kuda nil terbang malam", "192.0.2.1", solved((await tryOne(own, known, "kuda nil terbang malam", "192.0.2.1")).text))).status, 303, "with work");
  if (own.cookies.get("device") === before) throw new Error("the device's cookie stays the same");
});

// Who holds a session and no password tries a few, and nobody else pays for it.
export const openSessions = kind => alone(kind, {}, async adem => {
  const stolen = new Person(adem, known), own = new Person(adem);
  equal((await stolen.signIn()).status, 303, "signing in");
  const change = word => stolen.post("/accounts/me/password", { old_password: word, new_password: "kuda nil terbang malam" });
  for (let i = 0; i < 5; i++) equal((await change(`salah ${i}`)).status, 422, `wrong password ${i}`);
  const sixth = await change(password);
  equal(sixth.status, 429, "the sixth");
  if (!(Number(sixth.headers.get("retry-after")) > 5)) throw new Error(`Retry-After is ${sixth.headers.get("retry-after")}`);
  equal((await tryOne(own, known, password, "127.0.0.1")).status, 303, "signing in elsewhere");
});

// A right password is none of the wrong ones, whatever else the form brings and however the answer is made.
export const rightOnes = kind => alone(kind, {}, async adem => {
  const carried = { next: "/cases/1/notes", "kept.action": "note", "kept.text": "ramai", "kept.form_key": "" }, here = "192.0.2.1";
  for (let i = 0; i < 8; i++) equal((await tryOne(new Person(adem), known, password, here, carried)).status, 404, `with a form, ${i}`);
  const own = new Person(adem);
  for (let i = 0; i < 8; i++) equal((await tryOne(own, known, password, here, carried)).status, 404, `with a form, on a known device, ${i}`);
  equal((await tryOne(own, known, "salah", here, carried)).status, 401, "a wrong one");
  await own.get("/accounts/me");
  const words = { old_password: password, new_password: "kuda nil terbang malam", form_key: "k1" };
  for (let i = 0; i < 8; i++) equal((await own.post("/accounts/me/password", words)).status, 303, `the same change, ${i}`);
  const code = { password: words.new_password, form_key: "k2" };
  equal((await own.post("/accounts/me/recovery", code)).status, 200, "a recovery code");
  for (let i = 0; i < 8; i++) equal((await own.post("/accounts/me/recovery", code)).status, 409, `the same code, ${i}`);
  equal((await own.post("/accounts/me/recovery", { ...code, form_key: "k3" })).status, 200, "another code");
});

// A recovery code is guessed at like a password: names that nobody has look alike, work beyond the limit, and a door of its own.
export const recovery = kind => alone(kind, {}, async adem => {
  const own = new Person(adem, known), wrong = "0000-0000-0000-0000-0000-0000", fresh = "perahu gelas sumpit rotan";
  equal((await own.signIn()).status, 303, "signing in");
  await own.get("/accounts/me");
  const code = /id="code">([0-9A-Z-]{29})</.exec((await own.post("/accounts/me/recovery", { password })).text)[1];
  adem.shift(25 * 3600 * 1000);
  const recover = (name, typed, from, more = {}) =>
    new Person(adem).post("/recover", { name, code: typed, password: fresh, ...more }, { "x-forwarded-for": from });
  let one, other;
  for (let i = 0; i < 9; i++) {
    [one, other] = [await recover(known, wrong, "203.0.113.5"), await recover(unknown, wrong, "198.51.100.9")];
    equal(one.status, i < 3 ? 422 : 429, `try ${i}`);
    equal(other.status, one.status, `try ${i} of a name that nobody has`);
    equal(plain(other.text, unknown), plain(one.text, known), `the page of try ${i}`);
    lacks(one.text, fresh);
  }
  [one, other] = [await recover(known, code.replace(/.$/, last => (last === "0" ? "1" : "0")), "203.0.113.5", solved(one.text)), await recover(unknown, code, "198.51.100.9", solved(other.text))];
  equal(one.status, 422, "a worked try");
  equal(other.status, 422, "a worked try of a name that nobody has");
  equal((await tryOne(new Person(adem), known, "salah", "203.0.113.5")).status, 401, "signing in costs no more for it");
  equal((await tryOne(new Person(adem), known, password, "203.0.113.5")).status, 303, "signing in");
  const elsewhere = asked((await recover(known, wrong, "203.0.113.5")).text).proof_token;
  for (let i = 0; i < 4; i++) one = await tryOne(new Person(adem), known, "salah", "198.51.100.77");
  equal(one.status, 429, "wrong passwords");
  equal((await recover(known, code, "203.0.113.5", solved(one.text))).status, 429, "the proof of the other door");
  adem.shift(25 * 3600 * 1000 + 61000);
  equal((await recover(known, code, "203.0.113.5", { proof_token: elsewhere })).status, 200, "without script, after waiting");
});
