// What TLS records and handshake messages are made of (RFC 8446, RFC 5246) and what records of it mean in the index: types,
// flags, notes. Shared by the hot path (tls.ts) and the looking path (detail.ts).
import type { NoteDefinition } from '../../field.ts';
import { noteBits } from '../note-bits.ts';

/** Stored in the index; see Protocol.id. */
export const TLS_ID = 5;

export const RECORD_HEADER_BYTES = 5;
/** Longest body of a record (RFC 5246 §6.2.3); TLS 1.3 allows less (RFC 8446 §5.2). */
export const MAX_BODY_BYTES = 16_384 + 2048;
export const MAX_BODY_BYTES_13 = 16_384 + 256;
export const MESSAGE_HEADER_BYTES = 4;

/** Content types as on the wire (RFC 8446 §5.1; heartbeat: RFC 6520). */
export const Content = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;

/** The type of a record in the index: what it carries, so for an opened TLS 1.3 record the type inside. */
export const TLS_TYPES = [
  'change cipher spec',
  'alert',
  'handshake',
  'application data',
  'heartbeat',
  'unknown',
  'raw',
] as const;
export const TlsType = { applicationData: 3, unknown: 5, raw: 6 } as const;

/** The index type of a content type. */
export function recordType(content: number): number {
  return content >= Content.changeCipherSpec && content <= Content.heartbeat ? content - 20 : TlsType.unknown;
}

/** `TimelineRecord.flags`: bits 0–7 the content type on the wire, and besides: */
export const TlsFlag = {
  /** The body is ciphertext. */
  encrypted: 1 << 8,
  /** It was opened: what was in it is kept (messages.ts reads it; of application data the bytes alone). */
  decrypted: 1 << 9,
  /** The capture or the stream ends inside. */
  truncated: 1 << 10,
  /** Of TLS 1.3: the content type on the wire says nothing, the real one is inside (RFC 8446 §5.2). */
  opaque: 1 << 11,
} as const;

/** The content type on the wire. `flags`: of the record. */
export function wireTypeOf(flags: number): number {
  return flags & 0xff;
}

export const Version = { ssl3: 0x0300, tls10: 0x0301, tls11: 0x0302, tls12: 0x0303, tls13: 0x0304 } as const;

/** `TLS 1.3`; the number in hex for versions nobody knows. */
export function versionName(version: number): string {
  if (version === Version.ssl3) return 'SSL 3.0';
  if (version >= Version.tls10 && version <= Version.tls13) return `TLS 1.${version - Version.tls10}`;
  return isGrease(version) ? 'GREASE' : `0x${version.toString(16).padStart(4, '0')}`;
}

/** Values that mean nothing and keep implementations tolerant (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}

/** The handshake messages that are looked into, by number (RFC 8446 §4, RFC 5246 §7.4). */
export const Message = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  certificateVerify: 15,
  finished: 20,
  keyUpdate: 24,
} as const;

const MESSAGE_NAMES: { readonly [type: number]: string } = {
  0: 'Hello Request',
  1: 'Client Hello',
  2: 'Server Hello',
  4: 'New Session Ticket',
  5: 'End of Early Data',
  8: 'Encrypted Extensions',
  11: 'Certificate',
  12: 'Server Key Exchange',
  13: 'Certificate Request',
  14: 'Server Hello Done',
  15: 'Certificate Verify',
  16: 'Client Key Exchange',
  20: 'Finished',
  21: 'Certificate URL',
  22: 'Certificate Status',
  23: 'Supplemental Data',
  24: 'Key Update',
  25: 'Compressed Certificate',
  254: 'Message Hash',
};

/** Whether a handshake message has a name. */
export function isKnownMessage(type: number): boolean {
  return MESSAGE_NAMES[type] !== undefined;
}

/** `Client Hello`; the number for types nobody knows. */
export function messageName(type: number): string {
  return MESSAGE_NAMES[type] ?? `Handshake message ${type}`;
}

export const ALERT_FATAL = 2;
export const CLOSE_NOTIFY = 0;

const ALERT_NAMES: { readonly [description: number]: string } = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** `unrecognized_name`, as RFC 8446 §6 spells it. */
export function alertName(description: number): string {
  return ALERT_NAMES[description] ?? `alert ${description}`;
}

/** `fatal` or `warning` (RFC 5246 §7.2). */
export function alertLevelName(level: number): string {
  if (level === ALERT_FATAL) return 'fatal';
  return level === 1 ? 'warning' : `level ${level}`;
}

const definitions = {
  truncated: { severity: 'warning', text: 'The bytes end inside this record.', source: '' },
  gap: { severity: 'warning', text: 'Bytes are missing from the capture here or just before.', source: '' },
  joinedLate: {
    severity: 'info',
    text: 'The handshake is not in the capture: without its random values no keys can be found.',
    source: '',
  },
  unreadable: { severity: 'error', text: 'No TLS records can be read from these bytes.', source: 'RFC 8446 §5.1' },
  unknownType: { severity: 'error', text: 'TLS has no records of this type.', source: 'RFC 8446 §5' },
  recordTooLong: { severity: 'error', text: 'The record is longer than TLS allows.', source: 'RFC 8446 §5.2' },
  emptyRecord: {
    severity: 'error',
    text: 'Only records with application data may be empty.',
    source: 'RFC 8446 §5.1',
  },
  undecryptable: {
    severity: 'warning',
    text: 'The record could not be decrypted: its tag does not fit the keys that are known.',
    source: 'RFC 8446 §5.2',
  },
  unsupportedSuite: {
    severity: 'info',
    text: 'Records of this cipher suite cannot be decrypted here, only those of AEAD suites.',
    source: 'RFC 5246 §6.2.3.3',
  },
  earlyData: {
    severity: 'info',
    text: 'Early data (0-RTT), or what follows it under unknown keys: it is not decrypted.',
    source: 'RFC 8446 §2.3',
  },
  noContentType: {
    severity: 'error',
    text: 'The record holds nothing but padding, so no content type.',
    source: 'RFC 8446 §5.4',
  },
  badChangeCipherSpec: {
    severity: 'error',
    text: 'A change of the cipher spec is one byte, 1.',
    source: 'RFC 5246 §7.1',
  },
  badAlert: { severity: 'error', text: 'An alert is two bytes: level and description.', source: 'RFC 8446 §6' },
  fatalAlert: { severity: 'warning', text: 'A fatal alert ends the connection.', source: 'RFC 8446 §6.2' },
  afterClose: {
    severity: 'error',
    text: 'The sender had closed its direction with close_notify.',
    source: 'RFC 8446 §6.1',
  },
  malformedMessage: {
    severity: 'error',
    text: 'A handshake message ends before all that it announces, or holds more.',
    source: 'RFC 8446 §4',
  },
  messageTooLong: {
    severity: 'warning',
    text: 'The handshake message is longer than what is read here (256 KiB).',
    source: '',
  },
  interleaved: {
    severity: 'error',
    text: 'Another record comes before the handshake message is complete.',
    source: 'RFC 8446 §5.1',
  },
  oldVersion: {
    severity: 'warning',
    text: 'This version of TLS is deprecated.',
    source: 'RFC 8996',
  },
  weakSuite: {
    severity: 'warning',
    text: 'The cipher suite is broken or encrypts nothing.',
    source: 'RFC 9325 §4.1',
  },
  downgrade: {
    severity: 'warning',
    text: 'The server knows a newer version than it chose: its random value says so.',
    source: 'RFC 8446 §4.1.3',
  },
  heartbeatOverread: {
    severity: 'error',
    text: 'The heartbeat claims a longer payload than it has (Heartbleed, CVE-2014-0160).',
    source: 'RFC 6520 §4',
  },
} as const satisfies { [name: string]: NoteDefinition };

export const TLS_NOTES: readonly NoteDefinition[] = Object.values(definitions);
/** The bit of each note in `TimelineRecord.notes`. */
export const TlsNote = noteBits(definitions);
