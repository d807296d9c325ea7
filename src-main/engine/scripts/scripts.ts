// The methods of scripts: running the script of a session with marks on each step, recording one, and steps as text.
import { resolve } from 'node:path';
import type { Output, ScriptState } from '../../bridge/contract.ts';
import { relativePath } from '../../workspace/config-paths.ts';
import type { GroupHost, MethodsOf } from '../methods.ts';
import { problem, problemOf } from '../problem.ts';
import type { Session } from '../session/session.ts';
import { checkRun } from './check.ts';
import { checkRows, readScriptData } from './data.ts';
import { SecretNames } from './recorded-message.ts';
import { recordScript } from './recording.ts';
import { ScriptRun, type ScriptRunOptions } from './script-run.ts';
import { formatScript, parseScript } from './text.ts';

export interface Scripts {
  methods: MethodsOf<'script'>;
  /** Of the script that runs for a session, or ran last. */
  state(session: Session): ScriptState | undefined;
  /** Ends those that run. */
  dispose(): Promise<void>;
}

/** `history`: remembers what the script of a run came to. */
export function createScripts(host: GroupHost, history: ScriptRunOptions['history']): Scripts {
  const runs = new WeakMap<Session, ScriptRun>();
  const running = new Set<ScriptRun>();
  /** Scripts that are being checked. */
  const beginning = new Map<Session, AbortController>();

  async function run(session: Session): Promise<void> {
    if (beginning.has(session) || runs.get(session)?.running)
      throw problem('The script of this session runs already.', { next: 'Stop it first.', code: 'RUNNING' });
    const abort = new AbortController();
    beginning.set(session, abort);
    const planned = await plan(session, abort.signal).finally(() => beginning.delete(session));
    if (abort.signal.aborted) return;
    const begun = new ScriptRun({ session, ...planned, changed: () => host.changed(session), history });
    runs.set(session, begun);
    running.add(begun);
    void begun.done.then(() => running.delete(begun));
    await begun.begun;
  }

  /** Rejects with what is wrong with the script, or with its data. */
  async function plan(session: Session, signal: AbortSignal): Promise<Pick<ScriptRunOptions, 'config' | 'data'>> {
    const { script = [], ...config } = session.effective;
    if (script.length === 0 && config.role !== 'capture')
      throw problem('This session has no script.', { next: 'Add a step, or record one.' });
    const scripted = { ...config, script };
    const file = await session.variables.peek(config.data);
    if (file === undefined) {
      checkRun(scripted, await session.variables.trial(scripted));
      return { config: scripted };
    }
    const data = await readScriptData(resolve(session.folder, file));
    await checkRows(scripted, await session.variables.trial([scripted, data.rows]), data, signal);
    return { config: scripted, data };
  }

  /** What is in a data file, or what is wrong with it. */
  async function lookIntoData(session: Session, file: string): Promise<Output['script.data']> {
    try {
      const { rows } = await readScriptData(resolve(session.folder, await session.variables.peek(file)));
      const { folder, root } = host.place(session);
      const named = root === undefined ? file : relativePath(file, root, folder);
      return { ok: true, file: named, rows: rows.length, names: Object.keys(rows[0] ?? {}) };
    } catch (error) {
      const { what, why } = session.variables.mask.problem(problemOf(error));
      return { ok: false, error: [what, why].filter(Boolean).join(' ') };
    }
  }

  return {
    state: (session) => runs.get(session)?.state(),
    async dispose() {
      for (const abort of beginning.values()) abort.abort();
      await Promise.all([...running].map((each) => each.stop()));
    },
    methods: {
      'script.run': async ({ session }) => {
        await run(host.session(session));
        return null;
      },
      'script.stop': async ({ session: id }) => {
        const session = host.session(id);
        beginning.get(session)?.abort();
        await runs.get(session)?.stop();
        return null;
      },
      'script.data': ({ session, file }) => lookIntoData(host.session(session), file),
      'script.failures': ({ session, from, count }) => {
        const failures = runs.get(host.session(session))?.failures ?? [];
        return { total: failures.length, failures: failures.slice(from, from + count) };
      },
      'script.record': async ({ session: id }) => {
        const session = host.session(id);
        const { capture } = session;
        if (!capture)
          throw problem('There is nothing to record yet.', { next: 'Start the session.', code: 'NO_CAPTURE' });
        const secrets = new SecretNames(await session.variables.secrets(), session.variables.mask);
        return await recordScript({ capture, config: session.effective, schema: session.schema.current, secrets });
      },
      'script.format': ({ script }) => ({ text: formatScript(script) }),
      'script.parse': ({ text }) => parseScript(text),
    },
  };
}
