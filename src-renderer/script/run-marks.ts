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
  const { steps, running, iteration } = state;
  const of = steps.length;
  const round = iteration ? `, row ${iteration.at} of ${iteration.of}` : '';
  const ms = steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
  if (running) {
    const at = steps.findIndex((step) => step.state === 'running');
    if (at < 0) return { state: 'running', text: `Starting${round}`, ms };
    return { state: 'running', text: `Step ${at + 1} of ${of}${round}`, at, ms };
  }
  const failed = steps.findIndex((step) => step.state === 'failed');
  if (failed >= 0) return { state: 'failed', text: `Failed at step ${failed + 1} of ${of}${round}`, at: failed, ms };
  const done = steps.filter((step) => step.state === 'ok').length;
  if (done === of) return { state: 'passed', text: `Passed, ${of} ${of === 1 ? 'step' : 'steps'}${round}`, ms };
  return { state: 'stopped', text: `Stopped after ${done} of ${of}${round}`, ms };
}
