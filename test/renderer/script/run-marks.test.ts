import { describe, expect, it } from 'vitest';
import type { ScriptState } from '../../../src-main/bridge/contract.ts';
import type { Step } from '../../../src-main/core/session-config.ts';
import { marksOf, runResult } from '../../../src-renderer/script/run-marks.ts';

const script: Step[] = [{ send: 'hello' }, { expect: { contains: 'hi' } }, { close: {} }];

function state(states: ScriptState['steps'][number]['state'][], change: Partial<ScriptState> = {}): ScriptState {
  const steps = states.map((each, index) => ({ step: `step ${index}`, state: each, ms: 100, error: null }));
  return { running: false, steps, ...change };
}

describe('marks of steps', () => {
  const failed = state(['ok', 'failed', 'skipped']);
  const states = (steps: Step[], ran: Step[] | undefined) => marksOf(steps, failed, ran).map((mark) => mark?.state);

  it('stand at the steps that ran', () => expect(states(script, script)).toEqual(['ok', 'failed', 'skipped']));

  it('leave a step that was edited since, and no other', () => {
    const edited: Step[] = [script[0]!, { expect: { contains: 'ho' } }, script[2]!];
    expect(states(edited, script)).toEqual(['ok', undefined, 'skipped']);
  });

  it('are trusted by their number where this window did not begin the run', () => {
    expect(states(script, undefined)).toEqual(['ok', 'failed', 'skipped']);
    expect(states([...script, 'cancel'], undefined)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are none before a run', () =>
    expect(marksOf(script, undefined, undefined)).toEqual([undefined, undefined, undefined]));
});

describe('the run as a whole', () => {
  it('says where it is', () => {
    expect(runResult(state(['ok', 'running', 'waiting'], { running: true }))).toMatchObject({
      state: 'running',
      text: 'Step 2 of 3',
      at: 1,
    });
    expect(runResult(state(['waiting', 'waiting'], { running: true }))?.text).toBe('Starting');
  });

  it('says in which row of a data file it is, and how the rows went', () => {
    const rows = (change: Partial<ScriptState>, passed: number, failed: number) =>
      runResult(state(['ok', 'running'], { ...change, iteration: { at: 3, of: 5, passed, failed } }));
    expect(rows({ running: true }, 2, 0)).toEqual({
      state: 'running',
      text: 'Row 3 of 5, step 2 of 2, 2 passed',
      at: 1,
    });
    expect(
      runResult(state(['waiting'], { running: true, iteration: { at: 1, of: 5, passed: 0, failed: 0 } }))?.text,
    ).toBe('Row 1 of 5');
    expect(rows({}, 5, 0)).toEqual({ state: 'passed', text: 'Passed for 5 rows' });
    expect(rows({}, 3, 2)).toEqual({ state: 'failed', text: 'Failed for 2 of 5 rows' });
    expect(rows({ stopped: true }, 1, 1)).toEqual({
      state: 'stopped',
      text: 'Stopped at row 3 of 5, 1 passed, 1 failed',
    });
  });

  it('says how it ended', () => {
    expect(runResult(state(['ok', 'ok']))).toEqual({ state: 'passed', text: 'Passed, 2 steps', ms: 200 });
    expect(runResult(state(['ok', 'failed', 'skipped']))).toMatchObject({
      state: 'failed',
      text: 'Failed at step 2 of 3',
      at: 1,
    });
    expect(runResult(state(['ok', 'skipped', 'skipped']))?.text).toBe('Stopped after 1 of 3');
    expect(runResult(state(['ok', 'failed', 'skipped'], { stopped: true }))).toMatchObject({
      state: 'stopped',
      text: 'Stopped at step 2 of 3',
    });
    expect(runResult(state(['skipped'], { stopped: true }))?.text).toBe('Stopped before its first step');
    expect(runResult(state(['skipped'], { failure: 'Nothing is listening.' }))).toEqual({
      state: 'failed',
      text: 'Not run: Nothing is listening.',
    });
    expect(runResult(undefined)).toBeUndefined();
  });

  it('counts the connections of a server', () => {
    const serving = (states: Parameters<typeof state>[0], passed: number, failed: number, running = true) =>
      runResult(state(states, { running, connections: { passed, failed } }));
    expect(serving(['waiting'], 0, 0)?.text).toBe('Waiting for a connection');
    expect(serving(['ok'], 2, 0)).toEqual({ state: 'running', text: 'Waiting for a connection, 2 passed', ms: 100 });
    expect(serving(['running'], 1, 2)).toMatchObject({ text: 'Step 1 of 1, 1 passed, 2 failed', at: 0 });
    expect(serving(['skipped'], 0, 0, false)?.text).toBe('Stopped before a connection');
    expect(serving(['ok'], 1, 0, false)).toMatchObject({ state: 'passed', text: 'Passed for 1 connection' });
    expect(serving(['ok', 'failed'], 2, 1, false)).toMatchObject({
      state: 'failed',
      text: 'Failed for 1 of 3 connections',
      at: 1,
    });
  });
});
