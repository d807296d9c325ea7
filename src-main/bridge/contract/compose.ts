// Contents before they are sent, and command lines that stand for them.
import { z } from 'zod';
import { contentSchema, type SessionConfig } from '../../core/session-config.ts';
import { sessionId, typedText, typeName } from './inputs.ts';

export const composeMethods = {
  /** Size of what would be sent, or what is wrong with it. `session`: of gRPC, whose types it must fit; `type`: other than its method's. */
  'compose.check': z.strictObject({
    content: contentSchema,
    session: sessionId.optional(),
    type: typeName.optional(),
  }),
  /** The config that a grpcurl command line stands for. */
  'grpcurl.parse': z.strictObject({ text: typedText }),
  /** The grpcurl command line of a session's method with a content. */
  'grpcurl.format': z.strictObject({ session: sessionId, content: contentSchema }),
} as const;

export interface ComposeOutput {
  'compose.check': { ok: true; sizeBytes: number } | { ok: false; error: string };
  'grpcurl.parse': { config: SessionConfig; warnings: string[] };
  'grpcurl.format': { text: string };
}
