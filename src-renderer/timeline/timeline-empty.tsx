// What the timeline says while it has no rows, and under its first few: what it is for, what is going on, the one next
// action.
import { Filter, ListTree, Radio, ScrollText, Waypoints } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { commandShortcut, runCommand } from '../shell/commands.ts';
import { openSettings } from '../stores/dialogs.ts';
import { problemOf } from '../stores/problem.ts';
import { startSession, stopSession } from '../stores/session-actions.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatBytes, formatPlural } from '../ui/format.ts';
import { Kbd } from '../ui/kbd.tsx';
import { CopyButton, ProblemView } from '../ui/problem-view.tsx';
import type { RowSource } from './row-source.ts';
import { changeQuery, type TimelineView } from './timeline-store.ts';

/** A quick answer shows no word about waiting for it. */
const PATIENCE_MS = 250;

export interface TimelineEmptyProps {
  session: SessionState;
  view: TimelineView;
  source: RowSource | undefined;
}

export function TimelineEmpty({ session, view, source }: TimelineEmptyProps) {
  const { counts, phase } = session;
  if (source?.failure !== undefined) {
    return (
      <Centre>
        <ProblemView problem={problemOf(source.failure)}>
          <Button onClick={() => source.grew()}>Try again</Button>
        </ProblemView>
      </Centre>
    );
  }
  if (phase === 'loading') return <Loading session={session} />;
  if (session.capture && (!source?.loaded || source.total < source.known)) return null;
  if (source?.scanning !== undefined) return <Scanning />;
  if (counts.records > 0) return <NothingMatches session={session} view={view} />;
  if (phase === 'connecting' || phase === 'closing') return <Connecting session={session} />;
  if (session.config.role === 'capture') {
    return (
      <Centre>
        <EmptyState
          icon={ScrollText}
          title="No records in this capture"
          text="The file holds no packets Wirescope can read."
        />
      </Centre>
    );
  }
  if (session.capture && (phase === 'open' || phase === 'waiting')) return <Open session={session} />;
  return <Idle session={session} />;
}

/** Under the first rows, which are events: whom one waits for. */
export function TimelineHint({ session, rows }: { session: SessionState; rows: number }) {
  const { phase, counts, config, connections } = session;
  let hint: ReactNode = null;
  if (counts.messages > 0) return null;
  if (phase === 'connecting') hint = <Connecting session={session} />;
  else if (phase === 'open' && config.protocol === 'tcp' && bytesOf(session) > 0)
    hint = <Unfinished session={session} />;
  else if (phase === 'open' && (config.role !== 'server' || connections === 0)) hint = <Open session={session} />;
  if (!hint) return null;
  return (
    <div className="tl-hint" style={{ '--tl-rows': rows } as CSSProperties}>
      {hint}
    </div>
  );
}

function Centre({ children }: { children: ReactNode }) {
  return <div className="tl-empty">{children}</div>;
}

function Idle({ session }: { session: SessionState }) {
  const isServer = session.config.role === 'server';
  const address = isServer ? session.config.listen : session.config.target;
  if (!address) {
    return (
      <Centre>
        <EmptyState
          icon={Waypoints}
          title="No address yet"
          text={isServer ? 'Write above which address to listen on.' : 'Write the address of the peer above.'}
        >
          <Button onClick={() => runCommand('address.focus')}>
            Go to address
            <Kbd keys={commandShortcut('address.focus') ?? ''} />
          </Button>
        </EmptyState>
      </Centre>
    );
  }
  return (
    <Centre>
      <EmptyState
        icon={Waypoints}
        title={isServer ? 'Nothing received yet' : 'Nothing captured yet'}
        text={
          isServer
            ? 'Listen, and every connection, frame and message of your clients is shown here as it comes.'
            : 'Connect, and every frame and message in both directions is shown here with the wire’s time.'
        }
      >
        <Button onClick={() => void startSession(session.id)}>{isServer ? 'Listen' : 'Connect'}</Button>
      </EmptyState>
    </Centre>
  );
}

function Connecting({ session }: { session: SessionState }) {
  return (
    <Centre>
      <EmptyState icon={Radio} title={session.phase === 'closing' ? 'Closing' : 'Connecting'} text={session.status}>
        <Button onClick={() => void stopSession(session.id)}>Cancel</Button>
      </EmptyState>
    </Centre>
  );
}

function Open({ session }: { session: SessionState }) {
  if (session.config.role !== 'server') {
    return (
      <Centre>
        <EmptyState
          icon={Radio}
          title="Connected, no messages yet"
          text="Send one from the composer below, or wait for the peer."
        />
      </Centre>
    );
  }
  const address = /\S+:\d+\S*$/.exec(session.status)?.[0];
  return (
    <Centre>
      <EmptyState icon={Radio} title="Listening, no connection yet" text={session.status}>
        {address && <CopyButton text={address} label="Copy address" />}
      </EmptyState>
    </Centre>
  );
}

function bytesOf({ traffic }: SessionState): number {
  return traffic.clientToServer.bytes + traffic.serverToClient.bytes;
}

/** Bytes that are no message yet are nowhere else to be seen. */
function Unfinished({ session }: { session: SessionState }) {
  return (
    <Centre>
      <EmptyState
        icon={Radio}
        title="No whole message yet"
        text={`${formatBytes(bytesOf(session))} have come. By the framing of this session the message goes on.`}
      >
        <Button onClick={() => openSettings('framing')}>Framing…</Button>
      </EmptyState>
    </Centre>
  );
}

function Loading({ session }: { session: SessionState }) {
  const percent = Math.round((session.progress ?? 0) * 100);
  return (
    <Centre>
      <EmptyState
        icon={ScrollText}
        title="Reading the capture"
        text={`${percent} %, ${formatPlural(session.counts.records, 'record')} so far`}
      >
        <progress className="tl-progress" max={100} value={percent} aria-label="Reading the capture" />
      </EmptyState>
    </Centre>
  );
}

function Scanning() {
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (patient) return null;
  return (
    <Centre>
      <EmptyState icon={Filter} title="Looking for rows that match" />
    </Centre>
  );
}

function NothingMatches({ session, view }: { session: SessionState; view: TimelineView }) {
  const { id, counts } = session;
  if (view.filter !== '' || view.connection !== undefined) {
    return (
      <Centre>
        <EmptyState
          icon={Filter}
          title="No row matches"
          text={`None of ${formatPlural(counts.records, 'record')} passes this filter at the level shown.`}
        >
          <Button onClick={() => changeQuery(id, { filter: '', connection: undefined })}>Clear filter</Button>
        </EmptyState>
      </Centre>
    );
  }
  return (
    <Centre>
      <EmptyState
        icon={ListTree}
        title={view.level === 'messages' ? 'No messages yet' : 'No frames yet'}
        text={`${formatPlural(counts.records, 'record')} at other levels.`}
      >
        <Button onClick={() => changeQuery(id, { level: 'everything' })}>Show everything</Button>
      </EmptyState>
    </Centre>
  );
}
