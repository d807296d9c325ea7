// The way to what the ports of a capture are decoded as, which says how many are.
import { Shapes } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { runCommand, useCommand } from '../shell/commands.ts';
import { openSettings } from '../stores/dialogs.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { Button } from '../ui/button.tsx';
import { formatPlural } from '../ui/format.ts';

export function DecodeAs({ session }: { session: SessionState }) {
  const rules = useSessions((state) => configOf(state, session.id)?.decode);
  useCommand('capture.decode', () => openSettings('decode'));
  return (
    <Button
      variant="ghost"
      icon={Shapes}
      title="Say what the bytes of a port are, where the first ones do not tell it"
      onClick={() => runCommand('capture.decode')}
    >
      {rules ? `${formatPlural(rules.length, 'port')} decoded` : 'Decode as…'}
    </Button>
  );
}
