// The right end of the composer's strip: to whom, how often, other orders, and Send.
import { ChevronDown, Repeat, SendHorizontal, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { commandShortcut, runCommand, useCommand } from '../shell/commands.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatCount } from '../ui/format.ts';
import { Kbd } from '../ui/kbd.tsx';
import { Menu } from '../ui/menu.tsx';
import { Popover } from '../ui/popover.tsx';
import { controlEntries, useControlCommands } from './control-menu.ts';
import { editDraft, useDraft } from './draft-store.ts';
import { RecipientPicker } from './recipient-picker.tsx';
import { sendDraft, stopRepeating } from './sending.ts';

export function SendBar({ session }: { session: SessionState }) {
  useCommand('composer.send', () => void sendDraft(session));
  useCommand('composer.sendRepeatedly', () => useDialogs.setState({ repeat: true }), !session.repeating);
  useCommand('composer.stopRepeating', () => void stopRepeating(session), session.repeating !== undefined);
  useControlCommands(session);
  return (
    <div className="send-bar">
      {session.config.role === 'server' && <RecipientPicker session={session} />}
      <Menu entries={controlEntries(session.config.protocol)} align="end">
        <Button variant="ghost">
          Control
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </Button>
      </Menu>
      {session.repeating ? <Repeating session={session} /> : <RepeatMenu session={session} />}
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

function Repeating({ session }: { session: SessionState }) {
  const { sent, times } = session.repeating ?? { sent: 0, times: 0 };
  return (
    <>
      <progress className="send-progress" aria-label="Repeated sending" max={times} value={sent} />
      <span className="data send-count" role="status">
        {formatCount(sent)}/{formatCount(times)}
      </span>
      <IconButton label="Stop repeating" icon={Square} onClick={() => runCommand('composer.stopRepeating')} />
    </>
  );
}

const LIMITS = { times: { min: 1, max: 10_000_000 }, everyMs: { min: 0, max: 86_400_000 } } as const;

function RepeatMenu({ session }: { session: SessionState }) {
  const open = useDialogs((state) => state.repeat);
  const { repeat } = useDraft(session.id);
  const [times, setTimes] = useState('');
  const [everyMs, setEveryMs] = useState('');
  const setOpen = (next: boolean) => useDialogs.setState({ repeat: next });
  useEffect(() => {
    if (!open) return;
    setTimes(String(repeat.times));
    setEveryMs(String(repeat.everyMs));
  }, [open, repeat]);
  const fits = (text: string, { min, max }: { min: number; max: number }) =>
    text.trim() !== '' && Number(text) >= min && Number(text) <= max;
  const valid = fits(times, LIMITS.times) && Number.isInteger(Number(times)) && fits(everyMs, LIMITS.everyMs);
  const start = () => {
    const next = { times: Number(times), everyMs: Number(everyMs) };
    editDraft(session.id, { repeat: next });
    setOpen(false);
    void sendDraft(session, next);
  };
  return (
    <Popover
      label="Send repeatedly"
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label="Send repeatedly" icon={Repeat} />}
    >
      <form
        className="repeat-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) start();
        }}
      >
        <div className="repeat-line">
          Send
          <Input data value={times} inputMode="numeric" aria-label="Times" onChange={(e) => setTimes(e.target.value)} />
          times
        </div>
        <div className="repeat-line">
          every
          <Input
            data
            value={everyMs}
            inputMode="numeric"
            aria-label="Interval in milliseconds"
            onChange={(event) => setEveryMs(event.target.value)}
          />
          ms
        </div>
        <p className="field-hint">0 ms: as fast as the peer takes them.</p>
        <Button type="submit" variant="primary" disabled={!valid}>
          Start
        </Button>
      </form>
    </Popover>
  );
}
