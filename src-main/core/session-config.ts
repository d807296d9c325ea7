// A session's config: plain data, the same in a YAML file, over the bridge and in the engine. Unknown keys are errors.
import { z } from 'zod';
import { JsonPathError, parseJsonPath } from './json-path.ts';
import { jsonFault } from './json-value.ts';

/** A timer takes no more: what is longer would fire at once. */
const MAX_DURATION_MS = 2 ** 31 - 1;

/** `250ms`, `2s`, `1m`, or a number of milliseconds. */
const duration = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration such as 250ms, 2s or 1m')])
  .refine((value) => durationMs(value) <= MAX_DURATION_MS, 'a duration of at most 24 days')
  .meta({ id: 'duration' });
export type Duration = z.infer<typeof duration>;

/** Milliseconds of a duration. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return value;
  const amount = Number.parseFloat(value);
  if (value.endsWith('ms')) return amount;
  return value.endsWith('m') ? amount * 60_000 : amount * 1000;
}

export const tlsSchema = z
  .strictObject({
    ca: z.string().optional().describe("PEM file of the authorities to trust instead of the system's."),
    cert: z.string().optional().describe('PEM file of the own certificate, with the chain to its authority.'),
    key: z.string().optional().describe('PEM file of the key to `cert`.'),
    pkcs12: z.string().optional().describe('PKCS#12 file with certificate and key.'),
    passphrase: z.string().optional().describe('Of the key or the PKCS#12 file. A secret: never written to a file.'),
    verify: z.boolean().optional().describe('false: any certificate is accepted, and the lock shows it.'),
    serverName: z
      .string()
      .optional()
      .describe('SNI and the name the certificate must have; the host of the target if absent.'),
    alpn: z.array(z.string()).optional().describe('Protocols offered in the handshake, in order (ALPN).'),
    selfSigned: z.boolean().optional().describe('Server: make a throw-away certificate at start.'),
    requestClientCertificate: z.boolean().optional().describe('Server: ask clients for a certificate.'),
  })
  .meta({ id: 'tls' });
export type TlsConfig = z.infer<typeof tlsSchema>;

export const reconnectSchema = z
  .strictObject({
    attempts: z.number().int().min(0).max(1_000_000).describe('0: never.'),
    delay: duration.optional().describe('Before the first attempt.'),
    backoff: z.number().min(1).max(10).optional().describe('Each further wait is this many times the one before.'),
    maxDelay: duration.optional().describe('No wait is longer than this.'),
  })
  .meta({ id: 'reconnect' });
export type ReconnectConfig = z.infer<typeof reconnectSchema>;

export const websocketSchema = z
  .strictObject({
    headers: z.record(z.string(), z.string()).optional().describe('Sent with the handshake.'),
    subprotocols: z
      .array(z.string())
      .optional()
      .describe('Client: offered, in order. Server: supported, in order of preference.'),
    origin: z.string().optional().describe('The Origin header of the handshake.'),
    compression: z.boolean().optional().describe('permessage-deflate: offered or accepted. Default: true.'),
    autoPong: z.boolean().optional().describe('Answer each ping with a pong. Default: true.'),
    pingEverySeconds: z.number().min(0).max(86_400).optional().describe('0: never.'),
    handshakeTimeoutMs: z.number().int().min(1).max(3_600_000).optional().describe('How long the handshake may take.'),
    maxMessageBytes: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('A longer message ends the connection with 1009. 0: no limit.'),
    basicAuth: z
      .strictObject({ user: z.string(), password: z.string().optional() })
      .optional()
      .describe('HTTP Basic: the password is a secret, never written to a file.'),
    cookies: z.record(z.string(), z.string()).optional().describe('Sent with the handshake.'),
  })
  .meta({ id: 'websocket' });
export type WebSocketConfig = z.infer<typeof websocketSchema>;

export const tcpSchema = z
  .strictObject({
    framing: z
      .enum(['none', 'lines', 'delimiter', 'length-prefix', 'fixed'])
      .optional()
      .describe('Where a message ends. Default: none, each piece that is read is one.'),
    delimiter: z.string().optional().describe('For `delimiter`: the bytes as hex (`0d0a`).'),
    prefixBytes: z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)])
      .optional()
      .describe('For `length-prefix`: width in bytes.'),
    prefixByteOrder: z.enum(['big', 'little']).optional().describe('Default: big.'),
    prefixIncludesItself: z.boolean().optional().describe('The length counts its own bytes too.'),
    fixedLength: z.number().int().min(1).optional().describe('For `fixed`: bytes per message.'),
    noDelay: z.boolean().optional().describe('Send at once instead of gathering small writes (TCP_NODELAY).'),
  })
  .meta({ id: 'tcp' });
export type TcpConfig = z.infer<typeof tcpSchema>;

export const udpSchema = z
  .strictObject({
    broadcast: z.boolean().optional().describe('Allow sending to broadcast addresses.'),
    multicast: z.array(z.string()).optional().describe('Groups to join.'),
    multicastTtl: z.number().int().min(0).max(255).optional().describe('How many hops datagrams to a group may go.'),
    multicastLoopback: z.boolean().optional().describe('Whether this machine gets what it sends to a group.'),
    multicastInterface: z.string().optional().describe('Address of the interface for multicast.'),
  })
  .meta({ id: 'udp' });
export type UdpConfig = z.infer<typeof udpSchema>;

/** Metadata of a call: a value or several; those of names that end in `-bin` are base64. */
export const metadataSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())])).meta({ id: 'metadata' });
export type MetadataConfig = z.infer<typeof metadataSchema>;

/** JSON as it is parsed from text, not deeper than what carries it bears. */
const json = z.unknown().superRefine((value, context) => {
  // That the key is missing is said by the object it is missing in.
  const fault = value === undefined ? undefined : jsonFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** Bytes to send, in one of the ways a person writes them. */
export const contentSchema = z
  .union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ json }),
    z.strictObject({ hex: z.string() }),
    z.strictObject({ base64: z.string() }),
    z.strictObject({ file: z.string() }),
  ])
  .meta({ id: 'content' });
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
export const matchSchema = z
  .strictObject({
    text: z.string().optional().describe('The whole text.'),
    contains: z.string().optional().describe('Somewhere in the text.'),
    matches: z.string().optional().describe('A regular expression over the text.'),
    json: json.optional().describe('A subset: every key given must be there with that value.'),
    hex: z.string().optional().describe('The whole message as hex digits.'),
  })
  .meta({ id: 'match' });
export type Match = z.infer<typeof matchSchema>;

const closeSchema = z.strictObject({ code: z.number().int().optional(), reason: z.string().optional() });

/** One rule of a scripted server: the first that matches a message answers it. */
export const answerSchema = z
  .strictObject({
    when: matchSchema.optional().describe('Absent: matches every message.'),
    reply: z
      .array(z.union([z.string(), contentSchema]))
      .optional()
      .describe('Names of saved messages, or contents, sent in order.'),
    delay: duration.optional().describe('How long the replies wait.'),
    close: closeSchema.optional().describe('Ends the connection after the replies.'),
  })
  .meta({ id: 'answer' });
export type Answer = z.infer<typeof answerSchema>;

export const serverSchema = z.strictObject({
  behaviour: z
    .enum(['echo', 'broadcast', 'silent', 'scripted'])
    .optional()
    .describe('echo: back to the sender; broadcast: to everybody else; silent; scripted: by `answers`.'),
  answers: z
    .array(answerSchema)
    .optional()
    .describe('Of the behaviour `scripted`; the first that fits a message answers it.'),
  path: z.string().optional().describe('WebSocket: the path to accept; any if absent.'),
  maxConnections: z.number().int().min(1).optional().describe('More are turned away.'),
});
export type ServerConfig = z.infer<typeof serverSchema>;

/** A gRPC status by name or number, with its details as ProtoJSON `Any` (`@type` names the message). */
export const grpcStatusSchema = z
  .strictObject({
    code: z.union([z.string(), z.number().int().min(0).max(16)]).describe('Such as NOT_FOUND or 5.'),
    message: z.string().optional().describe('For people.'),
    details: z.array(json).optional().describe('Each with `@type`.'),
  })
  .meta({ id: 'grpcStatus' });
export type GrpcStatusConfig = z.infer<typeof grpcStatusSchema>;

/** One rule of a scripted method. */
export const grpcAnswerSchema = z
  .strictObject({
    on: z
      .enum(['start', 'message', 'end'])
      .optional()
      .describe('start: before the first message; message: each that `when` fits; end: when the client has sent all.'),
    when: matchSchema.optional().describe('Of the request as ProtoJSON. Absent: matches every message.'),
    reply: z
      .array(z.union([z.string(), contentSchema]))
      .optional()
      .describe('Names of saved messages, or contents, sent in order, each after `delay`.'),
    delay: duration.optional().describe('Before each reply.'),
    trailers: metadataSchema.optional().describe('Trailing metadata; of an answer with a status.'),
    status: grpcStatusSchema
      .optional()
      .describe('Ends the call after the replies. Absent: it ends with OK when the client has sent all.'),
  })
  .meta({ id: 'grpcAnswer' });
export type GrpcAnswer = z.infer<typeof grpcAnswerSchema>;

/** How a mock server answers one method. */
export const mockMethodSchema = z
  .strictObject({
    behaviour: z
      .enum(['example', 'echo', 'scripted', 'manual', 'silent'])
      .optional()
      .describe(
        'example: one message made from the type; echo: each request, where the types agree; manual: a person answers.',
      ),
    answers: z.array(grpcAnswerSchema).optional().describe('Of the behaviour `scripted`.'),
    metadata: metadataSchema.optional().describe('Initial metadata.'),
    failurePercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe('So many of a hundred calls end with `failure` instead.'),
    failure: grpcStatusSchema.optional().describe('The status of calls that fail by `failurePercent`.'),
    delayPercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe('So many of a hundred calls (all if absent) begin after `delay`.'),
    delay: duration.optional().describe('Before a call begins to be answered.'),
  })
  .meta({ id: 'mockMethod' });
export type MockMethod = z.infer<typeof mockMethodSchema>;

export const schemaSourcesSchema = z.strictObject({
  files: z
    .array(z.string())
    .optional()
    .describe('.proto files, folders of them, or descriptor sets (any other file name).'),
  importPaths: z.array(z.string()).optional().describe('Folders that imports are looked up in.'),
  reflection: z
    .boolean()
    .optional()
    .describe('Client: ask the server (v1, then v1alpha). Default: if there are no files.'),
});
export type SchemaSources = z.infer<typeof schemaSourcesSchema>;

export const grpcSchema = z
  .strictObject({
    schema: schemaSourcesSchema.optional().describe('Where message types come from.'),
    method: z.string().optional().describe('Client: `package.Service/Method`, called by a send that names no other.'),
    metadata: metadataSchema.optional().describe('Sent with each call.'),
    deadlineMs: z.number().int().min(0).max(MAX_DURATION_MS).optional().describe('0: none.'),
    authority: z.string().optional().describe("`:authority` instead of the target's host."),
    compression: z.enum(['identity', 'gzip', 'deflate']).optional().describe('What messages are sent compressed with.'),
    maxSendBytes: z.number().int().min(0).optional().describe('Longer messages are not sent. 0: no limit.'),
    maxReceiveBytes: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('Longer messages end the call with RESOURCE_EXHAUSTED. 0: no limit.'),
    waitForReady: z.boolean().optional().describe('Wait for a connection instead of failing at once with UNAVAILABLE.'),
    serviceConfig: json.optional().describe('gRPC service config: retry policy, per-method settings.'),
    keepaliveSeconds: z.number().min(0).max(86_400).optional().describe('Seconds between keepalive pings. 0: none.'),
    mock: z
      .record(z.string(), mockMethodSchema)
      .optional()
      .describe(
        'Server: how methods are answered, by path; those not named by `server.behaviour`, else with examples.',
      ),
  })
  .meta({ id: 'grpc' });
export type GrpcConfig = z.infer<typeof grpcSchema>;

/** The name of a variable. */
export const VARIABLE_NAME = /^[A-Za-z_][\w.-]*$/;
const variableName = z.string().regex(VARIABLE_NAME, 'a letter or _, then letters, digits, _, . and -');

const jsonPath = z.string().superRefine((text, context) => {
  try {
    parseJsonPath(text);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

/** A step of a script: what `wirescope run` does. */
export const stepSchema = z
  .union([
    z.strictObject({
      send: z.union([z.string(), contentSchema]).describe('Name of a saved message, or a content.'),
      method: z.string().optional().describe("gRPC: begins a call of this method instead of the config's."),
      metadata: metadataSchema.optional().describe("gRPC: of the call that it begins, beside the config's."),
    }),
    z.strictObject({
      expect: matchSchema
        .extend({
          direction: z
            .enum(['client→server', 'server→client'])
            .optional()
            .describe('Default: what the other side sends.'),
          count: z.number().int().min(1).optional().describe('So many more messages, whatever they say.'),
          status: z
            .union([z.string(), z.number()])
            .optional()
            .describe('WebSocket close code, gRPC status by name or number, or `closed`.'),
          field: z
            .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
            .optional()
            .describe("A field under Wireshark's name and the value it must have."),
          metadata: metadataSchema.optional().describe("gRPC: these in the call's initial metadata or its trailers."),
          capture: z
            .record(variableName, jsonPath)
            .optional()
            .describe(
              'Variables and the places in the JSON of the message (`$.auth.token`) they get their values from.',
            ),
          within: duration.optional().describe('How long to wait. Default: 5s.'),
        })
        .describe('Waits for the first message that fits, and consumes all up to it.'),
    }),
    z.strictObject({ wait: duration.describe('Goes on after this time.') }),
    z.strictObject({
      ping: z.union([contentSchema, z.strictObject({})]).describe('WebSocket: sends a ping with this content.'),
    }),
    z.strictObject({ close: closeSchema.describe('Ends the connection; of WebSocket with a code and a reason.') }),
    z.literal('endStreaming').describe('gRPC: nothing more will be sent in the open call.'),
    z.literal('cancel').describe('gRPC: gives the open call up.'),
  ])
  .meta({ id: 'step' });
export type Step = z.infer<typeof stepSchema>;

export const variablesSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.strictObject({ secret: z.literal(true) })]))
  .meta({
    id: 'variables',
    description: '`name: value`, or `name: { secret: true }` for a value that is kept elsewhere.',
  });
export type VariablesConfig = z.infer<typeof variablesSchema>;

/** Format version of a session file. */
export const FORMAT_VERSION = 1;

export const PROTOCOLS = ['websocket', 'grpc', 'tcp', 'udp'] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

export const sessionConfigSchema = z.strictObject({
  wirescope: z.literal(FORMAT_VERSION).describe('Version of the format.'),
  name: z.string().min(1).describe('For people.'),
  role: z.enum(['client', 'server', 'capture']).describe('client connects, server listens, capture opens a file.'),
  protocol: z.enum(PROTOCOLS),
  target: z
    .string()
    .optional()
    .describe(
      'Client: `ws://host:port/path`, `wss://…`, `tcp://host:port`, `tls://…`, `udp://…`, `grpc://…`, `grpcs://…`, `unix:/path` or bare `host:port`.',
    ),
  listen: z
    .string()
    .optional()
    .describe(
      'Client: address to bind before connecting. Server: where to listen, `127.0.0.1:9001`; port 0 any free one.',
    ),
  file: z.string().optional().describe('Capture: path of the file.'),
  keylog: z
    .string()
    .optional()
    .describe(
      "Capture: path of the key log (SSLKEYLOGFILE) that decrypts the file's TLS, besides secrets in the file itself.",
    ),
  tls: tlsSchema
    .optional()
    .describe("Its presence turns a server's TLS on; a client's is on by the scheme of its target (wss, tls, grpcs)."),
  proxy: z
    .string()
    .optional()
    .describe(
      'Outbound proxy: `http://host:port` (CONNECT), `socks5://host:port`; user and password in the URL are never saved.',
    ),
  connectTimeoutMs: z.number().int().min(1).max(3_600_000).optional().describe('How long connecting may take.'),
  reconnect: reconnectSchema.optional().describe('What a client does when the connection ends.'),
  websocket: websocketSchema.optional().describe('Settings of protocol websocket.'),
  grpc: grpcSchema.optional().describe('Settings of protocol grpc.'),
  tcp: tcpSchema.optional().describe('Settings of protocol tcp.'),
  udp: udpSchema.optional().describe('Settings of protocol udp.'),
  server: serverSchema.optional().describe('What a server does by itself.'),
  variables: variablesSchema.optional().describe("`{{name}}` in any text of the config; nearer than an environment's."),
  messages: z.array(savedMessageSchema).optional().describe("Saved messages, in the user's order."),
  script: z
    .array(stepSchema)
    .optional()
    .describe('What `wirescope run` does, step by step, up to the first that fails.'),
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;
