// Numbers, sizes and times as the interface writes them: thin space before units, decimal prefixes, tabular digits.

/** Narrow no-break space between a number and its unit. */
const THIN = '\u202f';

const counts = new Intl.NumberFormat('en-US');

/** `3,104` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** The number of a record, from 1, as filters (`frame.number`) and fields of the engine count. */
export function recordNumber(seq: number): number {
  return seq + 1;
}

/** `14 B`, `1.2 kB`, `88 kB`, `3.4 MB`. Decimal prefixes. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);
}

/** Bytes in full, as `1,204 B`. */
export function formatBytesExact(bytes: number): string {
  return `${formatCount(bytes)}${THIN}B`;
}

/** For a narrow column: bytes in full while they are few, as `1,204`, then as `1.4 MB`. Never cut off. */
export function formatSize(bytes: number): string {
  return bytes < 100_000 ? formatCount(bytes) : formatBytes(bytes);
}

/** `88 kB/s` */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** `12 msg/s`, one decimal below ten. */
export function formatMessageRate(messagesPerSecond: number): string {
  const number = messagesPerSecond < 10 ? trimmed(messagesPerSecond, 1) : formatCount(Math.round(messagesPerSecond));
  return `${number}${THIN}msg/s`;
}

/** A span of `us` microseconds: `900 µs`, `4.2 ms`, `1.24 s`, `2 min 3 s`, `1 h 5 min`. */
export function formatDuration(us: number): string {
  const sign = us < 0 ? '−' : '';
  const size = Math.abs(us);
  if (size < 1000) return `${sign}${Math.round(size)}${THIN}µs`;
  if (size < 1_000_000) return `${sign}${significant(size / 1000)}${THIN}ms`;
  if (size < 60_000_000) return `${sign}${trimmed(size / 1_000_000, 2)}${THIN}s`;
  const seconds = Math.round(size / 1_000_000);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)}${THIN}min ${seconds % 60}${THIN}s`;
  return `${sign}${Math.floor(seconds / 3600)}${THIN}h ${Math.floor((seconds % 3600) / 60)}${THIN}min`;
}

/** Wall clock of `atUs` (microseconds since the Unix epoch) in local time: `14:03:07.004211`. */
export function formatTime(atUs: number): string {
  const { date, us } = splitTime(atUs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${us}`;
}

/** The same to the millisecond: `14:03:07.004`. */
export function formatClock(atUs: number): string {
  return formatTime(atUs).slice(0, -3);
}

/** Date and wall clock: `2025-03-01 14:03:07.004211`. */
export function formatDateTime(atUs: number): string {
  const { date } = splitTime(atUs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatTime(atUs)}`;
}

/** Seconds since a start, six decimals: `0.004211`. Takes microseconds. */
export function formatSeconds(us: number): string {
  const sign = us < 0 ? '−' : '';
  const size = Math.round(Math.abs(us));
  return `${sign}${Math.floor(size / 1_000_000)}.${String(size % 1_000_000).padStart(6, '0')}`;
}

/** `1 record`, `3,104 records`. */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

function splitTime(atUs: number): { date: Date; us: string } {
  const whole = Math.floor(atUs);
  return {
    date: new Date(Math.floor(whole / 1000)),
    us: String(((whole % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0'),
  };
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let rest = value;
  while (rest >= step && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  // 999.96 kB would round to 1000 kB: take the next unit instead.
  if (unit > 0 && unit < units.length - 1 && rest >= step - 0.5) {
    rest /= step;
    unit++;
  }
  return `${unit === 0 ? formatCount(Math.round(rest)) : significant(rest)}${THIN}${units[unit]}`;
}

/** One decimal below ten, none from there: `1.2`, `88`. */
function significant(value: number): string {
  return value < 9.95 ? trimmed(value, 1) : String(Math.round(value));
}

function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
