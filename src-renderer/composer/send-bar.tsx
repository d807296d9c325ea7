// The right end of the composer's strip: to whom, how often, other orders, and Send.
import { SendHorizontal } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { commandShortcut, runCommand, useCommand } from '../shell/commands.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { ControlButton } from './control-button.tsx';
import { useControlCommands } from './control-menu.ts';
import { RecipientPicker } from './recipient-picker.tsx';
import { Repeat } from './repeat.tsx';
import { sendDraft, stopSending } from './sending.ts';

export function SendBar({ session }: { session: SessionState }) {
  useCommand('composer.send', () => void sendDraft(session));
  useCommand('composer.sendRepeatedly', () => useDialogs.setState({ repeat: true }), !session.series);
  useCommand('composer.stopSending', () => void stopSending(session), session.series !== undefined);
  useControlCommands(session);
  return (
    <div className="send-bar">
      {session.config.role === 'server' && <RecipientPicker session={session} />}
      <ControlButton config={session.config} />
      <Repeat session={session} onStart={(repeat) => void sendDraft(session, { repeat })} />
      <Button
        variant={session.phase === 'open' ? 'primary' : 'default'}
        icon={SendHorizontal}
        className="send-button"
        title="Send the message"
        onClick={() => runCommand('composer.send')}
      >
        Send
        <Kbd keys={commandShortcut('composer.send') ?? ''} />
      </Button>
    </div>
  );
}
