// What a capture file remembers beside traffic, as packet comments: how a connection was opened and what its bytes are
// taken for, lifecycle events, the end of a UDP conversation. Anybody's file may hold such a comment, so reading checks
// every word of it.
import { z } from 'zod';
import { EVENT_TYPES, type LifecycleEvent } from '../../core/event.ts';
import type { ConnectionInfo } from '../../core/recorder.ts';

/** `connection` 0: the session as a whole. */
export type Remark =
  | { connection: number; opened: ConnectionInfo }
  | { connection: number; event: LifecycleEvent }
  | { connection: number; closed: true };

const PREFIX = 'wirescope ';
/** An option's length field has 16 bits. */
const MAX_COMMENT_BYTES = 65_000;
const MAX_TEXT = 2000;

const hexSchema = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));

const framingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('lines') }),
  z.object({ kind: z.literal('delimiter'), delimiter: hexSchema }),
  z.object({
    kind: z.literal('length-prefix'),
    bytes: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
    littleEndian: z.boolean(),
    includesItself: z.boolean(),
  }),
  z.object({ kind: z.literal('fixed'), length: z.number().int().positive() }),
]);

const dissectAsSchema = z.discriminatedUnion('protocol', [
  z.object({ protocol: z.literal('auto') }),
  z.object({ protocol: z.literal('http') }),
  z.object({ protocol: z.literal('tls') }),
  z.object({ protocol: z.literal('http2') }),
  z.object({ protocol: z.literal('websocket') }),
  z.object({ protocol: z.literal('tcp'), framing: framingSchema }),
  z.object({ protocol: z.literal('udp') }),
]);

const peerSchema = z.object({ address: z.string().max(64), port: z.number().int().min(0).max(65_535) });
const connectionSchema = z.number().int().min(0).max(0xffff_fffe);

const problemSchema = z
  .object({
    what: z.string(),
    why: z.string(),
    next: z.string(),
    code: z.string(),
    details: z.string(),
  })
  .partial({ code: true, details: true });

const remarkSchema = z.union([
  z.object({
    connection: connectionSchema,
    opened: z.object({
      transport: z.enum(['tcp', 'udp']),
      client: peerSchema,
      server: peerSchema,
      decrypted: z.boolean(),
      dissectAs: dissectAsSchema,
    }),
  }),
  z.object({
    connection: connectionSchema,
    event: z.object({
      type: z.enum(EVENT_TYPES),
      severity: z.enum(['info', 'warning', 'error']),
      text: z.string(),
      fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      problem: problemSchema.optional(),
    }),
  }),
  z.object({ connection: connectionSchema, closed: z.literal(true) }),
]);

/** The remark as a packet comment, cut to what a comment holds. */
export function encodeRemark(remark: Remark): Uint8Array {
  const encode = (value: Remark): Uint8Array => new TextEncoder().encode(PREFIX + JSON.stringify(value, hexBytes));
  const bytes = encode(remark);
  if (bytes.length <= MAX_COMMENT_BYTES || !('event' in remark)) return bytes;
  return encode({ connection: remark.connection, event: shortened(remark.event) });
}

/** The remark that a packet comment is, or undefined. */
export function decodeRemark(comment: string): Remark | undefined {
  if (!comment.startsWith(PREFIX)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(comment.slice(PREFIX.length));
  } catch {
    return undefined;
  }
  const parsed = remarkSchema.safeParse(value);
  // zod's optional keys may be undefined as well; JSON has no undefined.
  return parsed.success ? (parsed.data as Remark) : undefined;
}

function hexBytes(_key: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function shortened(event: LifecycleEvent): LifecycleEvent {
  const { type, severity, text, problem } = event;
  const cut = (value: string): string => value.slice(0, MAX_TEXT);
  return {
    type,
    severity,
    text: cut(text),
    ...(problem && { problem: { what: cut(problem.what), why: cut(problem.why), next: cut(problem.next) } }),
  };
}
