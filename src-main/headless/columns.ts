// The columns `wirescope read` can print of a record: a few of our own, and every field a filter knows.

import type { FilterSubject } from '../core/filter/subject.ts';
import { isoTime } from '../core/iso-time.ts';
import { directionName } from '../core/record.ts';
import { fieldReader, nearestField } from '../engine/scripts/field-reader.ts';
import { UsageError } from './usage.ts';

export interface Column {
  name: string;
  /** A number only where JSON is to have one. */
  value(subject: FilterSubject): string | number;
}

const OWN: { readonly [name: string]: Column['value'] } = {
  seq: ({ record }) => record.seq,
  at: ({ record }) => record.at,
  time: ({ record }) => isoTime(record.at),
  connection: ({ record }) => record.connection,
  stream: ({ record }) => record.stream,
  protocol: ({ protocol }) => protocol.name,
  kind: ({ record, protocol }) => protocol.types[record.type] ?? '',
  direction: ({ record }) => directionName(record.direction),
  size: ({ record }) => record.size,
  length: ({ record }) => record.length,
  summary: (subject) => subject.summary(),
  'frame.time_epoch': ({ record }) => epochSeconds(record.at),
};

export const DEFAULT_COLUMNS = ['seq', 'time', 'direction', 'kind', 'length', 'summary'];
/** What every JSON line has. */
export const JSON_COLUMNS = ['seq', 'at', 'connection', 'stream', 'kind', 'direction', 'length', 'summary'];

/** Numbers that Wireshark prints in hex, with so many digits. */
const HEX_DIGITS: { readonly [name: string]: number } = {
  'websocket.rsv': 2,
  'tls.record.version': 4,
  'tls.handshake.version': 4,
  'tls.handshake.ciphersuite': 4,
  'tls.handshake.extensions.supported_version': 4,
  'tls.handshake.extensions_supported_group': 4,
  'tls.handshake.server_named_curve': 4,
  'tls.handshake.sig_hash_alg': 4,
};

/** Values of a field are joined by commas, as tshark does; '' if the record has none. Throws a UsageError. */
export function columnNamed(name: string): Column {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own) return { name, value: own };
  const read = fieldReader(name);
  const digits = HEX_DIGITS[name];
  if (read && digits) return { name, value: (subject) => read(subject).map(hexNumber(digits)).join(',') };
  if (read) return { name, value: (subject) => read(subject).join(',') };
  const near = nearestField(name);
  throw new UsageError(`There is no field ${JSON.stringify(name)}.${near ? ` Did you mean ${near}?` : ''}`);
}

function hexNumber(digits: number): (decimal: string) => string {
  return (decimal) => `0x${Number(decimal).toString(16).padStart(digits, '0')}`;
}

/** With nine decimals, none of them lost to a division. */
function epochSeconds(at: number): string {
  const seconds = Math.floor(at / 1e6);
  const nanoseconds = Math.floor((at - seconds * 1e6) * 1000);
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`;
}
