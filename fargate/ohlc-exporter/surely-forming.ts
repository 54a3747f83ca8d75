const QUOTED_X = Buffer.from('"x"');
const FALSE = Buffer.from(':false');
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;

/**
 * True only for a frame that can't be a closed candle, decided on its bytes: 29 of 30 frames are updates of a
 * candle still forming, and parsing them is most of what a reader would otherwise do.
 *
 * Why nothing can fool it: without a backslash no string holds a quote, so the bytes `"x"` are always a whole
 * string token. With one such token, followed by `:false`, no member named `x` can be true anywhere in the
 * frame, whatever symbols and further fields it holds. Every other frame, also a cut-off one, is left to the parser.
 */
export function isSurelyForming(frame: Buffer): boolean {
  const end = frame.length;
  if (frame[0] !== OPEN_BRACE || frame[end - 1] !== CLOSE_BRACE || frame[end - 2] !== CLOSE_BRACE)
    return false;
  const at = frame.indexOf(QUOTED_X);
  if (at < 0) return false;
  const value = at + QUOTED_X.length;
  for (let i = 0; i < FALSE.length; i++) {
    if (frame[value + i] !== FALSE[i]) return false;
  }
  return frame.indexOf(QUOTED_X, value) < 0 && frame.indexOf(BACKSLASH) < 0;
}
