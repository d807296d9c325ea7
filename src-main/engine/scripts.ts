// The methods of scripts: running the script of a session with marks on each step, recording one, and steps as text.
import type { ScriptState } from '../bridge/contract.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';
import { checkScript } from './script-check.ts';
import { SecretNames } from './scripts-recorded-message.ts';
import { recordScript } from './scripts-recording.ts';
import { ScriptRun, type ScriptRunOptions } from './scripts-session.ts';
import { formatScript, parseScript } from './scripts-text.ts';
import type { Session } from './session.ts';

export interface Scripts {
  methods: MethodsOf<'script'>;
  /** Of the script that runs for a session, or ran last. */
  state(session: Session): ScriptState | undefined;
  /** Ends those that run. */
  dispose(): Promise<void>;
}

/** `judge`: remembers what the script of a run came to. */
export function createScripts(host: GroupHost, judge: ScriptRunOptions['judge']): Scripts {
  const runs = new WeakMap<Session, ScriptRun>();
  const running = new Set<ScriptRun>();
  const beginning = new WeakSet<Session>();

  async function run(session: Session): Promise<void> {
    if (beginning.has(session) || runs.get(session)?.running)
      throw problem('The script of this session runs already.', { next: 'Stop it first.', code: 'RUNNING' });
    beginning.add(session);
    try {
      await begin(session);
    } finally {
      beginning.delete(session);
    }
  }

  async function begin(session: Session): Promise<void> {
    const config = session.effective;
    const { role, script = [] } = config;
    if (role === 'capture') throw problem('A capture has nobody to run a script with.');
    if (script.length === 0) throw problem('This session has no script.', { next: 'Add a step, or record one.' });
    checkScript(config, await session.variables.trial(config));
    const wasOpen = session.live?.status.phase === 'open';
    if (!wasOpen) await session.start();
    const source = session.live;
    if (source?.status.phase !== 'open') throw problem('The session was stopped before its script began.');
    const begun = new ScriptRun({
      session,
      source,
      config: { ...config, script },
      variables: await session.variables.scope(config),
      ends: !wasOpen,
      changed: () => host.changed(session),
      judge,
    });
    runs.set(session, begun);
    running.add(begun);
    void begun.done.then(() => running.delete(begun));
  }

  return {
    state: (session) => runs.get(session)?.state(),
    async dispose() {
      await Promise.all([...running].map((each) => each.stop()));
    },
    methods: {
      'script.run': async ({ session }) => {
        await run(host.session(session));
        return null;
      },
      'script.stop': async ({ session }) => {
        await runs.get(host.session(session))?.stop();
        return null;
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
