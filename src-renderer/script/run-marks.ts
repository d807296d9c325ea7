// How the script's last run went, for the steps as they are now: pure.
import type { ScriptState } from '../../src-main/bridge/contract.ts';
import type { Step } from '../../src-main/core/session-config.ts';
import { sameData } from '../stores/same-data.ts';
import { formatCount, formatDuration, formatPlural } from '../ui/format.ts';

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
  /** Of all steps together, in milliseconds; absent where they were run through more than once. */
  ms?: number;
}

/** `< 1 ms`, `4 ms`, `1.24 s`: steps are measured in whole milliseconds. */
export function stepTime(ms: number): string {
  return ms < 1 ? '<\u202f1\u202fms' : formatDuration(ms * 1000);
}

/** The run as a whole; undefined if there was none. */
export function runResult(state: ScriptState | undefined): RunResult | undefined {
  if (!state) return undefined;
  const { steps, running, stopped, failure, connections, iteration } = state;
  const ms = iteration ? {} : { ms: steps.reduce((sum, step) => sum + (step.ms ?? 0), 0) };
  if (running) return { state: 'running', ...ms, ...placeOf(state) };
  if (iteration) return { ...iterated(iteration, stopped === true) };
  const failed = steps.findIndex((step) => step.state === 'failed');
  const at = failed < 0 ? {} : { at: failed };
  if (connections) return { ...ms, ...at, ...served(connections) };
  if (failure !== undefined) return { state: 'failed', text: `Not run: ${failure}` };
  const step = `step ${failed + 1} of ${steps.length}`;
  if (failed >= 0 && stopped) return { state: 'stopped', text: `Stopped at ${step}`, ...ms, ...at };
  if (failed >= 0) return { state: 'failed', text: `Failed at ${step}`, ...ms, ...at };
  const done = steps.filter((each) => each.state === 'ok').length;
  if (done === steps.length) return { state: 'passed', text: `Passed, ${formatPlural(done, 'step')}`, ...ms };
  if (done === 0) return { state: 'stopped', text: 'Stopped before its first step' };
  return { state: 'stopped', text: `Stopped after ${done} of ${steps.length}`, ...ms };
}

type Counts = Pick<NonNullable<ScriptState['connections']>, 'passed' | 'failed'>;
type Iteration = NonNullable<ScriptState['iteration']>;

/** Where a script that runs is. A server's waits for the next connection when it has done with one. */
function placeOf(state: ScriptState): { text: string; at?: number } {
  const { steps, connections, iteration } = state;
  const at = steps.findIndex((step) => step.state === 'running');
  const suffix = soFar(iteration ?? connections ?? { passed: 0, failed: 0 });
  const row = iteration ? `Row ${formatCount(iteration.at)} of ${formatCount(iteration.of)}` : '';
  if (at < 0) return { text: `${row || (connections ? 'Waiting for a connection' : 'Starting')}${suffix}` };
  const step = `${row ? `${row}, step` : 'Step'} ${at + 1} of ${steps.length}`;
  return { text: `${step}${suffix}`, at };
}

function soFar({ passed, failed }: Counts): string {
  return [passed > 0 && `, ${formatCount(passed)} passed`, failed > 0 && `, ${formatCount(failed)} failed`]
    .filter(Boolean)
    .join('');
}

/** How a server's script went that was stopped: that is how it ends. */
function served({ passed, failed }: Counts): Pick<RunResult, 'state' | 'text'> {
  const all = formatPlural(passed + failed, 'connection');
  if (failed > 0) return { state: 'failed', text: `Failed for ${formatCount(failed)} of ${all}` };
  if (passed > 0) return { state: 'passed', text: `Passed for ${all}` };
  return { state: 'stopped', text: 'Stopped before a connection' };
}

/** How the rows of a data file went. */
function iterated({ at, of, passed, failed }: Iteration, isStopped: boolean): Pick<RunResult, 'state' | 'text'> {
  if (isStopped) {
    const row = `Stopped at row ${formatCount(at)} of ${formatCount(of)}`;
    return { state: 'stopped', text: `${row}${soFar({ passed, failed })}` };
  }
  if (failed > 0) return { state: 'failed', text: `Failed for ${formatCount(failed)} of ${formatPlural(of, 'row')}` };
  return { state: 'passed', text: `Passed for ${formatPlural(of, 'row')}` };
}
