// Runs the script of a session against whom its source is connected to: a client's once, a server's for each connection.
// The app and `wirescope run` do it alike.
import { setMaxListeners } from 'node:events';
import type { SessionConfig, Step } from '../../core/session-config.ts';
import type { VariableScope } from '../../workspace/variables.ts';
import type { LiveSource } from '../session/live-source.ts';
import type { SessionSchema } from '../session/schema.ts';
import { SourcePeer } from './source-peer.ts';
import { runScript, type ScriptSurroundings, type StepResult } from './steps.ts';

/** Calls that need nothing more from their client have so long to end, when the script has. */
const CALLS_END_WITHIN_MS = 1000;

export interface SourceScript {
  source: LiveSource;
  schema: SessionSchema;
  /** As it is written. */
  config: Pick<SessionConfig, 'protocol' | 'messages'>;
  script: readonly Step[];
  /** A client's script adds what it captures; what is captured from one client of a server is nothing to another. */
  variables: VariableScope;
  signal: AbortSignal;
  /** See ScriptSurroundings. */
  from?: number;
}

export type OnStep = NonNullable<ScriptSurroundings['onStep']>;

/** What was run; resolves when the calls that were left to themselves are answered too. Never rejects. */
export async function runClientScript(options: SourceScript, onStep?: OnStep): Promise<StepResult[]> {
  const { source, script, signal } = options;
  const results = await runScript(script, surroundings(options, options.variables, undefined, onStep));
  await untilAnswered(source, signal);
  return results;
}

export interface ServedScript extends SourceScript {
  /** It ends after the scripts of so many connections; absent: when the source ends or the signal is aborted. */
  connections?: number;
  /** A connection is there; answers whom to tell of its steps. */
  onConnection?(connection: number): OnStep | undefined;
  /** The script of a connection has ended. */
  onEnd(connection: number, results: StepResult[]): void;
}

/** Resolves with how many connections there were, when their calls are answered. Never rejects. */
export async function serveScripts(options: ServedScript): Promise<number> {
  const { source, script, variables, signal, connections: wanted = Number.POSITIVE_INFINITY } = options;
  // Each connection's script listens to it.
  setMaxListeners(0, signal);
  const seen = new Set<number>();
  const running = new Set<Promise<void>>();
  while (seen.size < wanted && !source.ended && !signal.aborted) {
    for (const { connection, closedAt } of source.connections) {
      if (seen.size === wanted || seen.has(connection)) continue;
      seen.add(connection);
      // Whoever left before the script was begun is none of its clients.
      if (closedAt !== undefined && options.from !== undefined) continue;
      const onStep = options.onConnection?.(connection);
      const around = surroundings(options, variables.fork(), connection, onStep);
      const run = runScript(script, around).then((results) => {
        running.delete(run);
        options.onEnd(connection, results);
      });
      running.add(run);
    }
    if (seen.size < wanted) await nextChange(source, signal);
  }
  await Promise.all(running);
  await untilAnswered(source, signal);
  return seen.size;
}

function surroundings(
  { source, schema, config, signal, from }: SourceScript,
  variables: VariableScope,
  connection: number | undefined,
  onStep: OnStep | undefined,
): ScriptSurroundings {
  const { protocol, messages = [] } = config;
  const peer = new SourcePeer({ source, schema, protocol, signal, ...(connection !== undefined && { connection }) });
  return { messages, peer, variables, signal, ...(from !== undefined && { from }), ...(onStep && { onStep }) };
}

/** Waits for the end of the calls whose client has said all: a last `send` without an `expect` is answered, too. */
async function untilAnswered(source: LiveSource, signal: AbortSignal): Promise<void> {
  const isAwaited = () => source.calls.some(({ ended, clientEnded, waiting }) => !ended && clientEnded && !waiting);
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, CALLS_END_WITHIN_MS);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  while (!source.ended && !over.signal.aborted && isAwaited()) await nextChange(source, over.signal);
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}

/** Resolves after the source's state changed, or when the signal is aborted. */
function nextChange(source: LiveSource, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      undo();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const undo = source.onChange(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
