// Where messages are written and sent: saved messages, editor, script, metadata; for servers the lists of calls and connections.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { ScriptPane } from '../script/script-pane.tsx';
import { MetadataForm } from '../settings/metadata-form.tsx';
import { type ComposerPane, showComposerPane, useComposerPanes } from '../stores/composer-pane.ts';
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

export function Composer({ session }: { session: SessionState }) {
  const pane = useComposerPanes((state) => state.bySession[session.id] ?? 'compose');
  const setPane = (next: ComposerPane) => showComposerPane(session.id, next);
  const config = useSessions((state) => configOf(state, session.id) ?? session.config);
  const calls = useCalls(session);
  const composed = useComposed(session, calls.calls);
  const tabs = tabsOf(session, config, calls);
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
      <Tabs<ComposerPane> label="Composer" tabs={tabs} value={shown} onChange={setPane} actions={bar}>
        {shown === 'compose' && <Compose session={session} composed={composed} />}
        {shown === 'script' && <ScriptPane session={session} config={config} />}
        {shown === 'metadata' && (
          <div className="compose-metadata">
            <MetadataForm id={session.id} config={config} />
          </div>
        )}
        {shown === 'calls' && <CallsPane session={session} calls={calls} onAnswer={() => setPane('compose')} />}
        {shown === 'connections' && <ConnectionsPane session={session} onSendTo={() => setPane('compose')} />}
      </Tabs>
      <ControlDialogs session={session} calls={calls} />
    </section>
  );
}

function tabsOf(session: SessionState, config: SessionConfig, calls: Calls): Tab<ComposerPane>[] {
  const { role, protocol } = config;
  const metadata = Object.keys(config.grpc?.metadata ?? {}).length;
  const counted = (label: string, count: number) => (count > 0 ? `${label} ${formatCount(count)}` : label);
  const tabs: Tab<ComposerPane>[] = [
    { value: 'compose', label: protocol === 'grpc' ? 'Message' : 'Compose' },
    { value: 'script', label: counted('Script', config.script?.length ?? 0) },
  ];
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
