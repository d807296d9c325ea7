// The manifest of a run: a small file beside its capture that tells what ran and how it ended. Holds no payload and no
// secret: texts are masked before they come here.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '../workspace/session-file.ts';

/** Beside `NAME.pcapng`. */
const EXTENSION = '.run.json';
const MAX_MANIFEST_BYTES = 64 * 1024;

const count = z.number().int().nonnegative();

const manifestSchema = z.object({
  /** Version of the format. */
  wirescopeRun: z.literal(1),
  session: z.object({
    id: z.string(),
    /** Of its file: see SessionPlace. */
    path: z.string(),
    /** The workspace's folder; null: the scratch area. */
    workspace: z.string().nullable(),
  }),
  name: z.string(),
  /** Microseconds since the Unix epoch. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  peer: z.string(),
  counts: z.object({ records: count, messages: count, notes: count, errors: count }),
  result: z.enum(['closed', 'failed', 'crashed', 'running', 'passed', 'notPassed']),
  /** How it ended, in words. */
  text: z.string(),
  label: z.string().nullable(),
  kept: z.boolean(),
  /** The engine that recorded it. */
  recorder: z.object({ pid: z.number().int(), engine: z.string() }),
});
export type RunManifest = z.infer<typeof manifestSchema>;

/** Where the manifest of a capture lies. `path`: of the capture. */
export function manifestPath(path: string): string {
  return path.replace(/\.pcapng$/, '') + EXTENSION;
}

/** undefined: there is none, or none that this version reads. `path`: of the capture. */
export async function readManifest(path: string): Promise<RunManifest | undefined> {
  try {
    const text = await readFile(manifestPath(path), 'utf8');
    if (text.length > MAX_MANIFEST_BYTES) return undefined;
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Readable by the user only. `path`: of the capture. */
export async function writeManifest(path: string, manifest: RunManifest): Promise<void> {
  await writeWhole(manifestPath(path), `${JSON.stringify(manifest, null, 2)}\n`);
}
