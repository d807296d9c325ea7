// The manifest of a run: a small file beside its capture that tells what ran and how it ended. Holds no payload and no
// secret: texts are masked before they come here.
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '../../workspace/session-file.ts';
import type { StoredCapture } from './capture-folder.ts';

/** Beside `NAME.pcapng`. */
const EXTENSION = '.run.json';
const MAX_MANIFEST_BYTES = 64 * 1024;
/** All manifests of the folder are held in memory, and nobody reads more of one. */
const MAX_TEXT_CHARS = 2000;

const count = z.number().int().nonnegative();
const words = z.string().transform((text) => text.slice(0, MAX_TEXT_CHARS));

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
  name: words,
  /** Microseconds since the Unix epoch. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  peer: words,
  counts: z.object({ records: count, messages: count, notes: count, errors: count }),
  result: z.enum(['closed', 'failed', 'crashed', 'running', 'passed', 'notPassed']),
  /** How it ended, in words. */
  text: words,
  label: words.nullable(),
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

/** Tells one manifest from the next in its place; '' for none. `path`: of the capture. */
export async function manifestStamp(path: string): Promise<string> {
  const status = await stat(manifestPath(path), { bigint: true }).catch(() => undefined);
  return status ? `${status.ino} ${status.mtimeNs} ${status.size}` : '';
}

/** Readable by the user only. `path`: of the capture. */
export async function writeManifest(path: string, manifest: RunManifest): Promise<void> {
  await writeWhole(manifestPath(path), `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`);
}

/** `Seed-chat-20260728-170900`, `Seed-chat-20260728-170900-2`. */
const STAMPED = /^(.*)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d+)?$/;

/** What can be told of a capture without a manifest: it was recorded by an older version. */
export function guessedManifest({ stem, modifiedMs }: StoredCapture): RunManifest {
  const [, name = stem, ...stamp] = STAMPED.exec(stem) ?? [];
  const [year = 0, month = 1, day = 0, hours = 0, minutes = 0, seconds = 0] = stamp.map(Number);
  const startedMs = stamp.length > 0 ? Date.UTC(year, month - 1, day, hours, minutes, seconds) : modifiedMs;
  return {
    wirescopeRun: 1,
    session: { id: '', path: '', workspace: null },
    name,
    startedAt: startedMs * 1000,
    endedAt: modifiedMs * 1000,
    peer: '',
    counts: { records: 0, messages: 0, notes: 0, errors: 0 },
    result: 'closed',
    text: '',
    label: null,
    kept: false,
    recorder: { pid: 0, engine: '' },
  };
}
