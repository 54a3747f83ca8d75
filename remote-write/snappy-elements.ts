/**
 * The two elements of snappy's block format, written to `target` from `at` on; both return where they end.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function writeLiteral(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const last = bytes.length - 1;
  let to = at;
  if (last < 0) return to;
  if (last < MOST_IN_TAG) target[to++] = last << 2;
  else {
    const extra = last < 2 ** 8 ? 1 : last < 2 ** 16 ? 2 : last < 2 ** 24 ? 3 : 4;
    target[to++] = (MOST_IN_TAG - 1 + extra) << 2;
    for (let byte = 0; byte < extra; byte += 1) target[to++] = last >>> (8 * byte);
  }
  target.set(bytes, to);
  return to + bytes.length;
}

/** Repeats `length` bytes, at least 4, from `distance` back, at most 65,535. */
export function writeCopy(target: Uint8Array, at: number, distance: number, length: number): number {
  let to = at;
  let rest = length;
  while (rest > 0) {
    // what is left over has to be long enough for a copy as well
    const part = rest <= MOST_IN_COPY ? rest : Math.min(MOST_IN_COPY, rest - LEAST_IN_COPY);
    rest -= part;
    if (part <= MOST_IN_NEAR_COPY && distance < NEAR) {
      target[to++] = 1 | ((part - LEAST_IN_COPY) << 2) | ((distance >>> 8) << 5);
      target[to++] = distance & 0xff;
    } else {
      target[to++] = 2 | ((part - 1) << 2);
      target[to++] = distance & 0xff;
      target[to++] = distance >>> 8;
    }
  }
  return to;
}

/** A literal's length less one is in its tag up to here. */
const MOST_IN_TAG = 60;
const LEAST_IN_COPY = 4;
const MOST_IN_COPY = 64;
/** Of a copy that takes two bytes rather than three. */
const MOST_IN_NEAR_COPY = 11;
const NEAR = 2 ** 11;

/**
 * Elements that make `bytes` where `earlier` begins `distance` bytes before them. It looks for groups of four bytes only in
 * `earlier`, as snappy does in all that came: two series next to each other share all that is to be shared.
 */
export function differenceFrom(earlier: Uint8Array, bytes: Uint8Array, distance: number): Uint8Array {
  places.fill(-1);
  for (let place = 0; place + 4 <= earlier.length; place += 1) places[slotOf(earlier, place)] = place;
  const target = new Uint8Array(2 * bytes.length + 8);
  let [at, from, to] = [0, 0, 0];
  while (at + 4 <= bytes.length) {
    const place = places[slotOf(bytes, at)] ?? -1;
    const length = place < 0 ? 0 : sharedLength(earlier, place, bytes, at);
    if (length < LEAST_IN_COPY) {
      at += 1;
      continue;
    }
    to = writeLiteral(target, to, bytes.subarray(from, at));
    to = writeCopy(target, to, distance + at - place, length);
    at += length;
    from = at;
  }
  return target.slice(0, writeLiteral(target, to, bytes.subarray(from)));
}

const places = new Int16Array(256);

function slotOf(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return Math.imul(a | (b << 8) | (c << 16) | (d << 24), 0x1e35a7bd) >>> 24;
}

function sharedLength(earlier: Uint8Array, place: number, bytes: Uint8Array, at: number): number {
  const most = Math.min(earlier.length - place, bytes.length - at);
  let length = 0;
  while (length < most && earlier[place + length] === bytes[at + length]) length += 1;
  return length;
}
