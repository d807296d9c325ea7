// The lower edge: traffic of the chosen session, what is captured and where, and how many notes there are.
import { ArrowDown, ArrowUp, FileText, TriangleAlert } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { desktop } from '../bridge/host.ts';
import { activeSession, isRunning, useSessions } from '../stores/sessions.ts';
import { formatByteRate, formatBytes, formatCount, formatMessageRate, formatPlural } from '../ui/format.ts';
import { Menu } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { commandEntry } from './command-menu.ts';
import { commandShortcut, runCommand } from './commands.ts';
import './status-bar.css';

export function StatusBar() {
  const session = useSessions(activeSession);
  return (
    <footer className="status-bar">
      {session && (
        <>
          <Traffic session={session} />
          <span className="status-fill" />
          <Captured session={session} />
          <Notes session={session} />
        </>
      )}
    </footer>
  );
}

function Traffic({ session }: { session: SessionState }) {
  const { clientToServer, serverToClient } = session.traffic;
  const isLive = isRunning(session);
  return (
    <>
      <Direction kind="up" label="Client to server" traffic={clientToServer} isLive={isLive} />
      <Direction kind="down" label="Server to client" traffic={serverToClient} isLive={isLive} />
    </>
  );
}

interface DirectionProps {
  kind: 'up' | 'down';
  label: string;
  traffic: SessionState['traffic']['clientToServer'];
  /** What is over, or a file, has no rate. */
  isLive: boolean;
}

function Direction({ kind, label, traffic, isLive }: DirectionProps) {
  const Arrow = kind === 'up' ? ArrowUp : ArrowDown;
  const { messages, bytes, messagesPerSecond, bytesPerSecond } = traffic;
  const totals = `${label}: ${formatPlural(messages, 'message')}, ${formatBytes(bytes)}`;
  const details = isLive ? `${totals}; now ${formatMessageRate(messagesPerSecond)}` : totals;
  return (
    <Tooltip text={details} side="top">
      <span className={`status-item status-${kind}`}>
        <Arrow size={12} strokeWidth={2} aria-hidden />
        <span className="visually-hidden">{label}</span>
        <span>
          {formatCount(messages)} <span className="status-unit">msg</span>
        </span>
        {isLive && (
          <span className="status-rate" data-flowing={bytesPerSecond > 0}>
            {formatByteRate(bytesPerSecond)}
          </span>
        )}
      </span>
    </Tooltip>
  );
}

function Captured({ session }: { session: SessionState }) {
  const { capture, counts } = session;
  return (
    <>
      <span className="status-item">{formatPlural(counts.records, 'record')}</span>
      {capture && (
        <>
          <span className="status-item">{formatBytes(capture.sizeBytes)}</span>
          <Menu
            align="end"
            entries={[
              commandEntry('capture.copyPath'),
              commandEntry('capture.save'),
              ...(desktop ? [commandEntry('capture.reveal')] : []),
            ]}
          >
            <button type="button" className="status-button status-capture" title={capture.path}>
              <FileText size={12} strokeWidth={1.75} aria-hidden />
              <span>{capture.name}</span>
            </button>
          </Menu>
        </>
      )}
    </>
  );
}

function Notes({ session }: { session: SessionState }) {
  const { notes, errors, warnings } = session.counts;
  if (notes === 0) return null;
  const severity = errors > 0 ? 'error' : warnings > 0 ? 'note' : 'info';
  const text = `${formatPlural(errors, 'error')}, ${formatPlural(warnings, 'warning')}: go to the next`;
  return (
    <Tooltip text={text} shortcut={commandShortcut('timeline.nextNote')} side="top">
      <button
        type="button"
        className={`status-button status-notes-${severity}`}
        onClick={() => runCommand('timeline.nextNote')}
      >
        <TriangleAlert size={12} strokeWidth={2} aria-hidden />
        {formatPlural(notes, 'note')}
      </button>
    </Tooltip>
  );
}
