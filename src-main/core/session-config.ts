// A session's config: plain data, the same in a YAML file, over the bridge and in the engine. Unknown keys are errors.
import { z } from 'zod';
import { jsonFault } from './json-value.ts';

/** A timer takes no more: what is longer would fire at once. */
const MAX_DURATION_MS = 2 ** 31 - 1;

/** `250ms`, `2s`, `1m`, or a number of milliseconds. */
const duration = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration such as 250ms, 2s or 1m')])
  .refine((value) => durationMs(value) <= MAX_DURATION_MS, 'a duration of at most 24 days');
export type Duration = z.infer<typeof duration>;

/** Milliseconds of a duration. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return value;
  const amount = Number.parseFloat(value);
  if (value.endsWith('ms')) return amount;
  return value.endsWith('m') ? amount * 60_000 : amount * 1000;
}

export const tlsSchema = z.strictObject({
  /** PEM file of the authorities to trust instead of the system's. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  /** PKCS#12 file with certificate and key. */
  pkcs12: z.string().optional(),
  /** Of the key or the PKCS#12 file. A secret: never written to a file. */
  passphrase: z.string().optional(),
  /** false: any certificate is accepted, and the lock shows it. */
  verify: z.boolean().optional(),
  /** SNI and the name the certificate must have; the host of the target if absent. */
  serverName: z.string().optional(),
  alpn: z.array(z.string()).optional(),
  /** Server: make a throw-away certificate at start. */
  selfSigned: z.boolean().optional(),
  /** Server: ask clients for a certificate. */
  requestClientCertificate: z.boolean().optional(),
});
export type TlsConfig = z.infer<typeof tlsSchema>;

export const reconnectSchema = z.strictObject({
  /** 0: never. */
  attempts: z.number().int().min(0).max(1_000_000),
  delay: duration.optional(),
  /** Each further wait is this many times the one before. */
  backoff: z.number().min(1).max(10).optional(),
  maxDelay: duration.optional(),
});
export type ReconnectConfig = z.infer<typeof reconnectSchema>;

export const websocketSchema = z.strictObject({
  headers: z.record(z.string(), z.string()).optional(),
  /** Client: offered, in order. Server: supported, in order of preference. */
  subprotocols: z.array(z.string()).optional(),
  origin: z.string().optional(),
  compression: z.boolean().optional(),
  autoPong: z.boolean().optional(),
  pingEverySeconds: z.number().min(0).max(86_400).optional(),
  handshakeTimeoutMs: z.number().int().min(1).max(3_600_000).optional(),
  maxMessageBytes: z.number().int().min(0).optional(),
  /** HTTP Basic: the password is a secret, never written to a file. */
  basicAuth: z.strictObject({ user: z.string(), password: z.string().optional() }).optional(),
  cookies: z.record(z.string(), z.string()).optional(),
});
export type WebSocketConfig = z.infer<typeof websocketSchema>;

export const tcpSchema = z.strictObject({
  framing: z.enum(['none', 'lines', 'delimiter', 'length-prefix', 'fixed']).optional(),
  /** For `delimiter`: the bytes as hex (`0d0a`). */
  delimiter: z.string().optional(),
  /** For `length-prefix`: width in bytes. */
  prefixBytes: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]).optional(),
  prefixByteOrder: z.enum(['big', 'little']).optional(),
  /** The length counts its own bytes too. */
  prefixIncludesItself: z.boolean().optional(),
  /** For `fixed`: bytes per message. */
  fixedLength: z.number().int().min(1).optional(),
  noDelay: z.boolean().optional(),
});
export type TcpConfig = z.infer<typeof tcpSchema>;

export const udpSchema = z.strictObject({
  broadcast: z.boolean().optional(),
  /** Groups to join. */
  multicast: z.array(z.string()).optional(),
  multicastTtl: z.number().int().min(0).max(255).optional(),
  multicastLoopback: z.boolean().optional(),
  /** Address of the interface for multicast. */
  multicastInterface: z.string().optional(),
});
export type UdpConfig = z.infer<typeof udpSchema>;

/** Metadata of a call: a value or several; those of names that end in `-bin` are base64. */
export const metadataSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
export type MetadataConfig = z.infer<typeof metadataSchema>;

/** JSON as it is parsed from text, not deeper than what carries it bears. */
const json = z.unknown().superRefine((value, context) => {
  // That the key is missing is said by the object it is missing in.
  const fault = value === undefined ? undefined : jsonFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** Bytes to send, in one of the ways a person writes them. */
export const contentSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ json }),
  z.strictObject({ hex: z.string() }),
  z.strictObject({ base64: z.string() }),
  z.strictObject({ file: z.string() }),
]);
export type Content = z.infer<typeof contentSchema>;

const savedMessageSchema = z.union([
  z.strictObject({ name: z.string().min(1), text: z.string() }),
  z.strictObject({ name: z.string().min(1), json }),
  z.strictObject({ name: z.string().min(1), hex: z.string() }),
  z.strictObject({ name: z.string().min(1), base64: z.string() }),
  z.strictObject({ name: z.string().min(1), file: z.string() }),
]);
export type SavedMessage = z.infer<typeof savedMessageSchema>;

/** What a message must look like. All given conditions must hold. */
export const matchSchema = z.strictObject({
  text: z.string().optional(),
  contains: z.string().optional(),
  /** A regular expression over the text. */
  matches: z.string().optional(),
  /** A subset: every key given must be there with that value. */
  json: json.optional(),
  hex: z.string().optional(),
});
export type Match = z.infer<typeof matchSchema>;

const closeSchema = z.strictObject({ code: z.number().int().optional(), reason: z.string().optional() });

/** One rule of a scripted server: the first that matches a message answers it. */
export const answerSchema = z.strictObject({
  /** Absent: matches every message. */
  when: matchSchema.optional(),
  /** Names of saved messages, or contents, sent in order. */
  reply: z.array(z.union([z.string(), contentSchema])).optional(),
  delay: duration.optional(),
  /** Ends the connection after the replies. */
  close: closeSchema.optional(),
});
export type Answer = z.infer<typeof answerSchema>;

export const serverSchema = z.strictObject({
  /** echo: back to the sender; broadcast: to everybody else; silent; scripted: by `answers`. */
  behaviour: z.enum(['echo', 'broadcast', 'silent', 'scripted']).optional(),
  answers: z.array(answerSchema).optional(),
  /** WebSocket: the path to accept; any if absent. */
  path: z.string().optional(),
  maxConnections: z.number().int().min(1).optional(),
});
export type ServerConfig = z.infer<typeof serverSchema>;

/** A gRPC status by name or number, with its details as ProtoJSON `Any` (`@type` names the message). */
export const grpcStatusSchema = z.strictObject({
  code: z.union([z.string(), z.number().int().min(0).max(16)]),
  message: z.string().optional(),
  details: z.array(json).optional(),
});
export type GrpcStatusConfig = z.infer<typeof grpcStatusSchema>;

/** One rule of a scripted method. */
export const grpcAnswerSchema = z.strictObject({
  /** start: before the first message; message: each that `when` fits; end: when the client has sent all. */
  on: z.enum(['start', 'message', 'end']).optional(),
  /** Of the request as ProtoJSON. Absent: matches every message. */
  when: matchSchema.optional(),
  /** Names of saved messages, or contents, sent in order, each after `delay`. */
  reply: z.array(z.union([z.string(), contentSchema])).optional(),
  delay: duration.optional(),
  /** Trailing metadata; of an answer with a status. */
  trailers: metadataSchema.optional(),
  /** Ends the call after the replies. Absent: it ends with OK when the client has sent all. */
  status: grpcStatusSchema.optional(),
});
export type GrpcAnswer = z.infer<typeof grpcAnswerSchema>;

/** How a mock server answers one method. */
export const mockMethodSchema = z.strictObject({
  /** example: one message made from the type; echo: each request, where the types agree; manual: a person answers. */
  behaviour: z.enum(['example', 'echo', 'scripted', 'manual', 'silent']).optional(),
  answers: z.array(grpcAnswerSchema).optional(),
  /** Initial metadata. */
  metadata: metadataSchema.optional(),
  /** So many of a hundred calls end with `failure` instead. */
  failurePercent: z.number().min(0).max(100).optional(),
  failure: grpcStatusSchema.optional(),
  /** So many of a hundred calls (all if absent) begin after `delay`. */
  delayPercent: z.number().min(0).max(100).optional(),
  delay: duration.optional(),
});
export type MockMethod = z.infer<typeof mockMethodSchema>;

export const schemaSourcesSchema = z.strictObject({
  /** .proto files, folders of them, or descriptor sets (any other file name). */
  files: z.array(z.string()).optional(),
  /** Folders that imports are looked up in. */
  importPaths: z.array(z.string()).optional(),
  /** Client: ask the server (v1, then v1alpha). Default: if there are no files. */
  reflection: z.boolean().optional(),
});
export type SchemaSources = z.infer<typeof schemaSourcesSchema>;

export const grpcSchema = z.strictObject({
  schema: schemaSourcesSchema.optional(),
  /** Client: `package.Service/Method`, called by a send that names no other. */
  method: z.string().optional(),
  metadata: metadataSchema.optional(),
  /** 0: none. */
  deadlineMs: z.number().int().min(0).max(MAX_DURATION_MS).optional(),
  /** `:authority` instead of the target's host. */
  authority: z.string().optional(),
  /** What messages are sent compressed with. */
  compression: z.enum(['identity', 'gzip', 'deflate']).optional(),
  maxSendBytes: z.number().int().min(0).optional(),
  maxReceiveBytes: z.number().int().min(0).optional(),
  waitForReady: z.boolean().optional(),
  /** gRPC service config: retry policy, per-method settings. */
  serviceConfig: json.optional(),
  keepaliveSeconds: z.number().min(0).max(86_400).optional(),
  /** Server: how methods are answered, by path; those not named by `server.behaviour`, else with examples. */
  mock: z.record(z.string(), mockMethodSchema).optional(),
});
export type GrpcConfig = z.infer<typeof grpcSchema>;

/** A step of a script: what `wirescope run` does. */
export const stepSchema = z.union([
  z.strictObject({
    send: z.union([z.string(), contentSchema]),
    /** gRPC: begins a call of this method instead of the config's. */
    method: z.string().optional(),
    metadata: metadataSchema.optional(),
  }),
  z.strictObject({
    expect: matchSchema.extend({
      direction: z.enum(['client→server', 'server→client']).optional(),
      /** So many more messages, whatever they say. */
      count: z.number().int().min(1).optional(),
      /** WebSocket close code, gRPC status by name or number, or `closed`. */
      status: z.union([z.string(), z.number()]).optional(),
      /** A field under Wireshark's name and the value it must have. */
      field: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      /** gRPC: these in the call's initial metadata or its trailers. */
      metadata: metadataSchema.optional(),
      within: duration.optional(),
    }),
  }),
  z.strictObject({ wait: duration }),
  z.strictObject({ ping: z.union([contentSchema, z.strictObject({})]) }),
  z.strictObject({ close: closeSchema }),
  z.literal('endStreaming'),
  z.literal('cancel'),
]);
export type Step = z.infer<typeof stepSchema>;

/** `name: value`, or `name: { secret: true }` for a value that is kept elsewhere. */
export const variablesSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.strictObject({ secret: z.literal(true) })]),
);
export type VariablesConfig = z.infer<typeof variablesSchema>;

/** Format version of a session file. */
export const FORMAT_VERSION = 1;

export const PROTOCOLS = ['websocket', 'grpc', 'tcp', 'udp'] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

export const sessionConfigSchema = z.strictObject({
  wirescope: z.literal(FORMAT_VERSION),
  name: z.string().min(1),
  role: z.enum(['client', 'server', 'capture']),
  protocol: z.enum(PROTOCOLS),
  /** Client: `ws://host:port/path`, `wss://…`, `tcp://host:port`, `tls://…`, `udp://…`, `grpc://…`, `grpcs://…`, `unix:/path` or bare `host:port`. */
  target: z.string().optional(),
  /** Client: address to bind before connecting. Server: where to listen, `127.0.0.1:9001`; port 0 any free one. */
  listen: z.string().optional(),
  /** Capture: path of the file. */
  file: z.string().optional(),
  /** Capture: path of the key log (SSLKEYLOGFILE) that decrypts the file's TLS, besides secrets in the file itself. */
  keylog: z.string().optional(),
  /** Its presence turns a server's TLS on; a client's is on by the scheme of its target (wss, tls, grpcs). */
  tls: tlsSchema.optional(),
  /** Outbound proxy: `http://host:port` (CONNECT), `socks5://host:port`; user and password in the URL are never saved. */
  proxy: z.string().optional(),
  connectTimeoutMs: z.number().int().min(1).max(3_600_000).optional(),
  reconnect: reconnectSchema.optional(),
  websocket: websocketSchema.optional(),
  grpc: grpcSchema.optional(),
  tcp: tcpSchema.optional(),
  udp: udpSchema.optional(),
  server: serverSchema.optional(),
  /** `{{name}}` in any text of the config; nearer than an environment's. */
  variables: variablesSchema.optional(),
  messages: z.array(savedMessageSchema).optional(),
  script: z.array(stepSchema).optional(),
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;
