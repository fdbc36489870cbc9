// What people do, in a real Chromium: the story of a report told by three people, once with JavaScript and once without; a report
// that nobody answers; and every page looked at by axe (WCAG 2.2 A and AA) at the width of a phone and of a desk.
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { changesOnTheBoard } from "./duty.mjs";
import { endsFlood } from "./floods.mjs";
import { splitsOff } from "./splits.mjs";
import { isNotPrepared } from "./foreign.mjs";
import { costWork } from "./guesses.mjs";
import * as idle from "./idle.mjs";
import * as sure from "./sure.mjs";
import { Adem, Person, equal, finish, holds, password, root, test, until } from "../lib/adem.mjs";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.ADEM_SCREENSHOTS; // a folder: keeps pictures of what was tested
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.ADEM_CHROMIUM || ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const phone = { width: 360, height: 740 }, desk = { width: 1280, height: 800 };

// A board that is live. Waited for by its text: a function that the page would have to evaluate runs into its policy at times.
const connected = page => page.locator("[data-live-state]", { hasText: /^Langsung/ }).waitFor({ state: "attached" });

async function visitor(adem, { script = true, size = phone } = {}) {
  const context = await browser.newContext({ viewport: size, javaScriptEnabled: script, baseURL: adem.url, locale: "id-ID" });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.problems = [];
  page.on("pageerror", error => page.problems.push(error.message));
  page.on("console", message => message.type() === "error" && page.problems.push(message.text()));
  page.on("request", request => request.url().startsWith(adem.url) || page.problems.push(`asked a stranger: ${request.url()}`));
  return page;
}

async function member(adem, name, how) {
  const page = await visitor(adem, how);
  await page.goto("/sign-in");
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.click("main button");
  await page.waitForURL(url => url.pathname !== "/sign-in");
  return page;
}

async function look(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
  if (wide > 0) throw new Error(`${name} is ${wide} px wider than the window`);
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function accessible(page, name) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  if (found.violations.length)
    throw new Error(`${name}: ${found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(" | ")}`).join("\n")}`);
}

// One tap and the page that follows.
async function tap(page, button) {
  await Promise.all([page.waitForNavigation(), page.click(button)]);
}

async function story(adem, script) {
  const name = script ? "script" : "plain";
  const officer = await member(adem, "Sari Wulandari", { script });
  if (script) await connected(officer);
  await look(officer, `${name}-board-empty`);

  // The resident: what it looks like, where, send.
  const resident = await visitor(adem, { script });
  await resident.goto("/");
  await look(resident, `${name}-front`);
  await tap(resident, "text=Sekarang ada yang mau tawuran");
  await resident.selectOption("#place", "31.71.08.1002.008");
  const readers = await resident.locator("[data-covers]:visible").allTextContents();
  equal(readers.some(reader => reader.startsWith("Sekretariat RW 08")), true, "the RW's own post is named before sending");
  equal(readers.some(reader => reader.startsWith("Bhabinkamtibmas Galur")), !script, "without script all posts are named, with it those of the place");
  await look(resident, `${name}-report`);
  await tap(resident, "button[type=submit]");
  if (await resident.locator("text=Sebentar, untuk mencegah").count())
    throw new Error("without script the wait must be over by now");
  const receipt = (await resident.textContent("#receipt")).trim();
  holds(await resident.textContent("main"), "Bhabinkamtibmas Kampung Rawa");
  await look(resident, `${name}-receipt`);

  // The board rings within a blink, or after a reload.
  if (script) await officer.waitForSelector("li.item:has-text('RW 08, Kampung Rawa')");
  else await officer.reload();
  await look(officer, `${name}-board`);
  await tap(officer, "button:has-text('Saya tangani')");
  holds(await officer.textContent("main"), "Sari Wulandari menanganinya");
  await tap(officer, "button:has-text('Saya menuju ke sana')");
  await tap(officer, "button:has-text('Saya sudah di lokasi')");
  await look(officer, `${name}-case`);
  // Whoever has been there for two minutes may say that it is over.
  adem.shift(121_000);
  await officer.reload();
  await tap(officer, "button:has-text('Sudah tenang')");
  const head = await member(adem, "Hasan Basri", { script });
  await tap(officer, "#close button.big:has-text('Tutup kasus')");
  holds(await officer.textContent("main"), "Diminta ditutup sebagai");

  // The resident sees it with the receipt.
  const later = await visitor(adem, { script });
  await later.goto("/receipts");
  await later.fill("#receipt", receipt.toLowerCase().replaceAll("-", " "));
  await tap(later, "main button");
  holds(await later.textContent("main"), "Apakah sudah tenang?");
  await look(later, `${name}-thread`);

  // The open board of the head of the RW asks, and takes the answer; that of who asks for it says who is waited for.
  if (!script) await head.reload();
  const question = head.locator("li.item button:has-text('Ya, sudah tenang')");
  await question.waitFor();
  equal(await head.locator("li.item [data-for-others]:visible").count(), 0, "who is asked waits for nobody");
  await look(head, `${name}-asked`);
  await officer.goto("/");
  await officer.locator("li.item:has-text('Menunggu kepastian sampai')").waitFor();
  equal(await officer.locator("li.item [data-for-some]:visible").count(), 0, "who asks for it confirms nothing");
  await look(officer, `${name}-waits`);
  await tap(head, "li.item button:has-text('Ya, sudah tenang')");
  holds(await head.textContent("main"), "Dipantau sampai");
  await later.goto("/receipts");
  await later.fill("#receipt", receipt);
  await tap(later, "main button");
  holds(await later.textContent("main"), "dipastikan oleh Sekretariat RW 08 Kampung Rawa");
  for (const page of [officer, resident, later, head]) {
    equal(page.problems.join("; "), "", "what the browser complained about");
    await page.context().close();
  }
}

for (const script of [true, false])
  await test(`the story of three people, ${script ? "with" : "without"} JavaScript`, async () => {
    const adem = await new Adem("sqlite", { "proof-of-work-bits": 12, "proof-wait-s": 0 }).start();
    await story(adem, script);
    await adem.remove();
  });

{
  const adem = await new Adem("sqlite", { "proof-of-work-bits": 12, "proof-wait-s": 0 }).start();

  await test("a report that nobody answers climbs to the Polres command", async () => {
    const command = await member(adem, "Bayu Saputra");
    await connected(command);
    const somebody = new Person(adem);
    const form = await somebody.get("/reports/new");
    const token = /name="proof_token" value="([^"]+)"/.exec(form.text)[1];
    const made = await somebody.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007", proof_token: token });
    equal(made.status, 201, "status");
    adem.shift(61_000);
    const chief = await member(adem, "Agung Wibisono");
    await chief.waitForSelector("li.item:has-text('RW 07, Kampung Rawa')");
    equal(await command.locator("li.item:has-text('RW 07, Kampung Rawa')").count(), 0, "rows before three minutes");
    adem.shift(181_000);
    await command.waitForSelector("li.item:has-text('RW 07, Kampung Rawa')");
    await until(async () => (await command.textContent("[data-live-said]")).includes("RW 07"), "the call is spoken");
    adem.shift(0);
    await chief.context().close();
    await command.context().close();
  });

  await test("without JavaScript and too early the text is kept", async () => {
    const early = await new Adem("sqlite", { "proof-of-work-bits": 20, "proof-wait-s": 60 }).start();
    const page = await visitor(early, { script: false });
    await page.goto("/reports/new?level=nyata&place=31.71.08.1002.008");
    await page.click("summary");
    await page.fill("#text", "di depan masjid");
    await tap(page, "button[type=submit]");
    holds(await page.textContent("main"), "Sebentar, untuk mencegah");
    equal(await page.inputValue("#text"), "di depan masjid", "the text");
    early.shift(61_000);
    await tap(page, "button[type=submit]");
    holds(await page.textContent("main"), "Laporan Anda sudah sampai");
    await page.context().close();
    await early.remove();
  });

  for (const script of [true, false])
    await test(`the language button keeps the page, its address and what is typed, ${script ? "with" : "without"} JavaScript`, async () => {
      const page = await visitor(adem, { script });
      await page.goto("/reports/new?level=nyata");
      await page.selectOption("#place", "31.71.08.1002.008");
      await page.click("summary");
      await page.fill("#text", "di depan masjid");
      await look(page, `lang-${script}-id`);
      await tap(page, "button[name=show]");
      equal(await page.getAttribute("html", "lang"), "en", "the language");
      equal(new URL(page.url()).pathname + new URL(page.url()).search, "/reports/new?level=nyata", "the address");
      equal(await page.inputValue("#place"), "31.71.08.1002.008", "the place");
      equal(await page.inputValue("#text"), "di depan masjid", "the text");
      equal(await page.isChecked("input[value=nyata]"), true, "the level");
      await look(page, `lang-${script}-en`);
      await tap(page, "button[name=show]");
      equal(await page.inputValue("#text"), "di depan masjid", "the text, there and back");
      await tap(page, "button[type=submit]");
      holds(await page.textContent("main"), "Laporan Anda sudah sampai");
      const enter = await visitor(adem, { script });
      await enter.goto("/receipts");
      await enter.fill("#receipt", "salah");
      await Promise.all([enter.waitForNavigation(), enter.press("#receipt", "Enter")]);
      equal(await enter.getAttribute("html", "lang"), "id", "the language after Enter in a field");
      holds(await enter.textContent("main"), "salah ketik");

      const officer = await member(adem, "Sari Wulandari", { script });
      await officer.goto("/cases");
      await tap(officer, "li.item h3 a >> nth=0");
      const address = officer.url();
      await officer.click("section summary >> nth=0");
      await officer.fill("section textarea >> nth=0", "Kami ke sana");
      await look(officer, `lang-${script}-case`);
      await tap(officer, script ? ".lang button" : "section noscript button, section form p button[name=show] >> nth=0");
      equal(officer.url(), address, "the address of the case");
      equal(await officer.getAttribute("html", "lang"), "en", "the language of the case");
      equal(await officer.inputValue("section textarea >> nth=0"), "Kami ke sana", "the answer that is being written");
      equal(await officer.inputValue("#text"), "", "the note");
      await officer.goto("/accounts/me");
      await tap(officer, "button[name=show]");
      equal(await officer.getAttribute("html", "lang"), "id", "the language of the account");
      for (const one of [page, enter, officer]) {
        equal(one.problems.filter(each => !/404/.test(each)).join("; "), "", "what the browser complained about");
        await one.context().close();
      }
    });

  for (const script of [true, false])
    await test(`the receipt and its thread are there after Back, Forward, a reload, in a second tab, and not after ten minutes or leaving, ${script ? "with" : "without"} JavaScript`, async () => {
      const page = await visitor(adem, { script });
      const report = async (where, text) => {
        await page.goto("/reports/new?level=nyata");
        await page.selectOption("#place", where);
        await page.click("summary");
        await page.fill("#text", text);
        await tap(page, "button[type=submit]");
        return (await page.textContent("#receipt")).trim();
      };
      const shows = async text => holds(await page.textContent("main"), text);
      const receipt = await report("31.71.08.1002.006", "di lapangan"), shown = page.url();
      if (page.url().includes(receipt)) throw new Error("the address holds the receipt");
      await page.goBack();
      await shows("Laporkan ketegangan");
      await page.goForward();
      await shows(receipt);
      await page.reload();
      await shows(receipt);
      await tap(page, "text=Ikuti laporan saya");
      const thread = page.url();
      await shows("di lapangan");
      await page.fill("#text", "bertambah");
      await tap(page, "button:has-text('Kirim pesan')");
      await shows("Pesan Anda sudah sampai");
      equal(page.url(), thread, "the address after a message");
      await page.goBack();
      await shows("di lapangan");
      await page.goForward();
      await shows("bertambah");
      await page.reload();
      await shows("bertambah");
      const title = await page.title();
      await page.goto("/");
      await page.goBack();
      await shows("bertambah");

      // Another report in the same browser has an address of its own.
      const other = await report("31.71.08.1002.005", "di pasar");
      if (other === receipt) throw new Error("one receipt for two reports");
      const tab = await page.context().newPage();
      await tab.goto(thread);
      holds(await tab.textContent("main"), "di lapangan");
      await page.reload();
      await shows(other);
      equal(await tab.title(), title, "what the history calls it");
      await look(tab, `thread-${script}`);

      // Left: nothing is there for whoever goes back on this phone.
      await tap(tab, "button:has-text('Tutup halaman ini')");
      equal(new URL(tab.url()).pathname, "/", "where leaving leads");
      await tab.goBack();
      await tab.waitForURL(/receipts\?closed/);
      for (const address of [thread, shown]) {
        await tab.goto(address);
        equal((await tab.textContent("main")).includes("di lapangan"), false, "the thread after leaving");
        equal(new URL(tab.url()).pathname, "/receipts", "where it leads then");
      }
      await shows(other);
      adem.shift(601_000);
      await page.reload();
      await page.waitForURL(/receipts\?closed/);
      adem.shift(0);
      equal(page.problems.join("; "), "", "what the browser complained about");
      await page.context().close();
    });

  await test("a form that another site sends is not prepared for one click", () => isNotPrepared(adem, { visitor, member }));

  const hands = { visitor, tap, look };
  for (const script of [true, false]) {
    await test(`what was sent, closed or deleted is in no form that somebody goes back to, ${script ? "with" : "without"} JavaScript`,
      () => sure.backFindsTheFormEmpty(adem, hands, script));
    await test(`the page with the receipt goes away by itself, ${script ? "with" : "without"} JavaScript`, () => sure.goesAwayByItself(adem, hands, script));
    await test(`who will read it is there after Back, Forward, a reload and in the other language, and is sent once, ${script ? "with" : "without"} JavaScript`,
      () => sure.isFoundAgain(adem, hands, script));
    for (const level of ["nyata", "ambang"])
      await test(`a report whose answer was lost is sent again and is one, ${level}, ${script ? "with" : "without"} JavaScript`, () => sure.answerIsLost(adem, hands, script, level));
  }

  await test("on an open board what rings is first for all, then for each what they have themselves", async () => {
    const own = await new Adem("sqlite", { "proof-of-work-bits": 0 }).start(), reporter = new Person(own);
    const send = place => reporter.json("POST", "/reports", { level: "nyata", place });
    const page = await member(own, "Sari Wulandari"), colleague = await member(own, "Bima Pratama");
    await connected(page);
    await connected(colleague);
    await send("31.71.08.1002.008");
    await page.waitForSelector("li.item:has-text('RW 08')");
    await tap(page, "button:has-text('Saya tangani')");
    await page.goto("/");
    await connected(page);
    await send("31.71.08.1002.007");
    for (const board of [page, colleague]) {
      await board.waitForSelector("li.item:has-text('RW 07')");
      await board.waitForSelector("li.item:has-text('Sari Wulandari')");
      holds(await board.textContent("li.item >> nth=0"), "RW 07", "the first row");
      holds(await board.textContent("li.item >> nth=1"), "RW 08", "the second row");
    }
    await tap(colleague, "button:has-text('Saya tangani')");
    await colleague.goto("/");
    await page.waitForSelector("li.item:has-text('Bima Pratama')");
    for (const [board, first, second] of [[page, "RW 08", "RW 07"], [colleague, "RW 07", "RW 08"]]) {
      holds(await board.textContent("li.item >> nth=0"), first, "the first row");
      holds(await board.textContent("li.item >> nth=1"), second, "the second row");
      await board.context().close();
    }
    await own.remove();
  });

  await test("a case tells its members by itself what happens, also a second report, and keeps what is being typed", async () => {
    const own = await new Adem("sqlite", { "proof-of-work-bits": 0 }).start(), reporter = new Person(own), colleague = new Person(own, "Bima Pratama");
    const send = async text => (await reporter.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text })).data;
    const first = await send("di jembatan"), page = await member(own, "Sari Wulandari");
    await tap(page, "li.item h3 a >> nth=0");
    await page.waitForSelector("text=Belum ada yang menangani");
    await page.fill("#text", "Catatan setengah jadi");
    await page.click("section summary >> nth=0");
    await page.fill("section textarea", "Jawaban setengah jadi");
    await colleague.signIn();
    const [, alert] = /action="\/alerts\/(\d+)\/answers"/.exec((await colleague.get(new URL(page.url()).pathname)).text);
    equal((await colleague.post(`/alerts/${alert}/answers`, { answer: "mine" })).status, 303, "taking it");
    await page.waitForSelector("text=Bima Pratama menanganinya");
    equal((await reporter.json("POST", "/receipts/messages", { receipt: first.receipt, text: "pindah ke gang 3" })).status, 200, "a message");
    await page.waitForSelector("section >> text=pindah ke gang 3");
    const second = await send("dari arah pasar");
    await page.waitForSelector(`#report-${second.report} >> text=dari arah pasar`);
    await page.waitForSelector("text=Lebih dari satu laporan");
    equal((await page.textContent("[data-fresh-said]")).trim(), "Ada yang baru di halaman ini.", "what is said");
    equal(await page.inputValue("#text"), "Catatan setengah jadi", "the note that is being written");
    equal(await page.inputValue(`#report-${first.report} textarea`), "Jawaban setengah jadi", "the answer that is being written");
    await tap(page, "button:has-text('Tambahkan')");
    holds(await page.textContent("main"), "Catatan setengah jadi");
    await look(page, "case-live");
    equal(page.problems.join("; "), "", "what the browser complained about");
    await page.context().close();
    await own.remove();
  });

  await test("the reporter's thread tells by itself who takes care of it, what was answered and what is late, and keeps what is being typed", async () => {
    const own = await new Adem("sqlite", { "proof-of-work-bits": 0 }).start(), page = await visitor(own), officer = new Person(own, "Sari Wulandari");
    const made = await new Person(own).json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.008", text: "di jembatan" });
    await page.goto("/receipts");
    await page.fill("#receipt", made.data.receipt);
    await tap(page, "main button.big");
    const now = async text => page.waitForSelector(`main :text("${text}")`, { timeout: 40000 });
    await now("Belum ada yang menjawab");
    await page.fill("#text", "Mereka masih");
    own.shift(7 * 60_000);
    await now("Jawaban terlambat");
    await officer.signIn();
    const [, id] = /id="case-(\d+)"/.exec((await officer.get("/")).text);
    const [, alert] = /action="\/alerts\/(\d+)\/answers"/.exec((await officer.get(`/cases/${id}`)).text);
    const answer = async what => equal((await officer.post(`/alerts/${alert}/answers`, { answer: what })).status, 303, what);
    await answer("mine");
    await now("Ada yang menanganinya");
    await answer("on_the_way");
    await now("Ada yang dalam perjalanan");
    equal((await officer.post(`/reports/${made.data.report}/messages`, { text: "Kami lima menit lagi" })).status, 303, "an answer");
    await now("Kami lima menit lagi");
    equal(await page.inputValue("#text"), "Mereka masih", "what is being typed");
    await tap(page, "button:has-text('Kirim pesan')");
    holds(await page.textContent("main"), "Mereka masih");
    // Ten minutes later nothing of it is left on the screen; unless somebody is writing.
    await page.fill("#text", "satu lagi");
    own.shift(18 * 60_000);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    equal(await page.inputValue("#text"), "satu lagi", "what is being typed after ten minutes");
    await page.evaluate(() => {
      document.querySelector("#text").value = "";
      document.activeElement.blur();
    });
    await page.waitForURL(/receipts\?closed/, { timeout: 40000 });
    equal(page.problems.join("; "), "", "what the browser complained about");
    await page.context().close();
    await own.remove();
  });

  await test("with JavaScript another language keeps all forms of a page that were begun, there and back", async () => {
    const somebody = new Person(adem), [, token] = /name="proof_token" value="([^"]+)"/.exec((await somebody.get("/reports/new")).text);
    const made = await somebody.json("POST", "/reports", { level: "nyata", place: "31.71.08.1002.007", text: "di gang", proof_token: token });
    equal(made.status, 201, "a report");
    const officer = await member(adem, "Sari Wulandari");
    await officer.goto("/cases");
    await tap(officer, "li.item h3 a >> nth=0");
    await officer.click("section summary >> nth=0");
    await officer.fill("section textarea >> nth=0", "Kami <ke> sana");
    await officer.fill("#text", "Pos sudah tahu");
    await officer.selectOption("#action", { index: 2 });
    const action = await officer.inputValue("#action");
    for (const lang of ["en", "id", "en", "id"]) {
      await tap(officer, ".lang button");
      await until(async () => (await officer.evaluate(() => window.name)) === "", "the handover is over");
      equal(await officer.getAttribute("html", "lang"), lang, "the language");
      equal(await officer.inputValue("section textarea >> nth=0"), "Kami <ke> sana", `the answer, ${lang}`);
      equal(await officer.isVisible("section textarea >> nth=0"), true, "the part with the answer is open");
      equal(await officer.inputValue("#text"), "Pos sudah tahu", `the note, ${lang}`);
      equal(await officer.inputValue("#action"), action, `its kind, ${lang}`);
    }
    await tap(officer, "button:has-text('Tambahkan')");
    holds(await officer.textContent("main"), "Pos sudah tahu");
    const head = await member(adem, "Hasan Basri");
    await head.goto("/posts");
    await tap(head, "text=Sekretariat RW 08");
    for (const field of ["#name", "#phone"])
      if (!await head.isVisible(field)) await head.click(`details:has(${field}) > summary`);
    await head.fill("#name", "Tini Rahayu");
    await head.fill("#phone", "021 7654321");
    for (const lang of ["en", "id"]) {
      await tap(head, ".lang button");
      await until(async () => (await head.evaluate(() => window.name)) === "", "the handover is over");
      equal(await head.getAttribute("html", "lang"), lang, "the language");
      equal(await head.inputValue("#name"), "Tini Rahayu", `who is invited, ${lang}`);
      equal(await head.inputValue("#phone"), "021 7654321", `the phone number, ${lang}`);
    }
    for (const one of [officer, head]) {
      equal(one.problems.join("; "), "", "what the browser complained about");
      await one.context().close();
    }
  });

  for (const script of [true, false])
    await test(`a text's limit is said, and what is left of it is counted as the server counts, ${script ? "with" : "without"} JavaScript`, async () => {
      const page = await visitor(adem, { script });
      await page.goto("/reports/new?level=nyata&place=31.71.08.1002.008");
      await page.click("summary");
      const described = (await page.getAttribute("#text", "aria-describedby")).split(" ");
      equal(described.includes("text-limit"), true, "the field is described by its limit");
      holds(await page.textContent("#text-limit"), "Paling banyak 4000 huruf");
      const count = async () => (await page.locator("#text-count").count()) ? page.textContent("#text-count") : "";
      await page.fill("#text", "a".repeat(3599));
      equal(await count(), "", "what is said while much is left");
      // Composed, an emoji is one, what is never stored and the space around are none.
      await page.fill("#text", ` ${"e\u0301".repeat(3600)}\u202e\ufeff\u{1f30a}\n`);
      equal(await count(), script ? "Sisa huruf: 399" : "", "what is said of the last tenth");
      if (script) await page.locator("#text-spoken", { hasText: "Sisa huruf: 399" }).waitFor({ state: "attached" });
      await page.fill("#text", `${"\u{1f30a}".repeat(3997)}\nbb\n`);
      equal(await count(), script ? "Sisa huruf: 0" : "", "what is said at the limit");
      await look(page, `limit-${script}`);
      await page.fill("#text", "\u{1f30a}".repeat(4001));
      equal(await count(), script ? "Kelebihan huruf: 1" : "", "what is said beyond it");
      if (script) await accessible(page, "a text that is too long");
      await tap(page, "button[type=submit]");
      holds(await page.textContent("main"), "Tulis paling banyak 4000 huruf.");
      equal((await page.getAttribute("#text", "aria-describedby")).split(" ").join(), "text-hint,text-limit,text-error", "what describes the field");
      equal(await count(), script ? "Kelebihan huruf: 1" : "", "what is said after it was refused");
      await page.fill("#text", `${"\u{1f30a}".repeat(3997)}\nbb\n`);
      await tap(page, "button[type=submit]");
      holds(await page.textContent("main"), "Laporan Anda sudah sampai");

      // Nobody gets beyond what the server reads by typing: not with the longest characters.
      await page.goto("/reports/new?level=nyata&place=31.71.08.1002.008");
      await page.click("summary");
      for (const field of ["#text", "#contact"]) {
        await page.focus(field);
        await page.keyboard.insertText("\u20ac".repeat(90000));
      }
      equal((await page.inputValue("#text")).length, 20000, "what a text takes");
      await tap(page, "button[type=submit]");
      holds(await page.textContent("main"), "Tulis paling banyak 4000 huruf.");
      equal((await page.inputValue("#text")).length, 20000, "what is there afterwards");
      equal(page.problems.filter(each => !/422/.test(each)).join("; "), "", "what the browser complained about");
      await page.context().close();
    });

  for (const script of [true, false])
    await test(`a report that is about something else gets an incident of its own, ${script ? "with" : "without"} JavaScript`, () =>
      splitsOff({ member, look, accessible, tap, script }));

  for (const script of [true, false])
    await test(`a flood is ended by two, ${script ? "with" : "without"} JavaScript`, () => endsFlood({ member, look, accessible, tap, script }));

  const pages = { nobody: ["/", "/reports/new", "/receipts", "/sign-in", "/recover", "/invitations/open", "/places", "/places/31.71.08.1002.008", "/nothing"],
    "Sari Wulandari": ["/", "/cases", "/cases/new", "/posts", "/accounts/me"], "Bayu Saputra": ["/", "/audit", "/alerts/times", "/alerts/rungs"] };
  for (const [name, paths] of Object.entries(pages))
    for (const size of [phone, desk])
      for (const scheme of ["light", "dark"])
        await test(`axe finds nothing: ${name}, ${size.width} px, ${scheme}`, async () => {
          const page = name === "nobody" ? await visitor(adem, { size }) : await member(adem, name, { size });
          await page.emulateMedia({ colorScheme: scheme });
          for (const path of paths) {
            await page.goto(path);
            await accessible(page, path);
            await look(page, `${size.width}-${scheme}${path.replaceAll("/", "-")}-${name.split(" ")[0]}`);
          }
          if (name === "nobody") {
            await page.goto("/reports/new?level=ambang&place=31.71.08.1002.004");
            if (!await page.isVisible("#text")) await page.click("summary");
            await page.fill("#text", "di depan masjid");
            await tap(page, "button[type=submit]");
            await accessible(page, "who will read it");
            await look(page, `${size.width}-${scheme}-sure`);
            await tap(page, "main form .big");
            await accessible(page, "a receipt");
            await look(page, `${size.width}-${scheme}-receipt`);
            await tap(page, "text=Ikuti laporan saya");
            await page.fill("#text", "a".repeat(3990));
            await accessible(page, "a thread");
            await look(page, `${size.width}-${scheme}-thread`);
            await page.fill("#text", "a".repeat(4001));
            await tap(page, "button:has-text('Kirim pesan')");
            await accessible(page, "a message that was refused");
            await look(page, `${size.width}-${scheme}-thread-refused`);
          }
          if (name === "Sari Wulandari") {
            await page.goto("/cases");
            await tap(page, "li.item h3 a >> nth=0");
            await accessible(page, "a case");
            await look(page, `${size.width}-${scheme}-case`);
            await page.goto("/posts");
            await tap(page, "text=Sekretariat RW 08");
            await accessible(page, "a post");
            await look(page, `${size.width}-${scheme}-post`);
          }
          await page.context().close();
        });
  await adem.remove();
}

{
  const hands = { visitor, member, tap, look, accessible, connected };
  await test("who is on duty changes on an open board", () => changesOnTheBoard(hands));
  await test("the end of a session that nobody uses is said on the board", () => idle.isSaidOnTheBoard(hands));
  await test("the end of a session that nobody uses is said without JavaScript", () => idle.isSaidWithoutScript(hands));
  await test("the end of a session is said to who is on duty", () => idle.isSaidInADuty(hands));
  for (const script of [true, false])
    await test(`what is sent after a session's end is kept while somebody signs in, ${script ? "with" : "without"} JavaScript`, () => idle.keepsWhatWasSent(hands, script));
  for (const script of [true, false])
    await test(`what is typed for thirteen hours is not lost, ${script ? "with" : "without"} JavaScript`, () => idle.losesNothingTyped(hands, script));
  for (const script of [true, false])
    await test(`signing in after wrong passwords costs work, ${script ? "with" : "without"} JavaScript`, () => costWork(hands, script));
}

await test("the report page weighs at most 14 kB compressed, with all it loads", async () => {
  const adem = await new Adem("sqlite").start();
  const get = async path => {
    const answer = await fetch(adem.url + path, { headers: { "accept-encoding": "gzip" } });
    return { text: await answer.text(), bytes: Number(answer.headers.get("content-length")) };
  };
  const page = await get("/reports/new");
  const parts = [...new Set([...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(found => found[1]))];
  let bytes = page.bytes;
  for (const part of parts) bytes += (await get(part)).bytes;
  console.log(`# ${bytes} bytes in ${parts.length + 1} answers`);
  if (!(bytes > 2000 && bytes <= 14336)) throw new Error(`it weighs ${bytes} bytes`);
  await adem.remove();
});

await browser.close();
finish();
