// Metadata of a call as rows of a table, and what gRPC refuses. Pure.
import type { MetadataConfig } from '../../src-main/core/session-config.ts';

export interface MetadataRow {
  name: string;
  value: string;
}

/** Set by the call itself; a person's value would break it or be lost. */
const RESERVED = new Set([
  'te',
  'content-type',
  'content-length',
  'host',
  'connection',
  'transfer-encoding',
  'upgrade',
]);

/** One row for each value; those of one name stay together. */
export function metadataRows(metadata: MetadataConfig | undefined): MetadataRow[] {
  return Object.entries(metadata ?? {}).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ name, value })),
  );
}

/** The metadata that rows stand for, without those whose name is missing or refused; undefined if there are none. */
export function metadataOf(rows: readonly MetadataRow[]): MetadataConfig | undefined {
  const values = new Map<string, string[]>();
  for (const row of rows) {
    const name = row.name.trim().toLowerCase();
    if (name === '' || nameError(name)) continue;
    values.set(name, [...(values.get(name) ?? []), row.value]);
  }
  if (values.size === 0) return undefined;
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}

/** What gRPC has against a row; undefined if nothing. */
export function rowError(row: MetadataRow): string | undefined {
  const name = row.name.trim().toLowerCase();
  if (name === '') return row.value === '' ? undefined : 'A name is missing: this value is not sent.';
  return nameError(name) ?? valueError(name, row.value);
}

function nameError(name: string): string | undefined {
  if (name.startsWith(':') || name.startsWith('grpc-') || RESERVED.has(name)) {
    return `“${name}” belongs to gRPC itself and is not sent. The deadline and compression have settings of their own.`;
  }
  return /^[0-9a-z_.-]+$/.test(name) ? undefined : 'Names are letters, digits, dots, hyphens and underscores.';
}

function valueError(name: string, value: string): string | undefined {
  if (name.endsWith('-bin')) {
    return isBase64(value) ? undefined : 'Names that end in -bin carry bytes: write them as base64.';
  }
  return /[^\x20-\x7e]/.test(value)
    ? 'Only printable ASCII. For other text, end the name in -bin and use base64.'
    : undefined;
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}
