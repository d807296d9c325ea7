// Metadata of a config as grpc-js wants it. Every mistake becomes an EndpointError that names the entry.
import { Metadata, type MetadataOptions } from '@grpc/grpc-js';
import { parseBase64 } from '../../core/compose/base64.ts';
import type { MetadataConfig } from '../../core/session-config.ts';
import { EndpointError } from '../endpoint.ts';

/** Headers of a connection, not of a call: HTTP/2 has none of them (RFC 9113 §8.2.2). */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** What gRPC sends itself. */
const RESERVED: ReadonlySet<string> = new Set(['content-type', 'te', 'user-agent', 'grpc-timeout', 'grpc-encoding']);

/**
 * Metadata in the order of the config; values of names that end in `-bin` are base64 and become bytes.
 * Throws an EndpointError for a name or a value that cannot be sent.
 */
export function metadataOf(config: MetadataConfig | undefined, options: MetadataOptions = {}): Metadata {
  const metadata = new Metadata(options);
  for (const [name, values] of Object.entries(config ?? {})) {
    checkName(name);
    for (const value of Array.isArray(values) ? values : [values]) metadata.add(name, wireValue(name, value));
  }
  return metadata;
}

function checkName(name: string): void {
  const lower = name.toLowerCase();
  if (!/^[0-9a-z_.-]+$/.test(lower)) {
    throw mistake(
      `“${name}” is not a name of metadata.`,
      'Use letters, digits, hyphens, underscores and dots; names are sent in lower case.',
    );
  }
  if (CONNECTION_HEADERS.has(lower)) {
    throw mistake(`“${name}” cannot be metadata.`, 'Remove it: HTTP/2 has no such header.');
  }
  if (RESERVED.has(lower)) {
    throw mistake(`“${name}” cannot be metadata.`, 'Remove it: gRPC sets this header itself.');
  }
}

function wireValue(name: string, value: string): string | Buffer {
  if (name.toLowerCase().endsWith('-bin')) {
    try {
      return Buffer.from(parseBase64(value));
    } catch (error) {
      throw mistake(
        `The metadata ${name} is not base64.`,
        'Values of names that end in -bin are bytes, written as base64.',
        error instanceof Error ? error.message : '',
      );
    }
  }
  if (/^[ -~]*$/.test(value)) return value;
  throw mistake(
    `The metadata ${name} has a character that cannot be sent.`,
    `Only printable ASCII can. Send the bytes as base64 under the name ${name}-bin.`,
  );
}

function mistake(what: string, next: string, why = ''): EndpointError {
  return new EndpointError({ what, why, next });
}
