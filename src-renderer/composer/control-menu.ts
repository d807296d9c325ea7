// Orders beside sending, by protocol, as commands and as a menu.
import type { Control, SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { commandEntry } from '../shell/command-menu.ts';
import { useCommand } from '../shell/commands.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { reportProblem } from '../stores/problem.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { draftOf, type Recipients } from './draft-store.ts';

/** Carries out an order for the chosen recipients, or for `to`. True when it was. */
export async function sendControl(session: SessionState, command: Control, to?: Recipients): Promise<boolean> {
  const recipients = to ?? (session.config.role === 'server' ? draftOf(session.id).to : 'all');
  try {
    await bridge.call('sessions.control', { session: session.id, command, to: recipients });
    return true;
  } catch (error) {
    reportProblem(error);
    return false;
  }
}

export function useControlCommands(session: SessionState): void {
  const { protocol } = session.config;
  const open = session.phase === 'open';
  const frames = open && protocol === 'websocket';
  useCommand('control.ping', () => useDialogs.setState({ control: 'ping' }), frames);
  useCommand('control.pong', () => useDialogs.setState({ control: 'pong' }), frames);
  useCommand('control.close', () => useDialogs.setState({ control: 'close' }), frames);
  useCommand('control.rawFrame', () => useDialogs.setState({ control: 'rawFrame' }), frames);
  useCommand('control.halfClose', () => void sendControl(session, { type: 'halfClose' }), open && protocol === 'tcp');
  useCommand('control.kick', () => void sendControl(session, { type: 'kick' }), open && protocol !== 'udp');
}

export function controlEntries({ protocol, role }: SessionConfig): MenuEntry[] {
  if (protocol === 'grpc') {
    const cut: MenuEntry[] = [{ type: 'separator' }, commandEntry('grpc.copyAsGrpcurl'), commandEntry('control.kick')];
    if (role === 'server') return [commandEntry('control.finish'), commandEntry('control.cancel'), ...cut];
    return [
      commandEntry('control.invoke'),
      commandEntry('control.endStreaming'),
      commandEntry('control.cancel'),
      { type: 'separator' },
      commandEntry('grpc.sendList'),
      ...cut,
    ];
  }
  if (protocol === 'udp') return [{ text: 'UDP has no control messages', disabled: true, run: () => {} }];
  if (protocol === 'tcp') return [commandEntry('control.halfClose'), commandEntry('control.kick')];
  return [
    commandEntry('control.ping'),
    commandEntry('control.pong'),
    commandEntry('control.close'),
    commandEntry('control.rawFrame'),
    { type: 'separator' },
    commandEntry('control.kick'),
  ];
}
