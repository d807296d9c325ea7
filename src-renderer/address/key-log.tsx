// The key log that a capture's TLS is decrypted with: chosen, exchanged, taken away. The capture is read again each time.
import { ChevronDown, KeyRound } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { pickPath } from '../bridge/file-picker.ts';
import { runCommand, useCommand } from '../shell/commands.ts';
import { withValue } from '../stores/config-edit.ts';
import { reportProblem } from '../stores/problem.ts';
import { editConfig, startSession } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

export function KeyLog({ session }: { session: SessionState }) {
  const { id } = session;
  const path = useSessions((state) => configOf(state, id)?.keylog);
  const use = async (next: string | undefined) => {
    editConfig(id, (config) => withValue(config, 'keylog', next));
    await startSession(id);
  };
  useCommand('capture.keyLog', () => void choose(use));
  if (path === undefined) {
    return (
      <Button
        variant="ghost"
        icon={KeyRound}
        title="Decrypt TLS with the secrets that a program wrote down (SSLKEYLOGFILE)"
        onClick={() => runCommand('capture.keyLog')}
      >
        Key log…
      </Button>
    );
  }
  return (
    <Menu
      align="end"
      entries={[
        { text: 'Choose another…', run: () => runCommand('capture.keyLog') },
        { text: 'Read without it', run: () => void use(undefined) },
      ]}
    >
      <Button variant="ghost" icon={KeyRound} title={path}>
        {path.replace(/^.*[\\/]/, '')}
        <ChevronDown size={12} strokeWidth={2} aria-hidden />
      </Button>
    </Menu>
  );
}

async function choose(use: (path: string) => Promise<void>): Promise<void> {
  try {
    const path = await pickPath('Key log (SSLKEYLOGFILE)');
    if (path) await use(path);
  } catch (error) {
    reportProblem(error);
  }
}
