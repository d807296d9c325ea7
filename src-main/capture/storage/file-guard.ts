// Notices what others do to the file under a capture while it is in use: they remove it, put another in its place, or write
// into it. The system lets them, and tells nobody.
import { open, stat } from 'node:fs/promises';
import type { Problem } from '../../core/event.ts';
import { errorCode } from '../../core/system-error.ts';

const LOOK_EVERY_MS = 2000;

/** What tells a file from any other of its name. */
export interface FileIdentity {
  dev: number;
  ino: number;
}

/** Looks again and again until something is found, or it is stopped. */
export class FileGuard {
  readonly #timer: ReturnType<typeof setInterval>;
  #stopped = false;

  /** `look`: what is wrong, if anything. A look that fails has found nothing. */
  constructor(look: () => Promise<Problem | undefined>, onFound: (found: Problem) => void) {
    this.#timer = setInterval(async () => {
      const found = await look().catch(() => undefined);
      if (!found || this.#stopped) return;
      this.stop();
      onFound(found);
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }
}

/** What has happened to a file that is being recorded, which begins with `firstBytes`. */
export async function lookAtRecording(
  path: string,
  identity: FileIdentity,
  firstBytes: Uint8Array,
): Promise<Problem | undefined> {
  const there = await beginningOf(path, firstBytes.length);
  if (!there || !isSame(there.identity, identity)) {
    return {
      what: `The capture file ${path} was ${there ? 'replaced by another' : 'removed'}.`,
      why: 'What is recorded can be looked at, but is gone when this session is closed or started again.',
      next: 'Save the capture under another name now.',
      code: 'CAPTURE_LOST',
    };
  }
  if (Buffer.compare(there.bytes, firstBytes) === 0) return undefined;
  return {
    what: `Another program has written into the capture file ${path}.`,
    why: 'What was recorded before may be lost.',
    next: 'Start the session again, which makes a new file.',
    code: 'CAPTURE_LOST',
  };
}

/** What has happened to a file since it was opened for reading, with this size and time of change. */
export async function lookAtFile(
  path: string,
  identity: FileIdentity,
  sizeBytes: number,
  modifiedMs: number,
): Promise<Problem | undefined> {
  const now = await stat(path);
  if (!isSame(now, identity)) {
    return {
      what: `${path} is another file by now.`,
      why: 'Somebody has put it in the place of the one that is shown.',
      next: 'Open it again to see the new one.',
      code: 'CAPTURE_CHANGED',
    };
  }
  if (now.mtimeMs === modifiedMs && now.size === sizeBytes) return undefined;
  if (now.size > sizeBytes) {
    return {
      what: `${path} has grown since it was read.`,
      why: 'Another program is still writing it.',
      next: 'Open it again to see all of it.',
      code: 'CAPTURE_CHANGED',
    };
  }
  return {
    what: `${path} was changed since it was read.`,
    why: 'Bytes are read from it when they are looked at, and may be others by now.',
    next: 'Open it again.',
    code: 'CAPTURE_CHANGED',
  };
}

async function beginningOf(
  path: string,
  length: number,
): Promise<{ identity: FileIdentity; bytes: Uint8Array } | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, 0);
      return { identity: await file.stat(), bytes: bytes.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}
