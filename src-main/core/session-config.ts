// A session's config: plain data, the same in a YAML file, over the bridge and in the engine. Unknown keys are errors.
// Each part of it is a file of session-config/, read by way of this one.
import { z } from 'zod';
import { reconnectSchema, tlsSchema } from './session-config/connection.ts';
import { savedMessageSchema } from './session-config/contents.ts';
import { decodeRuleSchema } from './session-config/decode.ts';
import { grpcSchema } from './session-config/grpc.ts';
import { stepSchema } from './session-config/script.ts';
import { serverSchema } from './session-config/server.ts';
import { tcpSchema, udpSchema } from './session-config/sockets.ts';
import { variablesSchema } from './session-config/variables.ts';
import { websocketSchema } from './session-config/websocket.ts';

export { type ReconnectConfig, reconnectSchema, type TlsConfig, tlsSchema } from './session-config/connection.ts';
export { type Content, contentSchema, type Match, type SavedMessage } from './session-config/contents.ts';
export type { DecodeRule } from './session-config/decode.ts';
export { type Duration, durationMs, MAX_DURATION_MS } from './session-config/durations.ts';
export {
  type GrpcAnswer,
  type GrpcConfig,
  type GrpcReply,
  type GrpcStatusConfig,
  grpcSchema,
  grpcStatusSchema,
  type MetadataConfig,
  type MockMethod,
  metadataSchema,
  type SchemaSources,
} from './session-config/grpc.ts';
export { type Step, stepSchema } from './session-config/script.ts';
export { type Answer, answerSchema, type ServerConfig } from './session-config/server.ts';
export { type TcpConfig, tcpSchema, type UdpConfig, udpSchema } from './session-config/sockets.ts';
export {
  VARIABLE_NAME,
  type VariablesConfig,
  variableNameSchema,
  variablesSchema,
} from './session-config/variables.ts';
export { type WebSocketConfig, websocketSchema } from './session-config/websocket.ts';

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
  decode: z
    .array(decodeRuleSchema)
    .optional()
    .describe('Capture: what the bytes of a port are taken for, where the first ones do not tell it.'),
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
  data: z
    .string()
    .optional()
    .describe('CSV or JSON file: the script runs once for each of its rows, whose values are variables.'),
});
export type SessionConfig = z.infer<typeof sessionConfigSchema>;
