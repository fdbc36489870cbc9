// Times that pass: <time data-until="ms"> and <time data-since="ms"> say in words how long it still takes or has taken. The words come
// with the page; only the number changes, so nothing moves. A row whose time is over is marked as late.
const words = document.querySelector("[data-clock-words]")?.dataset;
const shift = words ? Number(words.now) - Date.now() : 0;

function span(ms) {
  const minutes = Math.floor(ms / 60000);
  if (ms < 60000) return words.seconds.replace("{n}", Math.max(0, Math.floor(ms / 1000)));
  if (minutes < 90) return words.minutes.replace("{n}", minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? words.hours.replace("{n}", hours) : words.days.replace("{n}", Math.round(hours / 24));
}

function say(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

function tick() {
  const now = Date.now() + shift;
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = Number(time.dataset.until) - now;
    say(time, left >= 0 ? words.left.replace("{time}", span(left)) : words.late.replace("{time}", span(-left)));
    time.closest(".item")?.classList.toggle("late", left < 0);
  }
  for (const time of document.querySelectorAll("time[data-since]"))
    say(time, words.ago.replace("{time}", span(Math.max(0, now - Number(time.dataset.since)))));
}

if (words) {
  tick();
  setInterval(tick, 1000);
}
