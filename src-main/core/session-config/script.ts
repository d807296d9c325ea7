// Steps that are done one after the other: something is sent, something expected.
import { z } from 'zod';
import { JsonPathError, parseJsonPath } from '../json-path.ts';
import { contentSchema, matchSchema } from './contents.ts';
import { durationSchema } from './durations.ts';
import { metadataSchema } from './grpc.ts';
import { closeSchema } from './server.ts';
import { variableNameSchema } from './variables.ts';

const jsonPath = z.string().superRefine((text, context) => {
  try {
    parseJsonPath(text);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

/** Which call of gRPC a send begins. */
const callChoice = {
  method: z.string().optional().describe("gRPC: begins a call of this method instead of the config's."),
  metadata: metadataSchema.optional().describe("gRPC: of the call that it begins, beside the config's."),
};

/** A step of a script: what `wirescope run` does. */
export const stepSchema = z
  .union([
    z.strictObject({
      send: z.union([z.string(), contentSchema]).describe('Name of a saved message, or a content.'),
      ...callChoice,
    }),
    z.strictObject({
      sendLines: z
        .strictObject({
          file: z
            .string()
            .describe(
              'In each line a message as JSON, or `wait 2s`: the wait before the next one, instead of `pause`.',
            ),
          pause: durationSchema.optional().describe('Between two messages. Default: none.'),
        })
        .describe('Sends the messages of a file (NDJSON) one after the other; of gRPC into one call.'),
      ...callChoice,
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
            .record(variableNameSchema, jsonPath)
            .optional()
            .describe(
              'Variables and the places in the JSON of the message (`$.auth.token`) they get their values from.',
            ),
          within: durationSchema.optional().describe('How long to wait. Default: 5s.'),
        })
        .describe('Waits for the first message that fits, and consumes all up to it.'),
    }),
    z.strictObject({ wait: durationSchema.describe('Goes on after this time.') }),
    z.strictObject({
      ping: z.union([contentSchema, z.strictObject({})]).describe('WebSocket: sends a ping with this content.'),
    }),
    z.strictObject({ close: closeSchema.describe('Ends the connection; of WebSocket with a code and a reason.') }),
    z.literal('endStreaming').describe('gRPC: nothing more will be sent in the open call.'),
    z.literal('cancel').describe('gRPC: gives the open call up.'),
  ])
  .meta({ id: 'step' });
export type Step = z.infer<typeof stepSchema>;
