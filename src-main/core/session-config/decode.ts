// What the bytes of a capture's connections are taken for where their beginning does not tell it: by port of the server.
import { z } from 'zod';
import { tcpSchema } from './sockets.ts';

export const decodeRuleSchema = z
  .strictObject({
    port: z.number().int().min(1).max(65_535).describe('Of the server.'),
    as: z
      .enum(['auto', 'websocket', 'http', 'http2', 'tls', 'tcp'])
      .describe(
        '`auto`: by the first bytes. `http2`: gRPC too. `websocket`: frames, with or without a handshake before them.',
      ),
    // Of `tcp`: where a message ends.
    ...tcpSchema.omit({ noDelay: true }).shape,
  })
  .meta({ id: 'decodeRule' });
export type DecodeRule = z.infer<typeof decodeRuleSchema>;
