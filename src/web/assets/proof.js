// A form that asks for a proof of work: does it in small slices while the person types, and sends once.
const form = document.querySelector("form[data-proof]");
const token = form.elements.proof_token.value;
const bits = Number(form.dataset.proof);

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every(p => n % p)) primes.push(n);
const part = x => (x - Math.floor(x)) * 4294967296 | 0;
const K = Int32Array.from(primes, p => part(Math.cbrt(p)));
const W = new Int32Array(64), block = new Uint8Array(64), view = new DataView(block.buffer);

// SHA-256's step over the block.
function mix(state) {
  for (let i = 0; i < 16; i++) W[i] = view.getInt32(4 * i);
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    W[i] = W[i - 16] + W[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3) + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10);
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const x = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
    const y = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + x | 0; d = c; c = b; b = a; a = x + y | 0;
  }
  return [a + state[0], b + state[1], c + state[2], d + state[3], e + state[4], f + state[5], g + state[6], h + state[7]];
}

// Zeros fill the token up to one block, which is therefore mixed once; only the digits behind it change.
const zeros = "0".repeat(64 - token.length);
for (let i = 0; i < 64; i++) block[i] = (token + zeros).charCodeAt(i);
const begun = mix(primes.slice(0, 8).map(p => part(Math.sqrt(p))));
block.fill(0);

// The first word of SHA-256 over the token, the zeros and DIGITS, which never get shorter.
function firstWord(digits) {
  const n = digits.length;
  for (let i = 0; i < n; i++) block[i] = digits.charCodeAt(i);
  block[n] = 128;
  view.setUint32(60, (64 + n) * 8);
  return mix(begun)[0] >>> 0;
}

let tried = 0, solved = bits === 0, wants = false;
function slice() {
  const until = performance.now() + 12;
  while (!solved && performance.now() < until)
    for (let i = 0; i < 32 && !solved; i++) {
      const digits = String(tried++);
      if (firstWord(digits) >>> (32 - bits)) continue;
      form.elements.proof_answer.value = zeros + digits;
      solved = true;
    }
  if (!solved) setTimeout(slice, 4);
  else if (wants) form.submit();
}
if (!solved) slice();

form.addEventListener("submit", event => {
  if (event.submitter?.name === "show") return;
  if (wants) return event.preventDefault();
  wants = true;
  const button = form.querySelector("button[type=submit]");
  button.textContent = button.dataset.busy;
  if (!solved) event.preventDefault();
});
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
