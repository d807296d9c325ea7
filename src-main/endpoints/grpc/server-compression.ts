// Answers of the mock server compressed, which grpc-js does for clients only: decides for each call whether its client takes
// it, and says so. The bytes are made off the main thread.
import { deflate, gzip } from 'node:zlib';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcConfig } from '../../core/session-config.ts';
import { acceptsEncoding, markCompressed } from './server-internals.ts';

/** Calls back once, with the compressed message or with what went wrong. */
export type Compress = (message: Uint8Array, done: (error: Error | null, compressed: Uint8Array) => void) => void;

const METHODS = { gzip, deflate } as const;

/** How each message of a call is to be compressed, which the call says from now on; undefined if they go as they are. */
export function compressionOf(
  call: ServerInterceptingCallInterface,
  { compression = 'identity' }: GrpcConfig,
): Compress | undefined {
  if (compression === 'identity' || !acceptsEncoding(call, compression)) return undefined;
  markCompressed(call, compression);
  return METHODS[compression];
}
