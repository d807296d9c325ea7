// Capture files that come and go: opened by path or from an upload, and copied to where somebody wants them.
import { copyFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { captureConfig } from './history.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';
import type { Uploads } from './uploads.ts';

export interface Captures {
  readonly methods: MethodsOf<'captures'> & MethodsOf<'uploads'>;
  /** The file of a session's capture with all that was written so far; undefined if it has none. */
  file(session: string): Promise<string | undefined>;
}

export function createCaptures(host: GroupHost, uploads: Uploads): Captures {
  async function file(id: string): Promise<string | undefined> {
    const { capture } = host.session(id);
    await capture?.flush();
    return capture?.path;
  }

  /** Resolves with the size of the copy. */
  async function save(id: string, path: string): Promise<number> {
    const sizeBytes = host.session(id).capture?.sizeBytes ?? 0;
    const source = await file(id);
    if (source === undefined) throw problem('This session has no capture yet.', { next: 'Start it.' });
    if (!isAbsolute(path)) throw problem('The capture can only be saved under an absolute path.');
    if (!(await isSameFile(source, path))) {
      for (const { capture } of host.sessions()) {
        if (capture && (await isSameFile(capture.path, path))) throw inUse(path);
      }
      await copyFile(source, path);
    }
    const saved = await stat(path);
    if (saved.size < sizeBytes) throw incomplete(saved.size, sizeBytes);
    return saved.size;
  }

  return {
    file,
    methods: {
      'captures.open': async (input) => {
        const path = 'path' in input ? input.path : (await uploads.finish(input.upload)).path;
        return (await host.openCapture(captureConfig(basename(path), resolve(path)))).state();
      },
      'captures.save': async ({ session, path }) => ({ sizeBytes: await save(session, path) }),
      'uploads.begin': ({ name, sizeBytes }) => uploads.begin(name, sizeBytes),
      'uploads.append': ({ upload, bytes }) => uploads.append(upload, bytes),
      'uploads.finish': ({ upload }) => uploads.finish(upload),
    },
  };
}

/** Whether two paths lead to one file, be it by links. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

function incomplete(savedBytes: number, sizeBytes: number) {
  return problem(`Only ${savedBytes} of ${sizeBytes} bytes of the capture could be saved.`, {
    why: 'The others never reached the disk; the timeline says why.',
    next: 'What was saved can be opened. Make room, and start the session again.',
    code: 'INCOMPLETE',
  });
}

function inUse(path: string) {
  return problem(`${path} is the capture of another session.`, {
    why: 'Saving there would destroy it.',
    next: 'Choose another name.',
    code: 'IN_USE',
  });
}
