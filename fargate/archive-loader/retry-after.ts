/** What `Retry-After` (seconds, or by HTTP's own rules a date) asks for; `otherwise` where there is none. */
export function retryAfterMs(response: Response, otherwise: number): number {
  const header = response.headers.get('retry-after')?.trim() ?? '';
  if (header === '') return otherwise;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? otherwise : Math.max(0, date - Date.now());
}
