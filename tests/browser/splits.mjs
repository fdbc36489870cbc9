// A member finds a report that is about something else, and makes an incident of its own of it: on a phone, with and without JavaScript.
import { Person, equal, holds, lacks, served } from "../lib/adem.mjs";

const place = "31.71.08.1002.005";

async function report(adem, level, text) {
  const made = await new Person(adem).json("POST", "/reports", { level, place, text });
  equal(made.status, 201, "a report");
  return made.data.receipt;
}

export const splitsOff = helpers => served(adem => walk(adem, helpers));

async function walk(adem, { member, look, accessible, tap, script }) {
  const name = `split-${script ? "script" : "plain"}`, said = script ? "Motor dibakar" : "Kaca pecah";
  await report(adem, "ambang", `Ribut parkir ${name}`);
  const other = await report(adem, "nyata", said);
  const page = await member(adem, "Sari Wulandari", { script });
  await tap(page, "li.item h3 a:has-text('RW 05') >> nth=0");
  const from = new URL(page.url()).pathname;
  holds(await page.textContent("main"), said);
  await look(page, `${name}-case`);
  await tap(page, "text=Ada laporan yang bukan tentang kejadian ini");
  await look(page, `${name}-choose`);
  if (script) await accessible(page, "choosing reports");

  // Nothing chosen: said at the field, and nothing lost.
  await tap(page, "button.big");
  holds(await page.textContent(".errors"), "Pilih sedikitnya satu");
  await look(page, `${name}-none`);
  if (script) await accessible(page, "choosing none");
  const box = page.locator("label.tick", { hasText: said });
  if ((await box.boundingBox()).height < 48) throw new Error("what is to be tapped is smaller than 48 px");
  await box.click();

  // The other language keeps what is chosen, before and on the page that asks.
  await tap(page, ".lang button");
  equal(await page.getAttribute("html", "lang"), "en", "the language");
  equal(await page.locator("label.tick", { hasText: said }).locator("input").isChecked(), true, "the report is still chosen");
  await tap(page, ".lang button");
  await tap(page, "button.big");
  holds(await page.textContent("main"), "Jadikan kejadian tersendiri?");
  holds(await page.textContent("main"), "Diberi tahu sekarang: Bhabinkamtibmas Kampung Rawa");
  lacks(await page.textContent("main"), `Ribut parkir ${name}`);
  await page.reload();
  for (const lang of ["en", "id"]) {
    await tap(page, ".lang button");
    equal(await page.getAttribute("html", "lang"), lang, "the language of what is asked");
    holds(await page.textContent("main"), said);
  }
  await look(page, `${name}-sure`);
  if (script) await accessible(page, "splitting");

  await tap(page, "button:has-text('Ya, pisahkan')");
  holds(await page.textContent(".notice[role=status]"), "Sudah dipisahkan");
  holds(await page.textContent("main"), said);
  await look(page, `${name}-new`);
  if (script) await accessible(page, "what was split off");
  await page.reload();
  equal(await page.locator("h1").count(), 1, "loading it again does nothing");
  await tap(page, "main a:has-text('Ke sana')");
  equal(new URL(page.url()).pathname, from, "the way back");
  lacks(await page.textContent("main"), said);
  await look(page, `${name}-old`);
  const told = (await new Person(adem).json("POST", "/receipts", { receipt: other })).data;
  equal(told.state, "ringing", "what its reporter is told");
  equal(page.problems.filter(each => !/422/.test(each)).join("; "), "", "what the browser complained about");
  await page.context().close();
}
