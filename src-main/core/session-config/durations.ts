// Lengths of time as a person writes them.
import { z } from 'zod';

/** A timer takes no more: what is longer would fire at once. */
export const MAX_DURATION_MS = 2 ** 31 - 1;

/** `250ms`, `2s`, `1m`, or a number of milliseconds. */
export const durationSchema = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration such as 250ms, 2s or 1m')])
  .refine((value) => durationMs(value) <= MAX_DURATION_MS, 'a duration of at most 24 days')
  .meta({ id: 'duration' });
export type Duration = z.infer<typeof durationSchema>;

/** Milliseconds of a duration. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return value;
  const amount = Number.parseFloat(value);
  if (value.endsWith('ms')) return amount;
  return value.endsWith('m') ? amount * 60_000 : amount * 1000;
}
