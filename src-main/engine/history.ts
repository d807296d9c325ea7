// The methods of the history: the runs of sessions and their captures.
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';

export function historyMethods(_host: GroupHost): MethodsOf<'history'> {
  const reject = () => Promise.reject(problem('The history is not available yet.'));
  return {
    'history.list': reject,
    'history.open': reject,
    'history.rename': reject,
    'history.keep': reject,
    'history.remove': reject,
  };
}
