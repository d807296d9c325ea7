// Counts notes by severity, from the masks of a protocol's note definitions.
import { protocolById } from '../../core/dissect/registry.ts';
import type { Severity } from '../../core/field.ts';

interface NoteCounts {
  notes: number;
  warnings: number;
  errors: number;
}

/** Protocol id → bits of its notes that are warnings and errors. */
const masks = new Map<number, { warnings: number; errors: number }>();

/** Adds the notes of one record to the counts. */
export function countNotes(protocol: number, notes: number, counts: NoteCounts): void {
  let mask = masks.get(protocol);
  if (!mask) {
    mask = { warnings: maskOf(protocol, 'warning'), errors: maskOf(protocol, 'error') };
    masks.set(protocol, mask);
  }
  counts.notes += bitCount(notes);
  counts.warnings += bitCount(notes & mask.warnings);
  counts.errors += bitCount(notes & mask.errors);
}

function maskOf(protocol: number, severity: Severity): number {
  let mask = 0;
  protocolById(protocol)?.notes.forEach((note, bit) => {
    if (note.severity === severity) mask |= 1 << bit;
  });
  return mask;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
