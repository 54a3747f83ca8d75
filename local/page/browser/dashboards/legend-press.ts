/** What is hidden after a press: this one alone, all if it was alone already, or one more or less. */
export function pressed(
  hidden: ReadonlySet<string>,
  names: readonly string[],
  name: string,
  adding: boolean,
): Set<string> {
  if (adding) {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    return next;
  }
  const alone = names.every((one) => (one === name) !== hidden.has(one));
  return new Set(alone ? [] : names.filter((one) => one !== name));
}
