// The right end of the composer's strip for gRPC: how the call is, and what can be done with it.
import { Ban, ChevronDown, CornerDownLeft, Flag, Play, SendHorizontal } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import { commandShortcut, runCommand, useCommand } from '../shell/commands.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { expectCall } from '../timeline/call-folds.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Menu } from '../ui/menu.tsx';
import { CallProgress } from './call-progress.tsx';
import { addressedCall, type Composed } from './composed-type.ts';
import { ControlButton } from './control-button.tsx';
import { sendControl } from './control-menu.ts';
import { editDraft, useDraft } from './draft-store.ts';
import { Repeat } from './repeat.tsx';
import { sendDraft, stopSending } from './sending.ts';
import { type Calls, newest, openCall } from './use-calls.ts';

export interface CallBarProps {
  session: SessionState;
  calls: Calls;
  composed: Composed;
}

/** A client's: Invoke, or Send into a call and end its streaming. */
export function ClientCallBar({ session, calls, composed }: CallBarProps) {
  const { method } = composed;
  const deadlineMs = useSessions((state) => configOf(state, session.id)?.grpc?.deadlineMs ?? 0);
  const open = openCall(calls.calls);
  const openCount = calls.calls.filter((call) => !call.ended).length;
  const isChosen = (call: CallState) => call.method.replace(/^\//, '') === method?.path.replace(/^\//, '');
  const shown = open ?? newest(method ? calls.calls.filter(isChosen) : calls.calls);
  // Whose shape is not known may take more than one message.
  const streamsUp = method?.clientStreaming ?? true;
  const isStreaming = streamsUp || (method?.serverStreaming ?? true);
  const begins = !streamsUp || !open || open.clientEnded;
  const isConnected = session.phase === 'open';

  const send = async (repeat?: { times: number; everyMs: number }) => {
    if (begins && isStreaming) await expectCall(session.id);
    await sendDraft(session, { to: 'last', connect: true, ...(repeat ? { repeat } : {}) });
  };
  const begin = async () => {
    await expectCall(session.id);
    await sendControl(session, { type: 'invoke' }, 'last');
  };
  useCommand('composer.send', () => void send());
  useCommand('composer.sendRepeatedly', () => useDialogs.setState({ repeat: true }), !session.series);
  useCommand('composer.stopSending', () => void stopSending(session), session.series !== undefined);
  useCommand('control.invoke', () => void begin(), isConnected && streamsUp && begins);
  useCommand(
    'control.endStreaming',
    () => void sendControl(session, { type: 'halfClose' }, open ? [open.call] : 'last'),
    streamsUp && open !== undefined && !open.clientEnded,
  );
  useCommand(
    'control.cancel',
    () => void sendControl(session, { type: 'cancel' }, open ? [open.call] : 'last'),
    open !== undefined,
  );
  useCommand('grpc.sendList', () => useDialogs.setState({ control: 'sendList' }));
  return (
    <div className="send-bar">
      {shown && <CallProgress call={shown} others={Math.max(0, openCount - 1)} deadlineMs={deadlineMs} />}
      <ControlButton config={session.config} />
      <Repeat session={session} onStart={(repeat) => void send(repeat)} />
      {streamsUp && (
        <Button
          icon={CornerDownLeft}
          disabled={!open || open.clientEnded}
          title="Say that no more messages come (half-close)"
          onClick={() => runCommand('control.endStreaming')}
        >
          End streaming
        </Button>
      )}
      <IconButton label="Cancel the call" icon={Ban} disabled={!open} onClick={() => runCommand('control.cancel')} />
      <Button
        variant="primary"
        icon={streamsUp && method ? SendHorizontal : Play}
        className="send-button"
        title={streamsUp ? 'Send the message; begins the call if none is open' : 'Call the method with the message'}
        onClick={() => runCommand('composer.send')}
      >
        {streamsUp ? 'Send' : 'Invoke'}
        <Kbd keys={commandShortcut('composer.send') ?? ''} />
      </Button>
    </div>
  );
}

/** A mock's: to which call a message goes by hand, and how it ends. */
export function ServerCallBar({ session, calls }: CallBarProps) {
  const { to } = useDraft(session.id);
  const target = addressedCall(to, calls.calls);
  const isOpen = target !== undefined && !target.ended;
  const recipients = target ? [target.call] : 'last';
  useCommand('composer.send', () => void sendDraft(session, { to: recipients }));
  useCommand('control.finish', () => useDialogs.setState({ control: 'finish' }), isOpen);
  useCommand('control.cancel', () => void sendControl(session, { type: 'cancel' }, recipients), isOpen);
  const open = calls.calls.filter((call) => !call.ended);
  return (
    <div className="send-bar">
      <Menu
        align="end"
        entries={[
          {
            text: 'The call that waits, or the last',
            checked: !Array.isArray(to),
            run: () => editDraft(session.id, { to: 'last' }),
          },
          { type: 'separator' },
          ...open.map((call) => ({
            text: `#${call.call} ${call.method}`,
            hint: call.waiting ? 'waits' : call.peer,
            checked: Array.isArray(to) && to[0] === call.call,
            run: () => editDraft(session.id, { to: [call.call] }),
          })),
        ]}
      >
        <Button variant="ghost" title={target?.method}>
          {target ? `To call #${target.call}` : 'No call is open'}
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </Button>
      </Menu>
      <ControlButton config={session.config} />
      <Button icon={Flag} disabled={!isOpen} onClick={() => runCommand('control.finish')}>
        Finish…
      </Button>
      <Button
        variant={isOpen ? 'primary' : 'default'}
        icon={SendHorizontal}
        className="send-button"
        title="Send the message to the call"
        onClick={() => runCommand('composer.send')}
      >
        Send
        <Kbd keys={commandShortcut('composer.send') ?? ''} />
      </Button>
    </div>
  );
}
