// The field trees of handshake messages (RFC 8446 §4, RFC 5246 §7.4), under Wireshark's names.
import type { Field, FieldDefinition, FieldValue } from '../../field.ts';
import { hexPreview, oneLine, shorten } from '../../payload/preview.ts';
import { hex, utf8 } from '../bytes.ts';
import { MESSAGE_HEADER_BYTES, Message, messageName, versionName } from './format.ts';
import { Extension, type ExtensionPart, type Part, PartReader, readExtensions, readHello } from './hello.ts';
import { extensionName, groupName, signatureName } from './names.ts';
import { suiteName } from './suites.ts';

/** More than any sane message has; a hostile one has no more rows than this. */
const MAX_ENTRIES = 1000;
const MAX_TEXT_CHARS = 256;

export const handshakeDefinitions: readonly FieldDefinition[] = [
  { name: 'tls.handshake', label: 'Handshake message', type: 'bytes' },
  { name: 'tls.handshake.type', label: 'Handshake type', type: 'number' },
  { name: 'tls.handshake.length', label: 'Length', type: 'number' },
  { name: 'tls.handshake.version', label: 'Version', type: 'number' },
  { name: 'tls.handshake.random', label: 'Random', type: 'bytes' },
  { name: 'tls.handshake.session_id', label: 'Session ID', type: 'bytes' },
  { name: 'tls.handshake.ciphersuite', label: 'Cipher suite', type: 'number' },
  { name: 'tls.handshake.comp_method', label: 'Compression method', type: 'number' },
  { name: 'tls.handshake.extensions_length', label: 'Extensions length', type: 'number' },
  { name: 'tls.handshake.extension', label: 'Extension', type: 'string' },
  { name: 'tls.handshake.extension.type', label: 'Type', type: 'number' },
  { name: 'tls.handshake.extension.len', label: 'Length', type: 'number' },
  { name: 'tls.handshake.extension.data', label: 'Data', type: 'bytes' },
  { name: 'tls.handshake.extensions_server_name', label: 'Server name', type: 'string' },
  { name: 'tls.handshake.extensions_alpn_str', label: 'ALPN protocol', type: 'string' },
  { name: 'tls.handshake.extensions.supported_version', label: 'Supported version', type: 'number' },
  { name: 'tls.handshake.extensions_supported_group', label: 'Supported group', type: 'number' },
  { name: 'tls.handshake.extensions_key_share_group', label: 'Key share group', type: 'number' },
  { name: 'tls.handshake.sig_hash_alg', label: 'Signature algorithm', type: 'number' },
  { name: 'tls.handshake.server_named_curve', label: 'Named curve', type: 'number' },
  { name: 'tls.handshake.server_point', label: 'Public key', type: 'bytes' },
  { name: 'tls.handshake.certificates_length', label: 'Certificates length', type: 'number' },
  { name: 'tls.handshake.certificate_length', label: 'Certificate length', type: 'number' },
  { name: 'tls.handshake.certificate', label: 'Certificate', type: 'bytes' },
  { name: 'tls.handshake.session_ticket_lifetime_hint', label: 'Ticket lifetime, seconds', type: 'number' },
  { name: 'tls.handshake.verify_data', label: 'Verify data', type: 'bytes' },
  { name: 'tls.handshake.key_update.request_update', label: 'Key update requested', type: 'number' },
];

/** Fields of one message, whose first byte is `base` bytes into its source. */
class FieldWriter {
  readonly fields: Field[] = [];
  readonly bytes: Uint8Array;
  readonly #base: number;
  readonly #source: number;

  constructor(bytes: Uint8Array, base: number, source: number) {
    this.bytes = bytes;
    this.#base = base;
    this.#source = source;
  }

  add(name: string, label: string, { at, length }: Part, value: FieldValue, display?: string): Field {
    const field: Field = {
      name: `tls.handshake.${name}`,
      label,
      value,
      ...(display !== undefined && { display }),
      ...(this.#source > 0 && { source: this.#source }),
      start: this.#base + at,
      length,
    };
    if (this.fields.length < MAX_ENTRIES) this.fields.push(field);
    return field;
  }

  /** An unsigned number of `length` bytes. */
  number(name: string, label: string, at: number, length: number, names?: (value: number) => string): number {
    const value = new PartReader(this.bytes, at).number(length);
    this.add(name, label, { at, length }, value, names && `${names(value)} (${value})`);
    return value;
  }

  data(name: string, label: string, part: Part): void {
    const bytes = this.bytes.subarray(part.at, part.at + part.length);
    this.add(name, label, part, part.length <= 32 ? hex(bytes) : hexPreview(bytes, part.length));
  }

  /** Numbers of two bytes each. */
  list(name: string, label: string, { at, length }: Part, names: (value: number) => string): void {
    const end = Math.min(at + length, at + 2 * MAX_ENTRIES);
    for (let each = at; each + 2 <= end; each += 2) this.number(name, label, each, 2, names);
  }

  text(name: string, label: string, part: Part): void {
    const text = utf8(this.bytes.subarray(part.at, part.at + part.length));
    this.add(name, label, part, shorten(oneLine(text), MAX_TEXT_CHARS));
  }

  /** A writer for fields below one of these. */
  below(field: Field): FieldWriter {
    const writer = new FieldWriter(this.bytes, this.#base, this.#source);
    field.children = writer.fields;
    return writer;
  }
}

/**
 * The tree of one whole message.
 * @param base where the message begins in the source
 * @param is13 it is of TLS 1.3, whose certificates have another form
 */
export function messageField(message: Uint8Array, base: number, source: number, is13: boolean): Field {
  const writer = new FieldWriter(message, base, source);
  const type = message[0]!;
  writer.number('type', 'Handshake type', 0, 1, messageName);
  writer.number('length', 'Length', 1, 3);
  content(writer, type, is13);
  return {
    name: 'tls.handshake',
    label: messageName(type),
    value: `${message.length} bytes`,
    ...(source > 0 && { source }),
    start: base,
    length: message.length,
    children: writer.fields,
  };
}

function content(writer: FieldWriter, type: number, is13: boolean): void {
  const { bytes } = writer;
  const body = { at: MESSAGE_HEADER_BYTES, length: bytes.length - MESSAGE_HEADER_BYTES };
  switch (type) {
    case Message.clientHello:
    case Message.serverHello:
      hello(writer, type === Message.clientHello);
      return;
    case Message.encryptedExtensions:
      extensions(writer, body.at, readExtensions(bytes, body.at));
      return;
    case Message.certificate:
      certificates(writer, is13);
      return;
    case Message.newSessionTicket:
      if (body.length >= 4) writer.number('session_ticket_lifetime_hint', 'Ticket lifetime, seconds', body.at, 4);
      return;
    case Message.serverKeyExchange:
      ellipticKeyExchange(writer);
      return;
    case Message.certificateRequest:
      certificateRequest(writer, is13);
      return;
    case Message.certificateVerify:
      if (body.length >= 2) writer.number('sig_hash_alg', 'Signature algorithm', body.at, 2, signatureName);
      return;
    case Message.finished:
      writer.data('verify_data', 'Verify data', body);
      return;
    case Message.keyUpdate:
      if (body.length > 0) writer.number('key_update.request_update', 'Key update requested', body.at, 1);
  }
}

function hello(writer: FieldWriter, isClient: boolean): void {
  const { bytes } = writer;
  const parts = readHello(bytes);
  if (!parts) return;
  writer.number('version', 'Version', MESSAGE_HEADER_BYTES, 2, versionName);
  writer.data('random', 'Random', parts.random);
  if (parts.sessionId.length > 0) writer.data('session_id', 'Session ID', parts.sessionId);
  writer.list('ciphersuite', 'Cipher suite', parts.suites, suiteName);
  for (let i = 0; i < parts.compression.length; i++) {
    writer.number('comp_method', 'Compression method', parts.compression.at + i, 1);
  }
  if (parts.extensionsAt >= 0) extensions(writer, parts.extensionsAt, parts.extensions, isClient);
}

function extensions(writer: FieldWriter, at: number, parts: ExtensionPart[] | undefined, isClient = false): void {
  if (!parts) return;
  writer.number('extensions_length', 'Extensions length', at, 2);
  for (const part of parts.slice(0, MAX_ENTRIES)) {
    const name = extensionName(part.type);
    const whole = { at: part.at - 4, length: part.length + 4 };
    const below = writer.below(writer.add('extension', 'Extension', whole, name));
    below.number('extension.type', 'Type', part.at - 4, 2, extensionName);
    below.number('extension.len', 'Length', part.at - 2, 2);
    extension(below, part, isClient);
  }
}

function extension(writer: FieldWriter, part: ExtensionPart, isClient: boolean): void {
  const { at, length } = part;
  if (length === 0) return;
  const reader = new PartReader(writer.bytes, at, at + length);
  switch (part.type) {
    case Extension.serverName:
      reader.number(2);
      reader.number(1);
      writer.text('extensions_server_name', 'Server name', reader.part(reader.number(2)));
      return;
    case Extension.alpn:
      reader.number(2);
      while (reader.at < at + length) {
        writer.text('extensions_alpn_str', 'ALPN protocol', reader.part(reader.number(1)));
      }
      return;
    case Extension.supportedVersions: {
      const list = isClient ? { at: at + 1, length: length - 1 } : part;
      writer.list('extensions.supported_version', 'Supported version', list, versionName);
      return;
    }
    case Extension.supportedGroups:
      writer.list('extensions_supported_group', 'Supported group', { at: at + 2, length: length - 2 }, groupName);
      return;
    case Extension.signatureAlgorithms:
      writer.list('sig_hash_alg', 'Signature algorithm', { at: at + 2, length: length - 2 }, signatureName);
      return;
    case Extension.keyShare:
      if (isClient) reader.number(2);
      while (reader.at + 2 <= at + length) {
        writer.number('extensions_key_share_group', 'Key share group', reader.at, 2, groupName);
        reader.number(2);
        reader.part(reader.number(2));
      }
      return;
    default:
      writer.data('extension.data', 'Data', part);
  }
}

function certificates(writer: FieldWriter, is13: boolean): void {
  const { bytes } = writer;
  const reader = new PartReader(bytes, MESSAGE_HEADER_BYTES);
  if (is13) reader.part(reader.number(1));
  writer.number('certificates_length', 'Certificates length', reader.at, 3);
  const end = reader.number(3) + reader.at;
  while (reader.at < Math.min(end, bytes.length) && !reader.overrun) {
    writer.number('certificate_length', 'Certificate length', reader.at, 3);
    writer.data('certificate', 'Certificate', reader.part(reader.number(3)));
    if (is13) reader.part(reader.number(2));
  }
}

/** ServerKeyExchange of a named curve, signed (RFC 8422 §5.4, RFC 5246 §7.4.3). That it is one, only its lengths tell. */
function ellipticKeyExchange(writer: FieldWriter): void {
  const NAMED_CURVE = 3;
  const { bytes } = writer;
  const reader = new PartReader(bytes, MESSAGE_HEADER_BYTES);
  if (reader.number(1) !== NAMED_CURVE) return;
  const curveAt = reader.at;
  reader.number(2);
  const point = reader.part(reader.number(1));
  const algorithmAt = reader.at;
  reader.number(2);
  reader.part(reader.number(2));
  if (reader.overrun || reader.at !== bytes.length) return;
  writer.number('server_named_curve', 'Named curve', curveAt, 2, groupName);
  writer.data('server_point', 'Public key', point);
  writer.number('sig_hash_alg', 'Signature algorithm', algorithmAt, 2, signatureName);
}

function certificateRequest(writer: FieldWriter, is13: boolean): void {
  const { bytes } = writer;
  const reader = new PartReader(bytes, MESSAGE_HEADER_BYTES);
  reader.part(reader.number(1));
  if (is13) extensions(writer, reader.at, readExtensions(bytes, reader.at));
  else writer.list('sig_hash_alg', 'Signature algorithm', reader.part(reader.number(2)), signatureName);
}

/** How many certificates a whole Certificate message holds. */
export function certificateCount(message: Uint8Array, is13: boolean): number {
  const writer = new FieldWriter(message, 0, 0);
  certificates(writer, is13);
  return writer.fields.filter((field) => field.name === 'tls.handshake.certificate').length;
}
