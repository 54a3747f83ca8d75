const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * True only for a frame that can't be a closed candle, decided on its bytes: 29 of 30 frames are updates of a
 * candle still forming, and parsing them is most of what a reader would otherwise do.
 *
 * Why nothing can fool it: without a backslash no string holds a quote, so the bytes `"x"` are always a whole
 * string token. With one such token, followed by `:false`, no member named `x` can be true anywhere in the
 * frame, whatever symbols and further fields it holds. Every other frame, also a cut-off one, is left to the parser.
 *
 * As text of one byte a character, in which every byte of a frame stands for itself: the searches of a string take a third
 * of a loop over its bytes, or of as many calls of Buffer.indexOf.
 */
export function isSurelyForming(frame: Buffer): boolean {
  const end = frame.length;
  if (frame[0] !== OPEN_BRACE || frame[end - 1] !== CLOSE_BRACE || frame[end - 2] !== CLOSE_BRACE)
    return false;
  const text = frame.toString('latin1');
  const found = text.indexOf('x"');
  return (
    found > 0 &&
    text.startsWith('"x":false', found - 1) &&
    text.indexOf('x"', found + 1) < 0 &&
    !text.includes('\\')
  );
}
