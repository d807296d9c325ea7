// The methods of the history: the runs of sessions and their captures.
import { isAbsolute, resolve } from 'node:path';
import type { Run } from '../bridge/contract.ts';
import type { SchemaSources, SessionConfig } from '../core/session-config.ts';
import type { History } from './history-runs.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import type { Session } from './session.ts';

export function historyMethods(history: History, host: GroupHost): MethodsOf<'history'> {
  /** One session a file; a run that goes on is shown by its own. */
  async function open(run: Run): Promise<Session> {
    const own = run.session === null ? undefined : host.session(run.session);
    if (run.result === 'running' && own?.capture?.path === run.path) return own;
    const [known] = history.showing(run.path);
    if (!known) return await host.openCapture({ ...captureConfig(run.label ?? run.name, run.path), ...typesOf(own) });
    if (!known.capture) await known.start();
    return known;
  }

  /** What names the messages of a capture that a session recorded. */
  function typesOf(session: Session | undefined): Partial<SessionConfig> {
    const sources = session?.config.grpc?.schema;
    if (!session || !sources) return {};
    const { folder } = host.place(session);
    const absolute = (names: string[]) => names.map((name) => (isAbsolute(name) ? name : resolve(folder, name)));
    const { files, importPaths } = sources;
    const schema: SchemaSources = {
      ...(files && { files: absolute(files) }),
      ...(importPaths && { importPaths: absolute(importPaths) }),
    };
    return { protocol: 'grpc', grpc: { schema } };
  }

  return {
    'history.list': async ({ session, from, count }) => {
      const all = await history.list();
      const runs = session === undefined ? all : all.filter((run) => run.session === session);
      return { total: runs.length, runs: runs.slice(from, from + count) };
    },
    'history.open': async ({ id }) => (await open(await history.find(id))).state(),
    'history.rename': ({ id, label }) => history.mark(id, { label }),
    'history.keep': ({ id, kept }) => history.mark(id, { kept }),
    'history.remove': async ({ id }) => {
      await history.remove(id);
      return null;
    },
  };
}

/** A session that reads a capture file. */
export function captureConfig(name: string, file: string): SessionConfig {
  return { wirescope: 1, name, role: 'capture', protocol: 'tcp', file };
}
