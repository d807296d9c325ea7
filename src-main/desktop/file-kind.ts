// Which files the app opens, and which of its arguments name one. Pure: imports no electron.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type FileKind = 'capture' | 'session' | 'schema';

const KINDS: { readonly [extension: string]: FileKind } = {
  pcapng: 'capture',
  pcap: 'capture',
  cap: 'capture',
  yaml: 'session',
  yml: 'session',
  proto: 'schema',
};

export const FILE_EXTENSIONS: readonly string[] = Object.keys(KINDS);

/** What a file is by its name, or undefined if it is none of the app's. */
export function kindOfFile(path: string): FileKind | undefined {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
}

/**
 * Absolute paths of the files that a command line names: paths or `file:` URLs of the app's kinds. Switches and all
 * else are passed over, for Chromium and the system put their own among them.
 */
export function filesOfArguments(args: readonly string[], workingFolder: string): string[] {
  return args.flatMap((argument) => {
    if (argument.startsWith('-') || argument.includes('\0')) return [];
    const path = pathOfArgument(argument);
    return path !== undefined && kindOfFile(path) ? [resolve(workingFolder, path)] : [];
  });
}

function pathOfArgument(argument: string): string | undefined {
  if (!argument.startsWith('file:')) return argument;
  try {
    return fileURLToPath(argument);
  } catch {
    return undefined;
  }
}
