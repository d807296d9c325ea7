// What can be begun: the same list under every "+".
import { FileText, FlaskConical, Plug, Radio } from 'lucide-react';
import type { MenuEntry } from '../ui/menu.tsx';
import { commandEntry } from './command-menu.ts';

/** `place`: where the session will lie, if that is to be said. */
export function newSessionEntries(place?: string): MenuEntry[] {
  return [
    ...(place === undefined ? [] : [{ type: 'label' as const, text: `In ${place}` }]),
    { type: 'label', text: 'Connect to' },
    commandEntry('session.new.client.websocket', { text: 'WebSocket', icon: Plug }),
    commandEntry('session.new.client.grpc', { text: 'gRPC', icon: Plug }),
    commandEntry('session.new.client.tcp', { text: 'TCP', icon: Plug }),
    commandEntry('session.new.client.udp', { text: 'UDP', icon: Plug }),
    { type: 'label', text: 'Listen as server' },
    commandEntry('session.new.server.websocket', { text: 'WebSocket', icon: Radio }),
    commandEntry('session.new.server.grpc', { text: 'gRPC mock', icon: Radio }),
    commandEntry('session.new.server.tcp', { text: 'TCP', icon: Radio }),
    commandEntry('session.new.server.udp', { text: 'UDP', icon: Radio }),
    { type: 'separator' },
    commandEntry('capture.open', { icon: FileText }),
    commandEntry('session.tryIt', { icon: FlaskConical }),
  ];
}
