// Ids made in the browser: in the order of making, so that they lie together in the database.

let lastTime = 0;
let counter = 0;
/** A UUID of version 7: in the order of making within a tab (milliseconds, a counter of 12 bits, 62 random bits). */
export function uuid7() {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = crypto.getRandomValues(new Uint16Array(1))[0] & 0x7ff;
  } else if (++counter > 0xfff) {
    lastTime++;
    counter = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = lastTime; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
