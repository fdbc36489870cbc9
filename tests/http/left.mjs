// A ticket of the thread that was copied from a shared phone: it ends when the page is closed there, and after an hour in any case.
import { Person, equal, holds, lacks } from "../lib/adem.mjs";
import { formsOf, sentBy } from "../lib/page.mjs";

const place = "31.71.08.1002.006", minute = 60000;
const sent = form => new URLSearchParams(sentBy(form)).toString();
const formTo = (page, action) => formsOf(page.text).find(each => each.action === action);

// Somebody with the same cookies in another browser.
function copyOf(person) {
  const copy = new Person(person.adem);
  copy.cookiesAt = new Map([...person.cookiesAt].map(([at, cookies]) => [at, new Map(cookies)]));
  return copy;
}

export async function leavingEndsCopies(adem) {
  const reporter = new Person(adem), text = "Di depan pos ronda";
  const [, proof_token] = /name="proof_token" value="([^"]*)"/.exec((await reporter.get("/reports/new")).text);
  const form = { level: "potensi", place, text, proof_token, proof_answer: "" };
  const asked = await reporter.ask("POST", "/reports", form), step = await reporter.get(asked.location);
  const tag = asked.location.split("/").at(-1), thread = `/receipts/${tag}`;
  const made = await reporter.follow("POST", "/reports", sent(formTo(step, "/reports")));
  const [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  const open = await reporter.get(thread), copy = copyOf(reporter);
  for (const address of [thread, `${thread}/new`, asked.location]) equal((await copy.get(address)).status, 200, `${address} with the copy, before`);

  equal((await reporter.ask("POST", `${thread}/leave`, { a: "b" })).location, "/", "where leaving leads");
  for (const [address, leads, without = leads] of [[thread, "/receipts?closed"], [`${thread}/new`, "/receipts?closed"], [asked.location, "/receipts?closed", "/reports/new?unsent=perhaps"]])
    for (const who of [copy, reporter]) {
      const answer = await who.get(address);
      equal(answer.location, who === reporter ? without : leads, `where ${address} leads after leaving`);
      lacks(answer.text, text, address);
    }
  equal((await copy.ask("POST", `${thread}/leave`, { a: "b" })).status, 303, "leaving twice");
  equal(adem.sql(`SELECT count(*) FROM form_keys WHERE location LIKE '%${tag}%'`).trim(), "0", "addresses that are written down");

  // What is still sent from a page that was open elsewhere arrives, and has an address of its own.
  const say = formTo(open, "/receipts/messages");
  say.fields.find(each => each.name === "text").value = "Sudah bubar";
  const said = await reporter.follow("POST", "/receipts/messages", sent(say));
  holds(said.text, "Pesan Anda sudah sampai");
  const again = await reporter.follow("POST", "/reports", sent(formTo(step, "/reports")));
  holds(again.text, receipt, "the same report, sent again");
  for (const { path } of [said, again]) lacks(path, tag, "the address after it");
  const shown = await reporter.ask("POST", asked.location, new URLSearchParams([...sentBy(formTo(step, "/reports")), ["show", "en/reports"]]).toString());
  lacks(shown.location, tag, "the address in another language");
  holds((await reporter.get(shown.location)).text, text);
}

// An address is no secret: it stands in histories. Who brings it with a report of their own ends nothing of it.
export async function strangersLeaveNothing(adem) {
  const [victim, stranger] = [new Person(adem), new Person(adem)];
  const step = async who => {
    const [, proof_token] = /name="proof_token" value="([^"]*)"/.exec((await who.get("/reports/new")).text);
    return who.ask("POST", "/reports", { level: "potensi", place, text: "Di depan pos ronda", proof_token, proof_answer: "" });
  };
  const asked = await step(victim), tag = asked.location.split("/").at(-1), form = formTo(await victim.get(asked.location), "/reports");
  const theirs = formTo(await stranger.get((await step(stranger)).location), "/reports");
  theirs.fields.find(each => each.name === "tag").value = tag;
  const made = await stranger.follow("POST", "/reports", sent(theirs)), [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  await stranger.follow("POST", "/receipts", { receipt, tag });
  equal((await stranger.ask("POST", `/receipts/${tag}/leave`, { a: "b" })).location, "/", "leaving");
  equal((await stranger.get(`/receipts/${tag}`)).location, "/receipts?closed", "the thread that was left");

  holds((await victim.get(asked.location)).text, "Belum dikirim", "what somebody else has not sent");
  const own = await victim.follow("POST", "/reports", sent(form));
  holds(own.path, tag, "the address after sending");
  holds((await victim.get(asked.location)).text, "Sudah terkirim", "what somebody else has sent");
}

export async function nobodyStaysForEver(adem) {
  const reporter = new Person(adem), form = { level: "nyata", place: "31.71.08.1002.005", text: "di pasar" };
  const made = await reporter.follow("POST", "/reports", form), [, receipt] = /id="receipt">([0-9A-Z-]{24})</.exec(made.text);
  const thread = made.path.replace("/new", "");
  try {
    for (const minutes of [9, 18, 27, 36, 45]) {
      adem.shift(minutes * minute);
      holds((await reporter.get(thread)).headers.get("set-cookie"), "Max-Age=600;", `after ${minutes} minutes`);
    }
    adem.shift(54 * minute);
    const [, seconds] = /Max-Age=(\d+);/.exec((await reporter.get(thread)).headers.get("set-cookie"));
    equal(Number(seconds) > 0 && Number(seconds) <= 360, true, `${seconds} seconds are at most what is left of the hour`);
    const copy = copyOf(reporter);
    adem.shift(61 * minute);
    equal((await copy.get(thread)).location, "/receipts?closed", "after an hour");
    equal((await reporter.follow("POST", "/receipts", { receipt })).status, 200, "with the receipt");
  } finally {
    adem.shift(0);
  }
}
