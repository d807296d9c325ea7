// Wire time as people and programs both read it.

/** UTC with microseconds, as `2026-07-28T17:09:00.123456Z`. `at`: microseconds since the Unix epoch. */
export function isoTime(at: number): string {
  const whole = Math.floor(at);
  const micros = String(whole % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(whole / 1_000_000) * 1000).toISOString().slice(0, 19)}.${micros}Z`;
}
