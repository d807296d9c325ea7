// Where messages are written and sent: saved messages, editor, metadata; for servers the lists of calls and connections.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { MetadataForm } from '../settings/metadata-form.tsx';
import { configOf, useSessions } from '../stores/sessions.ts';
import { formatCount } from '../ui/format.ts';
import { type Tab, Tabs } from '../ui/tabs.tsx';
import { ClientCallBar, ServerCallBar } from './call-bar.tsx';
import { CallsPane } from './calls-pane.tsx';
import { Compose } from './compose.tsx';
import { useComposed } from './composed-type.ts';
import { ConnectionsPane } from './connections-pane.tsx';
import { ControlDialogs } from './control-dialogs.tsx';
import { SendBar } from './send-bar.tsx';
import { type Calls, useCalls } from './use-calls.ts';
import './composer.css';

type Pane = 'compose' | 'metadata' | 'calls' | 'connections';

export function Composer({ session }: { session: SessionState }) {
  const [pane, setPane] = useState<Pane>('compose');
  const config = useSessions((state) => configOf(state, session.id) ?? session.config);
  const calls = useCalls(session);
  const composed = useComposed(session, calls.calls);
  const tabs = tabsOf(session, Object.keys(config.grpc?.metadata ?? {}).length, calls);
  const shown = tabs.some((tab) => tab.value === pane) ? pane : 'compose';
  const isServer = session.config.role === 'server';
  const bar = !composed ? (
    <SendBar session={session} />
  ) : isServer ? (
    <ServerCallBar session={session} calls={calls} composed={composed} />
  ) : (
    <ClientCallBar session={session} calls={calls} composed={composed} />
  );
  return (
    <section className="composer" aria-label="Composer" data-pane="composer">
      <Tabs<Pane> label="Composer" tabs={tabs} value={shown} onChange={setPane} actions={bar}>
        {shown === 'compose' && <Compose session={session} composed={composed} />}
        {shown === 'metadata' && (
          <div className="compose-metadata">
            <MetadataForm id={session.id} config={config} />
          </div>
        )}
        {shown === 'calls' && <CallsPane session={session} calls={calls} onAnswer={() => setPane('compose')} />}
        {shown === 'connections' && <ConnectionsPane session={session} />}
      </Tabs>
      <ControlDialogs session={session} calls={calls} />
    </section>
  );
}

function tabsOf(session: SessionState, metadata: number, calls: Calls): Tab<Pane>[] {
  const { role, protocol } = session.config;
  const counted = (label: string, count: number) => (count > 0 ? `${label} ${formatCount(count)}` : label);
  const tabs: Tab<Pane>[] = [{ value: 'compose', label: protocol === 'grpc' ? 'Message' : 'Compose' }];
  if (protocol === 'grpc' && role === 'client') tabs.push({ value: 'metadata', label: counted('Metadata', metadata) });
  if (protocol === 'grpc' && role === 'server') {
    const waiting = calls.calls.filter((call) => call.waiting && !call.ended).length;
    const label = counted('Calls', calls.total);
    tabs.push({
      value: 'calls',
      label: waiting > 0 ? <span className="calls-waiting">{`${label}, ${waiting} waiting`}</span> : label,
    });
  }
  if (role === 'server') tabs.push({ value: 'connections', label: counted('Connections', session.connections) });
  return tabs;
}
