// How the script's last run went, for the steps as they are now: pure.
import type { ScriptState } from '../../src-main/bridge/contract.ts';
import type { Step } from '../../src-main/core/session-config.ts';
import { sameData } from '../stores/same-data.ts';
import { formatDuration } from '../ui/format.ts';

export type StepResult = ScriptState['steps'][number];

/** For each step its result; undefined where the step has changed since. `ran`: the script that ran, if that is known. */
export function marksOf(
  script: readonly Step[],
  state: ScriptState | undefined,
  ran: readonly Step[] | undefined,
): (StepResult | undefined)[] {
  if (!state) return script.map(() => undefined);
  if (!ran) return script.map((_, index) => (state.steps.length === script.length ? state.steps[index] : undefined));
  return script.map((step, index) => (sameData(step, ran[index]) ? state.steps[index] : undefined));
}

export interface RunResult {
  state: 'running' | 'passed' | 'failed' | 'stopped';
  text: string;
  /** Index of the step that runs or failed. */
  at?: number;
  /** Of all steps together, in milliseconds. */
  ms: number;
}

/** `< 1 ms`, `4 ms`, `1.24 s`: steps are measured in whole milliseconds. */
export function stepTime(ms: number): string {
  return ms < 1 ? '<\u202f1\u202fms' : formatDuration(ms * 1000);
}

/** The run as a whole; undefined if there was none. */
export function runResult(state: ScriptState | undefined): RunResult | undefined {
  if (!state) return undefined;
  const { steps, running, connections } = state;
  const of = steps.length;
  const ms = steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
  if (running) return { state: 'running', ms, ...placeOf(state) };
  const failed = steps.findIndex((step) => step.state === 'failed');
  const at = failed < 0 ? {} : { at: failed };
  if (connections) return { ms, ...at, ...served(connections) };
  const round = roundOf(state);
  if (failed >= 0) return { state: 'failed', text: `Failed at step ${failed + 1} of ${of}${round}`, ms, ...at };
  const done = steps.filter((step) => step.state === 'ok').length;
  if (done === of) return { state: 'passed', text: `Passed, ${of} ${of === 1 ? 'step' : 'steps'}${round}`, ms };
  return { state: 'stopped', text: `Stopped after ${done} of ${of}${round}`, ms };
}

type Connections = NonNullable<ScriptState['connections']>;

/** Where a script that runs is. A server's waits for the next connection when it has done with one. */
function placeOf(state: ScriptState): { text: string; at?: number } {
  const { steps, connections } = state;
  const at = steps.findIndex((step) => step.state === 'running');
  const suffix = connections ? soFar(connections) : roundOf(state);
  if (at >= 0) return { text: `Step ${at + 1} of ${steps.length}${suffix}`, at };
  return { text: `${connections ? 'Waiting for a connection' : 'Starting'}${suffix}` };
}

function roundOf({ iteration }: ScriptState): string {
  return iteration ? `, row ${iteration.at} of ${iteration.of}` : '';
}

function soFar({ passed, failed }: Connections): string {
  return [passed > 0 && `, ${passed} passed`, failed > 0 && `, ${failed} failed`].filter(Boolean).join('');
}

/** How a server's script went that was stopped: that is how it ends. */
function served({ passed, failed }: Connections): Pick<RunResult, 'state' | 'text'> {
  const all = passed + failed === 1 ? '1 connection' : `${passed + failed} connections`;
  if (failed > 0) return { state: 'failed', text: `Failed for ${failed} of ${all}` };
  if (passed > 0) return { state: 'passed', text: `Passed for ${all}` };
  return { state: 'stopped', text: 'Stopped before a connection' };
}
