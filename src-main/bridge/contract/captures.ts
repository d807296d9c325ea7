// Capture files that are opened and saved, and files that a browser hands over because it may not name paths.
import { z } from 'zod';
import { sessionId } from './inputs.ts';
import type { SessionState } from './sessions.ts';

/** One piece of an upload. */
const MAX_UPLOAD_CHUNK_BYTES = 4 * 1024 * 1024;

export const captureMethods = {
  /**
   * A capture file by path (desktop) or by upload. Answers a session of role `capture`: the one
   * that shows this file already, with what is in it now, or a new one.
   */
  'captures.open': z.union([z.strictObject({ path: z.string().min(1) }), z.strictObject({ upload: z.string() })]),
  /** Copies the session's capture to a path (desktop); in a browser the gateway serves it for download. */
  'captures.save': z.strictObject({ session: sessionId, path: z.string().min(1) }),
  'uploads.begin': z.strictObject({ name: z.string().max(255), sizeBytes: z.number().int().nonnegative() }),
  'uploads.append': z.strictObject({
    upload: z.string(),
    bytes: z
      .instanceof(Uint8Array<ArrayBufferLike>)
      .refine(({ length }) => length <= MAX_UPLOAD_CHUNK_BYTES, 'at most 4 MiB at once'),
  }),
  /** The uploaded file's path on the engine's machine, for `file:` contents and certificates. */
  'uploads.finish': z.strictObject({ upload: z.string() }),
} as const;

export interface CaptureOutput {
  'captures.open': SessionState;
  'captures.save': { sizeBytes: number };
  'uploads.begin': { upload: string };
  'uploads.append': { received: number };
  'uploads.finish': { path: string };
}
