// A desk proposes to end several incidents of a flood, an officer goes through them and agrees: on a phone, with and without JavaScript.
import { Person, equal, holds, lacks, served, until } from "../lib/adem.mjs";

const minute = 60000, places = ["001", "002", "003", "006"];

export const endsFlood = helpers => served(adem => walk(adem, helpers));

async function walk(adem, { member, look, accessible, tap, script }) {
  const name = `flood-${script ? "script" : "plain"}`, receipts = [];
  for (const rw of places) {
    const made = await new Person(adem).json("POST", "/reports", { level: "ambang", place: `31.71.08.1002.${rw}`, text: "Iseng saja" });
    receipts.push(made.data.receipt);
  }
  adem.shift(6 * minute);
  const desk = await member(adem, "Dimas Nugroho", { script });
  await until(async () => {
    await desk.goto("/");
    return await desk.locator("li.item").count() === places.length;
  }, "the incidents on the board of the desk");
  await tap(desk, "main a:has-text('Akhiri banjir laporan palsu')");
  await look(desk, `${name}-choose`);
  if (script) await accessible(desk, "choosing what to end");
  for (const box of await desk.locator("label.tick").all()) {
    if ((await box.boundingBox()).height < 48) throw new Error("what is to be tapped is smaller than 48 px");
    await box.locator("input").check();
  }
  await tap(desk, "button.big");
  holds(await desk.textContent("main"), "Menunggu persetujuan orang lain");
  await look(desk, `${name}-waits`);
  if (script) await accessible(desk, "a proposal that waits");

  const officer = await member(adem, "Sari Wulandari", { script });
  holds(await officer.textContent("main"), "mengusulkan mengakhiri 4 kejadian");
  await look(officer, `${name}-board`);
  await tap(officer, ".notice a:has-text('Lihat')");
  await look(officer, `${name}-agree`);
  if (script) await accessible(officer, "a proposal to agree to");
  equal(await officer.locator("input:checked").count(), 0, "incidents that are ticked beforehand");
  equal(await officer.locator(".said:has-text('Iseng saja')").count(), 4, "texts to read");
  for (const rw of ["RW 01", "RW 02", "RW 03"]) await officer.locator("label.tick", { hasText: rw }).locator("input").check();
  await tap(officer, "button.big");
  await look(officer, `${name}-sure`);
  if (script) await accessible(officer, "what is to be ended, once more");
  await tap(officer, "button.big:has-text('Akhiri 3 kejadian')");
  equal(await officer.locator("li.item:has-text('Diakhiri: tidak ada kejadian')").count(), 3, "incidents that have ended");
  equal(await officer.locator("li.item:has-text('Tetap terbuka')").count(), 1, "incidents that stay");
  await look(officer, `${name}-decided`);
  if (script) await accessible(officer, "a proposal that was decided");
  await officer.goto("/");
  lacks(await officer.textContent("main"), "mengusulkan mengakhiri");
  equal(await officer.locator("li.item").count(), 1, "what is left on the board");
  for (const [i, receipt] of receipts.entries()) {
    const { data } = await new Person(adem).json("POST", "/receipts", { receipt });
    equal(data.state, places[i] === "006" ? "ringing" : "closed", "what a reporter is told");
  }
  for (const page of [desk, officer]) {
    equal(page.problems.filter(each => !/vibrate/.test(each)).join("; "), "", "what the browser complained about");
    await page.context().close();
  }
}
