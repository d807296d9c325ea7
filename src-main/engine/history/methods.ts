// The methods of the history: the runs of sessions and their captures.
import { isAbsolute, resolve } from 'node:path';
import type { Run } from '../../bridge/contract.ts';
import type { SchemaSources, SessionConfig } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { captureConfig } from '../captures.ts';
import type { GroupHost, MethodsOf } from '../methods.ts';
import type { Session } from '../session/session.ts';
import type { ComparedCapture } from './comparison.ts';
import { Comparisons } from './comparisons.ts';
import type { History } from './history.ts';

export interface HistoryGroup {
  methods: MethodsOf<'history'>;
  /** Lets go of all captures. */
  dispose(): Promise<void>;
}

/** `history`: what the methods ask and change. */
export function createHistoryGroup(history: History, host: GroupHost): HistoryGroup {
  const comparisons = new Comparisons(openCompared);
  history.protect(() => comparisons.paths());

  /** One session a file; a run that goes on is shown by its own. */
  async function open(run: Run): Promise<Session> {
    const own = run.session === null ? undefined : host.session(run.session);
    if (run.result === 'running' && own?.capture?.path === run.path) return own;
    const [known] = history.showing(run.path);
    if (!known)
      return await host.openCapture({ ...captureConfig(run.label ?? timedName(run), run.path), ...typesOf(own) });
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

  /** The capture of a run apart from any session, with the message types that its session knows. */
  async function openCompared({ path, session: id }: Run): Promise<ComparedCapture> {
    const session = id === null ? undefined : host.session(id);
    if (session?.capture?.path === path) await session.capture.flush();
    const capture = await host.parts.openCapture(path, { recordedHere: true });
    try {
      await capture.loaded;
      const schema = session && (await knownSchema(session));
      if (schema) capture.explainWith(schema.types);
      return { capture, schema };
    } catch (error) {
      await capture.dispose();
      throw error;
    }
  }

  async function pairOf({ one, other }: { one: string; other: string }): Promise<[one: Run, other: Run]> {
    return [await history.find(one), await history.find(other)];
  }

  const methods: HistoryGroup['methods'] = {
    'history.list': (query) => history.list(query),
    'history.open': async ({ id }) => (await open(await history.find(id))).state(),
    'history.rename': ({ id, label }) => history.mark(id, { label }),
    'history.keep': ({ id, kept }) => history.mark(id, { kept }),
    'history.remove': async ({ id }) => {
      await comparisons.release((await history.find(id)).path);
      await history.remove(id);
      return null;
    },
    'history.compare': async (ids) => {
      const [one, other] = await pairOf(ids);
      const summary = (await comparisons.compare(one, other)).summary();
      return { ...summary, one: { run: one, ...summary.one }, other: { run: other, ...summary.other } };
    },
    'history.comparedRows': async ({ from, count, ...ids }) => {
      const comparison = await comparisons.find(...(await pairOf(ids)));
      return { rows: comparison.rows(from, count) };
    },
    'history.comparedTexts': async ({ row, ...ids }) => (await comparisons.find(...(await pairOf(ids)))).texts(row),
  };
  return { methods, dispose: () => comparisons.dispose() };
}

/** Tells a run from its session and from its other runs: `Chat server 2026-11-21 13:39:45`, by the clock of this machine. */
function timedName({ name, startedAt }: Run): string {
  const at = new Date(startedAt / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${name} ${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** The types that are loaded, or can be without asking a server, who may be gone. */
async function knownSchema({ config, schema }: Session): Promise<LoadedSchema | undefined> {
  if (schema.current || !config.grpc?.schema?.files) return schema.current;
  return await schema.loaded().catch(() => undefined);
}
