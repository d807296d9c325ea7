// The methods of variables and secrets.
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';

export function variableMethods(_host: GroupHost): MethodsOf<'variables'> & MethodsOf<'secrets'> {
  const reject = () => Promise.reject(problem('Variables are not available yet.'));
  return {
    'variables.list': reject,
    'variables.preview': reject,
    'secrets.state': reject,
    'secrets.set': reject,
    'secrets.allowFile': reject,
  };
}
