// Settings of protocol websocket.
import { z } from 'zod';

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
