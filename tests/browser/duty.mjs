// Who is on duty, on a board that stays open: put on, taken off, and ended by the clock, without loading the page again.
import { Adem, equal, signedIn } from "../lib/adem.mjs";

const evening = Date.UTC(2030, 0, 5, 12); // Saturday, 19.00 WIB
const name = "Bhabinkamtibmas Kampung Rawa";

export async function changesOnTheBoard({ member, look, accessible, connected }) {
  const adem = await new Adem("sqlite").start();
  adem.sql("UPDATE regions SET demo = false");
  adem.sql("UPDATE duties SET ended_ms = 1");
  adem.shift(evening - Date.now());
  const dimas = await signedIn(adem, "Dimas Nugroho"), sari = adem.sql("SELECT id FROM accounts WHERE name = 'Sari Wulandari'").trim();
  const post = new RegExp(`/posts/(\\d+)">${name}`).exec((await dimas.get("/posts")).text)[1];
  const page = await member(adem, "Sari Wulandari");
  await connected(page);
  await page.evaluate(() => { window.notLoadedAgain = true; });
  const block = page.locator("[data-live-duties] li"), notice = page.locator("[data-live-nobody]");
  equal((await block.textContent()).trim(), `${name}: tidak ada yang piket`, "at first");
  equal(await notice.isVisible(), true, "the notice that nobody is");
  await look(page, "duty-nobody");

  equal((await dimas.post(`/posts/${post}/duties`, { account: sari, date: "2030-01-05", from: 18, hours: 3 })).status, 303, "putting Sari on");
  await block.filter({ hasText: `${name}: Sari Wulandari sampai 21.00 WIB` }).waitFor();
  equal(await notice.isVisible(), false, "the notice while Sari is on duty");
  await page.locator("[data-live-off]").waitFor({ state: "hidden" });
  await look(page, "duty-sari");
  await accessible(page, "a board with somebody on duty");

  adem.shift(evening + 7_260_000 - Date.now());
  await block.filter({ hasText: `${name}: tidak ada yang piket sejak 21.00 WIB` }).waitFor({ timeout: 60_000 });
  equal(await notice.isVisible(), true, "the notice after nine");
  equal(await page.locator("[data-live-off]").isVisible(), true, "that calls do not ring for Sari");
  equal(await block.count(), 1, "blocks of the post");
  await look(page, "duty-since");
  equal(await page.evaluate(() => window.notLoadedAgain), true, "the page is still the same");
  equal(page.problems.join("; "), "", "what the browser complained about");
  await page.context().close();
  await adem.remove();
}
