// Opening files by path, wherever the wish comes from: menu, drop, command line, the system. Each becomes a session of
// the engine that a window then shows; nothing is connected or sent by opening.
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import type { Bridge, Input, TreeNode } from '../bridge/contract.ts';
import { kindOfFile } from './file-kind.ts';

export interface DocumentsHost {
  /** The running engine; undefined if there is none. */
  bridge(): Bridge | undefined;
  /** Has a window show a session. */
  show(session: string): void;
  /** Tells the user why a file was not opened. */
  complain(path: string, reason: string): void;
  opened(path: string): void;
  /** The file is not there any more. */
  missing(path: string): void;
}

type SessionConfig = Input<'sessions.create'>['config'];

/** Opens one file. Whatever goes wrong is told to the user; never rejects. */
export async function openDocument(path: string, host: DocumentsHost): Promise<void> {
  try {
    const bridge = host.bridge();
    if (!bridge) throw new Error('The engine is not running. Restart it, then open the file again.');
    if (!(await stat(path)).isFile()) throw new Error('This is no file.');
    host.show(await sessionOf(path, bridge));
    host.opened(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') host.missing(path);
    host.complain(path, reasonOf(error));
  }
}

/** Id of the session that the file becomes. */
async function sessionOf(path: string, bridge: Bridge): Promise<string> {
  switch (kindOfFile(path)) {
    case 'capture':
      return (await bridge.call('captures.open', { path })).id;
    case 'session':
      return (await idInWorkspace(path, bridge)) ?? (await createFrom(path, bridge));
    case 'schema':
      return (await bridge.call('sessions.create', { config: grpcClient(path) })).id;
    default:
      throw new Error(
        'Wirescope opens captures (pcapng, pcap), session files (yaml) and protobuf definitions (proto).',
      );
  }
}

/** The session that the file is already, if it lies in the open workspace. */
async function idInWorkspace(path: string, bridge: Bridge): Promise<string | undefined> {
  const { folder, tree } = await bridge.call('workspace.state', {});
  if (folder === null) return undefined;
  const wanted = relative(folder, await realpath(path))
    .split(sep)
    .join('/');
  const find = (nodes: readonly TreeNode[]): string | undefined => {
    for (const node of nodes) {
      if (node.kind === 'session' && node.path === wanted) return node.session;
      const below = node.kind === 'folder' && wanted.startsWith(`${node.path}/`) ? find(node.children) : undefined;
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return find(tree);
}

/** A scratch session as the file says. */
async function createFrom(path: string, bridge: Bridge): Promise<string> {
  return (await bridge.call('sessions.create', { config: await readSession(path) })).id;
}

/** YAML and its checks are loaded by the first session file, not by every start. */
async function readSession(path: string): Promise<SessionConfig> {
  const { readSessionFile } = await import('../workspace/session-file.ts');
  const { withAbsolutePaths } = await import('./session-paths.ts');
  return withAbsolutePaths(await readSessionFile(path), dirname(path));
}

/** A client that knows the types of a .proto file. */
function grpcClient(path: string): SessionConfig {
  return {
    wirescope: 1,
    name: basename(path),
    role: 'client',
    protocol: 'grpc',
    grpc: { schema: { files: [path], importPaths: [dirname(path)] } },
  };
}

function reasonOf(error: unknown): string {
  const { problem } = error as { problem?: { what: string; why: string } };
  if (problem) return [problem.what, problem.why].filter(Boolean).join('\n');
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'There is no such file.';
  return error instanceof Error ? error.message : String(error);
}
