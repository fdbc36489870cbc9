// The report form: does the proof of work in small slices while the person types, shows what belongs together, and sends once.
const form = document.querySelector("form[data-proof]");
const token = form.elements.proof_token.value;
const bits = Number(form.dataset.proof);

const K = new Uint32Array(64);
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every(p => n % p)) primes.push(n);
const part = x => Math.floor((x - Math.floor(x)) * 4294967296);
primes.forEach((p, i) => { K[i] = part(Math.cbrt(p)); });
const H = primes.slice(0, 8).map(p => part(Math.sqrt(p)));
const W = new Uint32Array(64);

// The first word of SHA-256 over text of one or two blocks.
function firstWord(text) {
  const n = text.length, blocks = (n + 72) >> 6;
  const bytes = new Uint8Array(blocks << 6);
  for (let i = 0; i < n; i++) bytes[i] = text.charCodeAt(i);
  bytes[n] = 128;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, n * 8);
  const state = H.slice();
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 16; i++) W[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      W[i] = W[i - 16] + W[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3) + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const x = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      const y = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + x | 0; d = c; c = b; b = a; a = x + y | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((v, i) => { state[i] = state[i] + v | 0; });
  }
  return state[0] >>> 0;
}

let tried = 0, solved = bits === 0, wants = false;
function slice() {
  const until = performance.now() + 12;
  while (!solved && performance.now() < until) {
    if (firstWord(token + tried) >>> (32 - bits) === 0) {
      form.elements.proof_answer.value = tried;
      solved = true;
    } else tried++;
  }
  if (!solved) setTimeout(slice, 4);
  else if (wants) form.submit();
}
if (!solved) slice();

form.addEventListener("submit", event => {
  if (wants) return event.preventDefault();
  wants = true;
  const button = form.querySelector("button[type=submit]");
  button.textContent = button.dataset.busy;
  if (!solved) event.preventDefault();
});
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

const spare = document.querySelector("[data-spare]");
form.addEventListener("change", () => {
  if (spare) spare.hidden = form.elements.level.value === "nyata";
});
