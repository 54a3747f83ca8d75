/**
 * CRC-32C of the bytes from an offset on, as Kafka's record batches carry it. Node has CRC-32 only, another polynomial; a byte at
 * a time, as kafkajs computes it, takes longer than the candle's JSON does. So eight bytes at a time, each by a table of its own.
 */
export function crc32c(bytes: Buffer, from: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let crc = -1;
  let at = from;
  for (; at + 8 <= bytes.length; at += 8) {
    const first = crc ^ view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    crc =
      look(T7, first) ^
      look(T6, first >>> 8) ^
      look(T5, first >>> 16) ^
      look(T4, first >>> 24) ^
      look(T3, second) ^
      look(T2, second >>> 8) ^
      look(T1, second >>> 16) ^
      look(T0, second >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = look(T0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** By the lowest byte; the tables have all 256. */
function look(table: Int32Array, index: number): number {
  return table[index & 0xff] ?? 0;
}

/** Castagnoli's, its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const T0 = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL;
  return rest;
});
const T1 = behind(T0);
const T2 = behind(T1);
const T3 = behind(T2);
const T4 = behind(T3);
const T5 = behind(T4);
const T6 = behind(T5);
const T7 = behind(T6);

/** What a byte comes to with one byte more behind it. */
function behind(table: Int32Array): Int32Array {
  return table.map((rest) => (rest >>> 8) ^ look(T0, rest));
}
