/** The longest answer, the list of all symbols, is below half of it. */
const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** The whole body as text. Throws once there is too much of it, however the answer is compressed. */
export async function readText(response: Response, mostBytes = MOST_BODY_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`expected a body of at most ${mostBytes} bytes, got more`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
