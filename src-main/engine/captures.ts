// Capture files that come and go: opened by path or from an upload, and copied to where somebody wants them.
import { stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import type { SessionConfig } from '../core/session-config.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';
import type { Session } from './session/session.ts';
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
    const own = host.session(id).capture;
    if (!own) throw problem('This session has no capture yet.', { next: 'Start it.' });
    if (!isAbsolute(path)) throw problem('The capture can only be saved under an absolute path.');
    const { sizeBytes } = own;
    const isOwnFile = own.problem === undefined && (await isSameFile(own.path, path));
    if (isOwnFile) await own.flush();
    else {
      for (const { capture } of host.sessions()) {
        if (capture && capture !== own && (await isSameFile(capture.path, path))) throw inUse(path);
      }
    }
    const savedBytes = isOwnFile ? (await stat(path)).size : await own.copyTo(path);
    if (savedBytes < sizeBytes) throw incomplete(savedBytes, sizeBytes);
    return savedBytes;
  }

  /** One session a file: that which shows it already, with what is there by now if that is something else. */
  async function open(path: string): Promise<Session> {
    const known = [...host.sessions()].find(({ config }) => config.role === 'capture' && config.file === path);
    if (!known) return await host.openCapture(captureConfig(basename(path), path));
    if (!known.capture || known.state().problem) await known.start();
    return known;
  }

  return {
    file,
    methods: {
      'captures.open': async (input) => {
        const path = 'path' in input ? input.path : (await uploads.finish(input.upload)).path;
        return (await open(resolve(path))).state();
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
    why: 'The others are not in its file any more.',
    next: 'What was saved can be opened.',
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

/** A session that reads a capture file. */
export function captureConfig(name: string, file: string): SessionConfig {
  return { wirescope: 1, name, role: 'capture', protocol: 'tcp', file };
}
