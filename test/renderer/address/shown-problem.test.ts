import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src-main/core/event.ts';
import { shownProblem } from '../../../src-renderer/address/shown-problem.ts';
import { sessionState } from '../session-state.ts';

const problem = (what: string): Problem => ({ what, why: '', next: '' });

describe('the problem under a session’s address', () => {
  it('is why it failed or could not be started, which may be tried again', () => {
    const failed = sessionState({ phase: 'failed', problem: problem('refused') });
    expect(shownProblem(failed, false, undefined, problem('no file'))).toEqual({
      problem: problem('refused'),
      canRetry: true,
    });
    const idle = sessionState({ phase: 'idle' });
    expect(shownProblem(idle, false, undefined, problem('no file'))).toEqual({
      problem: problem('no file'),
      canRetry: true,
    });
    expect(shownProblem(sessionState({ phase: 'open' }), true, undefined, problem('no file'))).toBeUndefined();
  });

  it('is the last edit, if that was refused', () => {
    const failed = sessionState({ phase: 'failed', problem: problem('refused') });
    expect(shownProblem(failed, false, problem('bad address'), undefined)).toEqual({
      problem: problem('bad address'),
      canRetry: false,
    });
  });

  it.each(['open', 'idle', 'closed'] as const)('is what is wrong beside a session that is %s', (phase) => {
    const state = sessionState({ phase, problem: problem('The disk is full.') });
    expect(shownProblem(state, phase === 'open', undefined, undefined)).toEqual({
      problem: state.problem,
      canRetry: false,
    });
  });
});
