// Settings of protocol grpc: where types come from, how calls are made, how a mock answers them.
import { z } from 'zod';
import { contentSchema, jsonSchema, matchSchema } from './contents.ts';
import { durationSchema, MAX_DURATION_MS } from './durations.ts';

/** Metadata of a call: a value or several; those of names that end in `-bin` are base64. */
export const metadataSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())])).meta({ id: 'metadata' });
export type MetadataConfig = z.infer<typeof metadataSchema>;

/** A gRPC status by name or number, with its details as ProtoJSON `Any` (`@type` names the message). */
export const grpcStatusSchema = z
  .strictObject({
    code: z.union([z.string(), z.number().int().min(0).max(16)]).describe('Such as NOT_FOUND or 5.'),
    message: z.string().optional().describe('For people.'),
    details: z.array(jsonSchema).optional().describe('Each with `@type`.'),
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
      .array(z.union([z.string(), contentSchema, z.strictObject({ wait: durationSchema })]))
      .optional()
      .describe('Names of saved messages, or contents, sent in order; `wait: 2s` before one stands for `delay`.'),
    delay: durationSchema.optional().describe('Before each reply.'),
    trailers: metadataSchema.optional().describe('Trailing metadata; of an answer with a status.'),
    status: grpcStatusSchema
      .optional()
      .describe('Ends the call after the replies. Absent: it ends with OK when the client has sent all.'),
  })
  .meta({ id: 'grpcAnswer' });
export type GrpcAnswer = z.infer<typeof grpcAnswerSchema>;
/** A message that is sent, or a wait before the next. */
export type GrpcReply = NonNullable<GrpcAnswer['reply']>[number];

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
    delay: durationSchema.optional().describe('Before a call begins to be answered.'),
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
    compression: z
      .enum(['identity', 'gzip', 'deflate'])
      .optional()
      .describe('What messages are sent compressed with; by a server to clients that take it.'),
    maxSendBytes: z.number().int().min(0).optional().describe('Longer messages are not sent. 0 (default): no limit.'),
    maxReceiveBytes: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('Longer messages end the call with RESOURCE_EXHAUSTED. 0: no limit. Default: 64 MiB.'),
    waitForReady: z
      .boolean()
      .optional()
      .describe('Calls wait for a connection instead of failing at once; without `reconnect`, it is tried for ever.'),
    serviceConfig: jsonSchema.optional().describe('gRPC service config: retry policy, per-method settings.'),
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
