// The message type that somebody means who types a part of its name. Pure.

/**
 * The type of those found that is meant: of this name, else the only one with it as its last part, else the only one that
 * has it anywhere in its name. What was typed, if that tells none of them.
 */
export function meantType(typed: string, found: readonly string[]): string {
  const text = typed.trim();
  if (text === '' || found.includes(text)) return text;
  const part = text.toLowerCase();
  const matches = [
    found.filter((name) => name.toLowerCase().endsWith(`.${part}`)),
    found.filter((name) => name.toLowerCase().includes(part)),
  ];
  return matches.find((names) => names.length === 1)?.[0] ?? text;
}
