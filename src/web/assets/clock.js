// Times that pass: <time data-left="seconds"> and <time data-ago="seconds">, counted from when they came, say in words how long it still
// takes or has taken, <time data-for="seconds"> only how long. The words come with the page; only the number changes, so nothing moves. A
// row whose time is over is marked as late.
const words = document.querySelector("[data-clock-words]")?.dataset;
const came = new WeakMap();

// Milliseconds since TIME came here.
function passed(time) {
  if (!came.has(time)) came.set(time, Date.now());
  return Date.now() - came.get(time);
}

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
  for (const time of document.querySelectorAll("time[data-left]")) {
    const left = Number(time.dataset.left) * 1000 - passed(time);
    say(time, left >= 0 ? words.left.replace("{time}", span(left)) : words.late.replace("{time}", span(-left)));
    if (left < 0) time.closest(".item")?.classList.add("late");
  }
  for (const time of document.querySelectorAll("time[data-ago]"))
    say(time, words.ago.replace("{time}", span(Number(time.dataset.ago) * 1000 + passed(time))));
  for (const time of document.querySelectorAll("time[data-for]")) say(time, span(Number(time.dataset.for) * 1000 + passed(time)));
}

if (words) {
  tick();
  setInterval(tick, 1000);
}
