// Sending again and again: how often and how fast, and how far it has come.
import { Repeat as RepeatIcon, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { runCommand } from '../shell/commands.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatCount } from '../ui/format.ts';
import { Popover } from '../ui/popover.tsx';
import { type Draft, editDraft, useDraft } from './draft-store.ts';

export interface RepeatProps {
  session: SessionState;
  onStart(repeat: Draft['repeat']): void;
}

export function Repeat({ session, onStart }: RepeatProps) {
  return session.series ? <Sending {...session.series} /> : <RepeatMenu session={session} onStart={onStart} />;
}

function Sending({ sent, of }: NonNullable<SessionState['series']>) {
  return (
    <>
      <progress className="send-progress" aria-label="Messages sent" max={of} value={sent} />
      <span className="data send-count" role="status">
        {formatCount(sent)}/{formatCount(of)}
      </span>
      <IconButton label="Stop sending" icon={Square} onClick={() => runCommand('composer.stopSending')} />
    </>
  );
}

const LIMITS = { times: { min: 1, max: 10_000_000 }, everyMs: { min: 0, max: 86_400_000 } } as const;

function RepeatMenu({ session, onStart }: RepeatProps) {
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
    onStart(next);
  };
  return (
    <Popover
      label="Send repeatedly"
      side="top"
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label="Send repeatedly" icon={RepeatIcon} />}
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
