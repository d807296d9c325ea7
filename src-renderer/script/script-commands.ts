// Commands of the chosen session's script.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { type CommandId, registerCommand } from '../shell/commands.ts';
import { activeSession } from '../stores/sessions.ts';
import { recordScript, runScript, scriptOf, showScript, stopScript } from './script-actions.ts';

/** For the window's whole life. Call once. */
export function registerScriptCommands(): void {
  const onEndpoint = (id: CommandId, run: (session: string) => void, isEnabled: (session: SessionState) => boolean) =>
    registerCommand(
      id,
      () => {
        const session = activeSession();
        if (session) run(session.id);
      },
      () => {
        const session = activeSession();
        return session !== undefined && session.config.role !== 'capture' && isEnabled(session);
      },
    );
  onEndpoint('script.show', showScript, () => true);
  onEndpoint(
    'script.run',
    (id) => void runScript(id),
    ({ id, script }) => !script?.running && scriptOf(id).length > 0,
  );
  onEndpoint(
    'script.stop',
    (id) => void stopScript(id),
    ({ script }) => script?.running === true,
  );
  onEndpoint(
    'script.record',
    (id) => void recordScript(id),
    ({ counts }) => counts.messages > 0,
  );
}
