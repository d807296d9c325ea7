// The stage: a session of the kind the query names, its timeline and its inspector side by side.
// ?records=N &recordsPerCall=N &role=client|server|capture &phase=… &connections=N &theme=dark &inspector=280
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Phase, SessionState } from '../../../src-main/bridge/contract.ts';
import { Inspector } from '../../../src-renderer/inspector/inspector.tsx';
import { Timeline } from '../../../src-renderer/timeline/timeline.tsx';
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/500.css';
import { listenForShortcuts } from '../../../src-renderer/shell/shortcut-listener.ts';
import '../../../src-renderer/ui/tokens.css';
import '../../../src-renderer/ui/base.css';
import { TooltipProvider } from '../../../src-renderer/ui/tooltip.tsx';
import { bridge } from './bridge.ts';

const wanted = new URLSearchParams(location.search);
const records = Number(wanted.get('records') ?? 2000);
const role = (wanted.get('role') ?? 'client') as SessionState['config']['role'];
const phase = (wanted.get('phase') ?? 'open') as Phase;
const silent = { messages: 0, bytes: 0, messagesPerSecond: 0, bytesPerSecond: 0 };

document.documentElement.dataset.theme = wanted.get('theme') ?? 'light';
bridge.connections = Number(wanted.get('connections') ?? 1);
bridge.recordsPerCall = Number(wanted.get('recordsPerCall') ?? 0);

const initial: SessionState = {
  id: 'stage',
  config: {
    wirescope: 1,
    name: 'Seed chat',
    role,
    protocol: 'websocket',
    target: 'ws://127.0.0.1:9001/ws',
    listen: ':0',
  },
  place: { in: 'scratch', path: 'Seed-chat.yaml' },
  phase,
  status: role === 'server' ? 'ws://127.0.0.1:9001' : 'TCP 127.0.0.1:9001',
  trust: { lock: 'none', text: '' },
  connections: 0,
  ...(phase === 'idle'
    ? {}
    : { capture: { path: '/captures/stage.pcapng', name: 'stage.pcapng', sizeBytes: 412_000 } }),
  ...(phase === 'loading' ? { progress: 0.42 } : {}),
  ...(phase === 'failed'
    ? {
        problem: {
          what: 'Nothing is listening on 127.0.0.1:9001.',
          why: 'The machine answered that the port is closed.',
          next: 'Start the server, or check the port in the address.',
          code: 'ECONNREFUSED',
        },
      }
    : {}),
  counts: {
    records,
    events: Math.min(2, records),
    frames: Math.max(0, records - 2),
    messages: Math.max(0, records - 2),
    notes: 0,
    warnings: 0,
    errors: 0,
  },
  traffic: { clientToServer: silent, serverToClient: silent },
};
bridge.sessions.set(initial.id, initial);
Object.assign(window, { stage: bridge });

function Stage() {
  const [session, setSession] = useState(initial);
  useEffect(
    () =>
      bridge.listen((announcement) => {
        if (announcement.type === 'session') setSession(announcement.session);
      }),
    [],
  );
  const inspector = wanted.get('inspector') ?? '400';
  return (
    <TooltipProvider>
      <div style={{ display: 'grid', gridTemplateColumns: `minmax(0, 1fr) ${inspector}px`, height: '100%' }}>
        <Timeline session={session} />
        <div data-pane="inspector" style={{ borderLeft: '1px solid var(--hairline)', minWidth: 0, minHeight: 0 }}>
          <Inspector session={session} />
        </div>
      </div>
    </TooltipProvider>
  );
}

listenForShortcuts();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Stage />
  </StrictMode>,
);
