// Another site sends a form here by itself, as soon as somebody opens it.
import { equal } from "../lib/adem.mjs";

const words = "Kata situs lain";

async function opens(adem, page, action, fields) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`).join("");
  await page.route("http://evil.example/**", route => route.fulfill({ contentType: "text/html",
    body: `<!doctype html><title>evil</title><form method="post" action="${adem.url}${action}">${inputs}<button>Menang hadiah</button></form>` }));
  await page.goto("http://evil.example/");
  const [answer] = await Promise.all([page.waitForResponse(response => response.request().method() === "POST"), page.click("button")]);
  await page.waitForURL(url => url.href.startsWith(adem.url));
  equal(answer.status(), 403, `${action}: status`);
  equal((await page.content()).includes(words), false, `${action}: what the other site filled in is on the page`);
  equal(await page.locator(`form[action="${action}"]:not(.lang)`).count(), 0, `${action}: forms that are sent there`);
}

export async function isNotPrepared(adem, { visitor, member }) {
  // Without what the clock brings about meanwhile.
  const count = () => adem.sql("SELECT (SELECT count(*) FROM reports) + (SELECT count(*) FROM case_entries WHERE kind IN ('report', 'note', 'opened'))").trim(), before = count();
  const nobody = await visitor(adem), officer = await member(adem, "Sari Wulandari");
  await opens(adem, nobody, "/reports", { level: "nyata", place: "31.71.08.1002.008", text: words });
  await opens(adem, officer, "/cases/1/notes", { action: "note", text: words });
  await opens(adem, officer, "/cases", { place: "31.71.08.1002.008", level: "nyata", text: words });
  equal(count(), before, "reports and entries");
  await nobody.context().close();
  await officer.context().close();
}
