// Signing in after several wrong passwords: a browser with script works for it by itself, one without is told how long to wait.
import { Adem, equal, holds, password } from "../lib/adem.mjs";

async function tries({ tap }, page, word) {
  await page.fill("#name", "Hasan Basri");
  await page.fill("#password", word);
  await tap(page, "main button.big");
}

export async function costWork({ visitor, tap, look, accessible }, script) {
  const adem = await new Adem("sqlite", { "sign-in-proof-bits": 14 }).start();
  const page = await visitor(adem, { script });
  await page.goto("/sign-in");
  for (let i = 0; i < 3; i++) {
    await tries({ tap }, page, `salah lagi ${i}`);
    holds(await page.textContent("main"), "Nama dan kata sandi ini tidak cocok");
  }
  holds(await page.textContent("main"), "sudah sering masuk kata sandi yang salah");
  await look(page, `guesses-${script}`);
  if (script) await accessible(page, "the page that asks for work");
  let sent;
  page.on("request", request => request.method() === "POST" && (sent = new URLSearchParams(request.postData())));
  if (!script) {
    await tries({ tap }, page, password);
    equal(new URL(page.url()).pathname, "/sign-in", "too early");
    const [, seconds] = /Tanpa skrip: tunggu (\d+) detik/.exec(await page.textContent("main"));
    holds(await page.textContent("main"), "Terlalu banyak percobaan yang salah");
    equal(await page.inputValue("#name"), "Hasan Basri", "the name");
    adem.shift(Number(seconds) * 1000 + 1000);
  }
  await tries({ tap }, page, password);
  equal(sent.get("proof_token").length > 0, true, "the token was sent");
  equal(sent.get("proof_answer").length > 0, script, "an answer was found");
  equal(new URL(page.url()).pathname, "/", "where it leads");
  holds(await page.textContent("main"), "Perlu diredakan");
  await page.context().close();
  await adem.remove();
}
