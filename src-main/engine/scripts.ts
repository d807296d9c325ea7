// The methods of scripts: running the script of a session, and steps as text.
import type { ScriptState } from '../bridge/contract.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problem } from './problem.ts';
import type { Session } from './session.ts';

export interface Scripts {
  methods: MethodsOf<'script'>;
  /** Of the script that runs for a session, or ran last. */
  state(session: Session): ScriptState | undefined;
}

export function createScripts(_host: GroupHost): Scripts {
  const reject = () => Promise.reject(problem('Scripts are not available yet.'));
  return {
    methods: {
      'script.run': reject,
      'script.stop': reject,
      'script.record': reject,
      'script.format': reject,
      'script.parse': reject,
    },
    state: () => undefined,
  };
}
