// What a server does by itself.
import { z } from 'zod';
import { contentSchema, matchSchema } from './contents.ts';
import { durationSchema } from './durations.ts';

/** How a connection is ended: of WebSocket with a code and a reason. */
export const closeSchema = z.strictObject({ code: z.number().int().optional(), reason: z.string().optional() });

/** One rule of a scripted server: the first that matches a message answers it. */
export const answerSchema = z
  .strictObject({
    when: matchSchema.optional().describe('Absent: matches every message.'),
    reply: z
      .array(z.union([z.string(), contentSchema]))
      .optional()
      .describe('Names of saved messages, or contents, sent in order.'),
    delay: durationSchema.optional().describe('How long the replies wait.'),
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
