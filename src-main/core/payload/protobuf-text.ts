// How numbers, times and spans of Protocol Buffers are written as text, in ProtoJSON as for a person.

/** Years 1 to 9999, in seconds since 1970. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;
/** Ten thousand years. */
const MAX_DURATION_SECONDS = 315_576_000_000;
const NANOS_PER_SECOND = 1_000_000_000;

/** The number that is the same 32-bit float with few digits: 0.1 rather than 0.10000000149011612. */
export function shortFloat(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** `2024-02-29T12:00:00.250Z`, with 0, 3, 6 or 9 digits of a second; undefined outside the years 1 to 9999. */
export function timestampText(seconds: number | bigint, nanos: number): string | undefined {
  const whole = Number(seconds);
  if (whole < MIN_SECONDS || whole > MAX_SECONDS || nanos < 0 || nanos >= NANOS_PER_SECOND) return undefined;
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

/** `-1.500s`, with 0, 3, 6 or 9 digits of a second; undefined for more than 10,000 years or signs that differ. */
export function durationText(seconds: number | bigint, nanos: number): string | undefined {
  const whole = Number(seconds);
  if (Math.abs(whole) > MAX_DURATION_SECONDS || Math.abs(nanos) >= NANOS_PER_SECOND) return undefined;
  if ((whole > 0 && nanos < 0) || (whole < 0 && nanos > 0)) return undefined;
  const sign = whole < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(whole)}${fraction(Math.abs(nanos))}s`;
}

function fraction(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  if (nanos % 1_000_000 === 0) return `.${digits.slice(0, 3)}`;
  return nanos % 1000 === 0 ? `.${digits.slice(0, 6)}` : `.${digits}`;
}
