// How long something took, as a person reads it.

/** `1.234 ms`: to the microsecond, whatever the length. */
export function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(3)} ms`;
}
