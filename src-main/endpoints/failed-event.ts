// A problem as an event of the timeline.
import type { LifecycleEvent, Problem } from '../core/event.ts';

/** `text`: the line on the timeline; what happened if absent. */
export function failedEvent(problem: Problem, text = problem.what): LifecycleEvent {
  return { type: 'failed', severity: 'error', text, problem };
}
