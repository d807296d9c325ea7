// Where messages are written and sent: saved messages, editor, and for servers the list of connections.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { formatCount } from '../ui/format.ts';
import { type Tab, Tabs } from '../ui/tabs.tsx';
import { Compose } from './compose.tsx';
import { ConnectionsPane } from './connections-pane.tsx';
import { ControlDialogs } from './control-dialogs.tsx';
import { SendBar } from './send-bar.tsx';
import './composer.css';

type Pane = 'compose' | 'connections';

export function Composer({ session }: { session: SessionState }) {
  const [pane, setPane] = useState<Pane>('compose');
  const isServer = session.config.role === 'server';
  const shown = isServer ? pane : 'compose';
  const tabs: Tab<Pane>[] = [{ value: 'compose', label: 'Compose' }];
  if (isServer) {
    const count = session.connections > 0 ? ` ${formatCount(session.connections)}` : '';
    tabs.push({ value: 'connections', label: `Connections${count}` });
  }
  return (
    <section className="composer" aria-label="Composer" data-pane="composer">
      <Tabs<Pane> label="Composer" tabs={tabs} value={shown} onChange={setPane} actions={<SendBar session={session} />}>
        {shown === 'compose' ? <Compose session={session} /> : <ConnectionsPane session={session} />}
      </Tabs>
      <ControlDialogs session={session} />
    </section>
  );
}
