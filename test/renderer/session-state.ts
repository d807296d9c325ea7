// A session's state as the engine would announce it, for tests of who shows it.
import type { SessionState } from '../../src-main/bridge/contract.ts';

const still = { messages: 0, bytes: 0, messagesPerSecond: 0, bytesPerSecond: 0 };

export function sessionState(change: Partial<SessionState> = {}): SessionState {
  return {
    id: 's1',
    config: { wirescope: 1, name: 'Session', role: 'client', protocol: 'websocket', target: 'ws://h' },
    place: { in: 'scratch', path: 'Session.yaml' },
    phase: 'idle',
    status: '',
    trust: { lock: 'none', text: '' },
    connections: 0,
    counts: { records: 0, events: 0, frames: 0, messages: 0, notes: 0, warnings: 0, errors: 0 },
    traffic: { clientToServer: still, serverToClient: still },
    ...change,
  };
}
