// A report on its way through a browser: the step that names who will read it, and answers that get lost.
import { equal, holds, lacks, until } from "../lib/adem.mjs";

const reports = (adem, place) => Number(adem.sql(`SELECT count(*) FROM reports r JOIN places p ON p.region = r.region AND p.id = r.place_id WHERE p.code = '${place}'`).trim());

async function fillIn(page, level, place, text) {
  await page.goto(`/reports/new?level=${level}`);
  await page.selectOption("#place", place);
  if (!await page.isVisible("#text")) await page.click("summary");
  await page.fill("#text", text);
}

export async function isFoundAgain(adem, { visitor, tap, look }, script) {
  const page = await visitor(adem, { script }), place = "31.71.08.1002.007", text = "Janjian & <ramai>\nnanti malam", tick = page.locator("main input[type=checkbox]");
  const before = reports(adem, place);
  await fillIn(page, "ambang", place, text);
  await tap(page, "button[type=submit]");
  const address = page.url(), asks = async what => {
    equal(page.url(), address, `the address, ${what}`);
    holds(await page.textContent("main"), "Bhabinkamtibmas Kampung Rawa", what);
    equal((await page.inputValue("main input[name=text]")).replaceAll("\r", ""), text, `the text, ${what}`);
  };
  await asks("asked");
  await page.goBack();
  equal(await page.inputValue("#text"), text, "the text, back in the form");
  await page.goForward();
  await asks("Forward");
  await page.reload();
  await asks("a reload");
  await tap(page, "a:has-text('Ubah:')");
  equal((await page.inputValue("#text")).replaceAll("\r", ""), text, "the text, to be changed");
  equal(await page.inputValue("#place"), place, "the place, to be changed");
  equal(await page.isChecked("[name=level][value=ambang]"), true, "the level, to be changed");
  lacks(page.url(), "Janjian", "the address, to be changed");
  await look(page, `sure-${script}-changed`);
  await tap(page, "button[type=submit].big");
  await asks("after a look at the form");
  await page.goBack();
  equal((await page.inputValue("#text")).replaceAll("\r", ""), text, "the text, Back to what was to be changed");
  await page.goBack();
  await asks("Back from there");
  const readers = () => page.locator("main li:visible b").allTextContents();
  holds((await readers()).join(), "Sekretariat RW 07");
  await look(page, `sure-${script}-asked`);
  await tick.check();
  if (script) lacks((await readers()).join(), "Sekretariat RW 07", "the readers, ticked");
  else holds(await page.textContent("main"), "Kalau dicentang, yang membaca hanya");
  await tap(page, "button[name=show][lang]");
  equal(await page.getAttribute("html", "lang"), "en", "the language");
  await asks("in English");
  equal(await tick.isChecked(), true, "the tick in English");
  await look(page, `sure-${script}-en`);
  await page.goBack();
  await asks("Back after the language");
  await page.goForward();
  await asks("Forward after the language");
  equal(await tick.isChecked(), true, "the tick after Back and Forward");
  await tap(page, "button[name=show][lang]");
  await tap(page, "main form button.big");
  const receipt = await page.textContent("#receipt");
  await page.goBack();
  equal(page.url(), address, "the address, Back from the receipt");
  holds(await page.textContent("h1"), "Sudah terkirim pukul");
  lacks(await page.textContent("main"), "Kirim sekarang", "Back from the receipt");
  await look(page, `sure-${script}-sent`);
  await tap(page, "main form button.big");
  equal(await page.textContent("#receipt"), receipt, "the receipt of what was sent again");
  equal(reports(adem, place), before + 1, "reports");
  equal(page.problems.join("; "), "", "what the browser complained about");
  await page.context().close();
}

// The network is cut after the server has saved the report: the browser has no answer.
async function lose(adem, page, tapped) {
  let answer;
  await page.route("**/reports", async route => {
    const request = route.request();
    answer = await fetch(request.url(), { method: "POST", body: request.postData(), redirect: "manual", headers: await request.allHeaders() });
    await route.abort();
  }, { times: 1 });
  await page.click(tapped);
  await until(() => answer, "the report on the server");
  await page.waitForURL(url => !url.href.startsWith(adem.url));
  return answer.status;
}

export async function answerIsLost(adem, { visitor, tap }, script, level) {
  const page = await visitor(adem, { script }), place = "31.71.08.1002.003", before = reports(adem, place);
  await fillIn(page, level, place, "di gang tiga");
  if (level === "ambang") await tap(page, "button[type=submit]");
  equal(await lose(adem, page, "main form .big"), 303, "what the server answered");
  await page.goBack();
  equal(await page.inputValue("[name=text]"), "di gang tiga", "the text");
  await tap(page, "main form .big");
  holds(await page.textContent("main"), "Laporan Anda sudah sampai");
  equal(reports(adem, place), before + 1, "reports");
  await tap(page, "text=Ikuti laporan saya");
  holds(await page.textContent("main"), "di gang tiga");
  await fillIn(page, "nyata", place, "yang lain");
  await tap(page, "main form .big");
  equal(reports(adem, place), before + 2, "reports, with another one");
  await page.context().close();
}

// A phone that others use: what was sent, closed or deleted is in the form no more, however often somebody goes back.
export async function backFindsTheFormEmpty(adem, { visitor, tap }, script) {
  const place = "31.71.08.1002.002", empty = async (page, what) => {
    let forms = 0;
    for (let back = 1; back <= 6 && page.url() !== "about:blank"; back++) {
      await page.goBack();
      lacks(await page.content(), "RAHASIA", `${what}, Back ${back}`);
      if (!new URL(page.url()).pathname.startsWith("/reports/new")) continue;
      forms++;
      for (const field of ["#text", "#place"]) equal(await page.inputValue(field), "", `${field}, ${what}, Back ${back}`);
      equal(await page.locator("[name=level][value=ambang]:checked").count(), 0, `the level, ${what}, Back ${back}`);
    }
    equal(forms > 0, true, `the form was come back to, ${what}`);
  };
  const begin = async level => {
    const page = await visitor(adem, { script });
    await page.goto("/");
    await page.goto("/reports/new");
    await page.check(`[name=level][value=${level}]`);
    await page.selectOption("#place", place);
    if (!await page.isVisible("#text")) await page.click("summary");
    await page.fill("#text", "RAHASIA");
    await tap(page, "main form .big");
    return page;
  };
  for (const [what, level, ...taps] of [
    ["deleted", "ambang", "button:has-text('Hapus yang saya tulis')"],
    ["sent at once", "nyata"],
    ["sent at once and closed", "nyata", "button:has-text('Tutup halaman ini')"],
    ["sent by the step and closed", "ambang", "main form .big", "button:has-text('Tutup halaman ini')"],
  ]) {
    const page = await begin(level);
    for (const tapped of taps) await tap(page, tapped);
    await empty(page, what);
    await page.context().close();
  }
  // Not sent yet: it is all there.
  const page = await begin("ambang");
  await page.goBack();
  equal(await page.inputValue("#text"), "RAHASIA", "the text, not sent yet");
  equal(await page.inputValue("#place"), place, "the place, not sent yet");
  await page.context().close();
}

// The ten minutes are one second here.
export async function goesAwayByItself(adem, { visitor, tap }, script) {
  const page = await visitor(adem, { script });
  await fillIn(page, "nyata", "31.71.08.1002.002", "di gang dua");
  await tap(page, "main form .big");
  await page.route("**/receipts/*/new", async route => {
    const answer = await route.fetch(), headers = answer.headers();
    equal(headers.refresh, "600;url=/receipts?closed", "when the page goes away, and where to");
    await route.fulfill({ response: answer, headers: { ...headers, refresh: headers.refresh.replace("600", "1") } });
  });
  await page.reload();
  await page.waitForURL(/receipts\?closed/);
  holds(await page.textContent("main"), "Halaman sudah tertutup");
  await page.context().close();
}
