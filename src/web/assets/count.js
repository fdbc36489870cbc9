// How much of a text's limit is left, said from the last tenth on, counted as the server counts: characters (not bytes), composed, without
// control characters, without space around. One listener for all fields: pieces of a page are replaced at times.
const unwanted = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const length = text => [...text.normalize("NFC").replace(unwanted, "").replace(/^[ \t\n]+|[ \t\n]+$/g, "")].length;
const CALM_MS = 1000;

function part(field, kind) {
  const id = `${field.id}-${kind}`, old = document.getElementById(id);
  if (old) return old;
  const made = document.createElement("p");
  made.id = id;
  field.after(made);
  return made;
}

// What is seen changes with each letter; it is spoken when the typing pauses.
const waits = new WeakMap();
function count(field) {
  const limit = document.getElementById(`${field.id}-limit`);
  if (!limit?.dataset.limit) return;
  const max = Number(limit.dataset.limit), left = max - length(field.value);
  clearTimeout(waits.get(field));
  if (left > max / 10) return ["spoken", "count"].forEach(kind => document.getElementById(`${field.id}-${kind}`)?.remove());
  const spoken = part(field, "spoken"), seen = part(field, "count");
  spoken.className = "sr";
  spoken.ariaLive = "polite";
  seen.className = left < 0 ? "error" : "hint";
  seen.ariaHidden = "true";
  seen.textContent = (left < 0 ? limit.dataset.over : limit.dataset.left).replace("{n}", Math.abs(left));
  waits.set(field, setTimeout(() => spoken.textContent = seen.textContent, CALM_MS));
}

document.addEventListener("input", event => event.target.id && count(event.target));
for (const field of document.querySelectorAll("textarea,input")) if (field.id && field.value) count(field);
