// A session's end as a browser meets it: the board warns, says the end where calls stood, and leads back to itself.
import { Adem, Person, equal, holds, password, until } from "../lib/adem.mjs";

const minute = 60_000, hour = 60 * minute;

// A region where nobody is on duty but whom ON_DUTY names, from now for 24 hours.
async function region(settings, onDuty) {
  const adem = await new Adem("sqlite", settings, { hears: false }).start();
  adem.sql("UPDATE regions SET demo = false");
  adem.sql("UPDATE duties SET ended_ms = 1");
  if (onDuty)
    adem.sql(`INSERT INTO duties (region, id, post_id, account_id, from_ms, until_ms, created_ms)
      SELECT m.region, 11, m.post_id, m.account_id, ${Date.now() - minute}, ${Date.now() + 24 * hour}, 1
        FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.name = '${onDuty}' AND m.ended_ms IS NULL`);
  return adem;
}

async function signsInAgain(page, { tap }, name) {
  equal(new URL(page.url()).search, "?next=/", "where it leads back to");
  holds(await page.textContent("main"), "Sesi Anda sudah berakhir");
  await page.fill("#name", name);
  await page.fill("#password", password);
  await tap(page, "main button.big");
  equal(new URL(page.url()).pathname, "/", "the address after signing in");
  holds(await page.textContent("main"), "RW 08, Kampung Rawa");
}

const sends = adem => new Person(adem).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "Tawuran" });

export async function isSaidOnTheBoard({ member, tap, look, accessible, connected }) {
  const adem = await region({ "session-idle-hours": 12 });
  const page = await member(adem, "Hasan Basri");
  await page.addInitScript(() => { navigator.vibrate = pattern => (window.buzzed = pattern); });
  await page.reload();
  await connected(page);
  equal(await page.locator(".ending:visible").count(), 0, "warnings at first");
  adem.shift(11 * hour + 35 * minute);
  await page.locator(".ending", { hasText: "Papan ini sudah lama tidak dipakai" }).waitFor();
  await look(page, "idle-warned");
  await accessible(page, "the warning");
  await tap(page, "text=Tetap masuk");
  equal(await page.locator(".ending:visible").count(), 0, "warnings after going on");
  await connected(page);
  adem.shift(23 * hour + 34 * minute);
  await page.locator(".ending", { hasText: "Papan ini sudah lama tidak dipakai" }).waitFor();
  adem.shift(23 * hour + 36 * minute);
  const end = page.locator("[data-live-ended]");
  await end.waitFor();
  holds(await end.textContent(), "Papan ini TIDAK lagi menerima laporan");
  equal(await page.isVisible("[data-live-empty]"), false, "the quiet box is there");
  equal(await page.locator("[data-live-ending] .ending").isVisible(), false, "the warning is still there");
  const box = await end.boundingBox();
  equal(box.y >= 0 && box.y + box.height <= page.viewportSize().height, true, "it is in sight");
  equal(JSON.stringify(await page.evaluate(() => window.buzzed)), "[200,100,200]", "how it buzzed");
  holds(await page.textContent("[data-live-said]"), "Sesi Anda berakhir");
  holds(await page.title(), "Sesi Anda berakhir");
  await look(page, "idle-ended");
  await accessible(page, "the end");
  await sends(adem);
  await tap(page, "[data-live-ended] a");
  await signsInAgain(page, { tap }, "Hasan Basri");
  equal(page.problems.filter(each => !/EventSource/.test(each)).join("; "), "", "what the browser complained about");
  await page.context().close();
  await adem.remove();
}

export async function isSaidWithoutScript({ member, tap, look }) {
  const adem = await region({ "session-idle-hours": 12 });
  const page = await member(adem, "Hasan Basri", { script: false });
  adem.shift(11 * hour + 35 * minute);
  // It reloads itself, which is no use: the warning comes, and then the end.
  // Only listened to: whoever asks the page itself counts as its person.
  await page.waitForResponse(async answer => (await answer.text()).includes("Papan ini sudah lama tidak dipakai"), { timeout: 60_000 });
  await look(page, "idle-warned-plain");
  adem.shift(12 * hour + minute);
  await page.waitForURL(/sign-in/, { timeout: 60_000 });
  await look(page, "idle-ended-plain");
  await sends(adem);
  await signsInAgain(page, { tap }, "Hasan Basri");
  await page.context().close();
  await adem.remove();
}

// Who is on duty is not signed out for want of use, but at the fixed end: hours of it before, and at it.
export async function isSaidInADuty({ member, tap, look, connected }) {
  const adem = await region({ "session-idle-hours": 12, "session-hours": 20 }, "Sari Wulandari");
  const page = await member(adem, "Sari Wulandari", { size: { width: 1280, height: 800 } });
  await connected(page);
  adem.shift(15 * hour);
  await sends(adem);
  await page.locator("li.item:has-text('RW 08, Kampung Rawa')").waitFor();
  adem.shift(19 * hour + 35 * minute);
  await page.locator(".ending", { hasText: "Masuk lagi sebelum pukul" }).waitFor();
  await look(page, "fixed-warned");
  await tap(page, ".ending a");
  await page.fill("#name", "Sari Wulandari");
  await page.fill("#password", password);
  await tap(page, "main button.big");
  equal(await page.locator(".ending:visible").count(), 0, "warnings in the new session");
  await connected(page);
  adem.shift(40 * hour);
  await page.locator("[data-live-ended]").waitFor();
  await look(page, "fixed-ended");
  await page.context().close();
  await until(() => {
    adem.believe(["sessions_forget"]);
    return adem.sql("SELECT count(*) FROM sessions").trim() === "0";
  }, "sessions are forgotten");
  await adem.remove();
}

// A note is sent after the session's end: the page to sign in on keeps it through Back, Forward, the language and a wrong password, and it
// is saved once.
export async function keepsWhatWasSent({ visitor, member, tap, look }, script) {
  const adem = await region({ "session-idle-hours": 12 }), text = 'Warung <tutup> & "lebih" awal';
  await sends(adem);
  const page = await member(adem, "Sari Wulandari", { script });
  await tap(page, "li.item h3 a >> nth=0");
  const incident = page.url();
  adem.shift(13 * hour);
  await page.fill("textarea#text", text);
  await tap(page, "button:has-text('Tambahkan')");
  const address = page.url(), waits = async what => {
    equal(page.url(), address, `the address, ${what}`);
    equal((await page.inputValue("main input[name='kept.text']")).replaceAll("\r", ""), text, `the text, ${what}`);
  };
  holds(address, "/sign-in/");
  await waits("sent");
  await look(page, `signing-${script}`);
  await page.goBack();
  holds(page.url(), `/sign-in?next=${new URL(incident).pathname}`, "Back");
  await page.goForward();
  await waits("Forward");
  await page.reload();
  await waits("a reload");
  await page.fill("#name", "Sari Wulandari");
  await tap(page, "button[name=show]");
  equal(await page.getAttribute("html", "lang"), "en", "the language");
  await waits("in English");
  equal(await page.inputValue("#name"), "Sari Wulandari", "the name in English");
  await tap(page, "button[name=show]");
  await page.goBack();
  await page.goForward();
  await waits("Back and Forward after the language");
  await page.fill("#password", "salah salah salah");
  await tap(page, "main button.big");
  holds(await page.textContent("main"), "Nama dan kata sandi ini tidak cocok");
  await page.goBack();
  await waits("Back after a wrong password");
  await page.fill("#name", "Sari Wulandari");
  await page.fill("#password", "salah lagi salah");
  await tap(page, "main button.big");
  await page.fill("#password", password);
  await tap(page, "main button.big");
  equal(page.url(), incident, "where it leads");
  equal(await page.locator("main", { hasText: "Warung <tutup>" }).count(), 1, "the note on the page");
  equal(adem.sql("SELECT count(*) FROM case_entries WHERE kind = 'note'").trim(), "1", "notes");
  await page.goto(address);
  equal(await page.locator("main input[name='kept.text']").count(), 0, "what waits after it was saved");
  await page.context().close();
  await adem.remove();
}

// Whoever writes for thirteen hours in one form is signed out meanwhile, and loses nothing: an answer to a reporter, a caller's words.
export async function losesNothingTyped({ member, tap }, script) {
  const adem = await region({ "session-idle-hours": 12, "proof-of-work-bits": 0 });
  const { data } = await sends(adem);
  const page = await member(adem, "Sari Wulandari", { script });
  const signsIn = async () => {
    await page.fill("#name", "Sari Wulandari");
    await page.fill("#password", password);
    await tap(page, "main button.big");
  };
  await tap(page, "li.item h3 a >> nth=0");
  await page.click("summary:has-text('Jawab pelapor')");
  await page.locator("section details textarea").first().fill("Kami sudah dekat");
  adem.shift(13 * hour);
  await tap(page, "button:has-text('Kirim ke pelapor')");
  await signsIn();
  const thread = await new Person(adem).follow("POST", "/receipts", { receipt: data.receipt });
  equal(thread.text.split("Kami sudah dekat").length - 1, 1, "answers in the thread");

  await page.goto("/reports/caller");
  await page.check("input[name=level][value=potensi]");
  await page.selectOption("#place", "31.71.08.1002.004");
  if (!await page.isVisible("#text")) await page.click("summary");
  await page.fill("#text", "Penelepon mendengar petasan");
  adem.shift(26 * hour + minute);
  await tap(page, "main button[type=submit]");
  await signsIn();
  holds(await page.textContent("main"), "Bhabinkamtibmas Kampung Rawa");
  equal(await page.inputValue("main input[name=text]"), "Penelepon mendengar petasan", "the caller's words");
  await page.context().close();
  await adem.remove();
}
