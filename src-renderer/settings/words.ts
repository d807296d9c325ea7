/** Words of a comma-separated field; undefined when there are none. */
export function wordsOf(text: string | undefined): string[] | undefined {
  const words = (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return words.length > 0 ? words : undefined;
}
