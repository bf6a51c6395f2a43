/* A worker: SHA-256 of a file, read by pieces, for browsers hash whole buffers only (FIPS 180-4). Posts the digest in hex. */
"use strict";
(() => {
  const K = new Uint32Array(64);
  const H = new Uint32Array(8);
  // The constants are the first 32 bits of the roots of the first primes, so none is mistyped.
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) H[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    K[found] = (Math.cbrt(n) % 1) * 2 ** 32;
    found += 1;
  }

  const W = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const block = (state, view, at) => {
    for (let i = 0; i < 16; i += 1) W[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const x = W[i - 15];
      const y = W[i - 2];
      W[i] = W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const u = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  };

  const digest = async (file) => {
    const state = Uint32Array.from(H);
    const PIECE = 4 << 20;
    for (let at = 0; ; at += PIECE) {
      const bytes = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      const last = at + PIECE >= file.size;
      let whole = bytes;
      if (last) {
        whole = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64);
        whole.set(bytes);
        whole[bytes.length] = 0x80;
        const end = new DataView(whole.buffer);
        end.setUint32(whole.length - 8, Math.floor(file.size / 2 ** 29));
        end.setUint32(whole.length - 4, (file.size * 8) % 2 ** 32);
      }
      const view = new DataView(whole.buffer);
      for (let i = 0; i < whole.length; i += 64) block(state, view, i);
      if (last) return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
    }
  };

  self.onmessage = async (event) => {
    try {
      self.postMessage({ digest: await digest(event.data) });
    } catch (error) {
      self.postMessage({ fault: String(error) });
    }
  };
})();
