// The one registry of commands. Buttons, palette, shortcuts and the desktop menu all run commands by id; who can carry
// one out registers a handler: actions.ts for what needs only the stores, a pane with useCommand for what is its own.
import { useEffect, useRef } from 'react';
import { desktop, isMac } from '../bridge/host.ts';
import { shownShortcut } from './shortcuts.ts';

/** In the order of the palette. */
export const COMMAND_GROUPS = [
  'New',
  'Session',
  'Workspace',
  'Compose',
  'Control',
  'Timeline',
  'Capture',
  'View',
  'Engine',
] as const;

export interface Command {
  title: string;
  /** Heading in the palette. */
  group: (typeof COMMAND_GROUPS)[number];
  /** First the one that is shown. */
  shortcuts?: readonly string[];
  /** In a text editor the key keeps its meaning there. */
  notWhileEditing?: boolean;
  /** The key goes on to the menus, which learn from it that the keyboard opened them and focus their first item. */
  opensMenu?: boolean;
  /** Further words the palette finds it by. */
  keywords?: string;
}

/** Browsers keep Ctrl+N, Ctrl+W and Ctrl+Tab for themselves: there an alternative is shown and works. */
const inBrowser = desktop === undefined;
const orAlternative = (shortcut: string, alternative: string) =>
  inBrowser ? [alternative, shortcut] : [shortcut, alternative];

const definitions = {
  'session.new': {
    title: 'New session',
    group: 'New',
    shortcuts: orAlternative('Mod+N', 'Alt+N'),
    opensMenu: true,
  },
  'session.new.client.websocket': { title: 'New WebSocket client', group: 'New', keywords: 'ws wss connect' },
  'session.new.client.grpc': { title: 'New gRPC client', group: 'New', keywords: 'rpc proto connect' },
  'session.new.client.tcp': { title: 'New TCP client', group: 'New', keywords: 'tls socket connect' },
  'session.new.client.udp': { title: 'New UDP client', group: 'New', keywords: 'datagram' },
  'session.new.server.websocket': { title: 'New WebSocket server', group: 'New', keywords: 'listen mock echo' },
  'session.new.server.grpc': { title: 'New gRPC mock server', group: 'New', keywords: 'rpc proto listen mock' },
  'session.new.server.tcp': { title: 'New TCP server', group: 'New', keywords: 'listen mock echo tls' },
  'session.new.server.udp': { title: 'New UDP server', group: 'New', keywords: 'listen mock echo datagram' },
  'session.tryIt': { title: 'Try it: echo server and client', group: 'New', keywords: 'demo sample example' },
  'session.start': { title: 'Connect or listen', group: 'Session', keywords: 'start open' },
  'session.stop': { title: 'Disconnect or stop', group: 'Session', keywords: 'cancel close end' },
  'session.settings': { title: 'Session settings', group: 'Session', shortcuts: ['Mod+,'], keywords: 'headers tls' },
  'session.rename': { title: 'Rename session', group: 'Session', shortcuts: ['F2'] },
  'session.duplicate': { title: 'Duplicate session', group: 'Session', shortcuts: ['Mod+D'], notWhileEditing: true },
  'session.delete': { title: 'Delete session', group: 'Session', keywords: 'remove' },
  'session.move': { title: 'Move session to…', group: 'Session', keywords: 'folder workspace place' },
  'workspace.open': { title: 'Open workspace…', group: 'Workspace', keywords: 'folder project' },
  'workspace.create': { title: 'New workspace…', group: 'Workspace', keywords: 'folder project create' },
  'workspace.openSamples': { title: 'Open the samples', group: 'Workspace', keywords: 'examples demo' },
  'workspace.close': { title: 'Close workspace', group: 'Workspace', keywords: 'folder' },
  'workspace.newFolder': { title: 'New folder', group: 'Workspace', keywords: 'directory group' },
  'workspace.undo': { title: 'Bring back what was deleted', group: 'Workspace', keywords: 'undo restore trash' },
  'environments.edit': {
    title: 'Edit environments',
    group: 'Workspace',
    shortcuts: ['Mod+E'],
    keywords: 'variables secrets',
  },
  'script.run': { title: 'Run script', group: 'Session', shortcuts: ['F5'], keywords: 'test steps start' },
  'script.stop': { title: 'Stop script', group: 'Session', shortcuts: ['Shift+F5'] },
  'script.record': { title: 'Record as script…', group: 'Session', keywords: 'steps test capture' },
  'script.show': { title: 'Edit script', group: 'Session', keywords: 'steps expect test' },
  'capture.open': { title: 'Open capture…', group: 'Capture', shortcuts: ['Mod+O'], keywords: 'pcap pcapng file' },
  'capture.save': { title: 'Save capture as…', group: 'Capture', keywords: 'export download pcapng' },
  'capture.keyLog': {
    title: 'Decrypt TLS with a key log…',
    group: 'Capture',
    keywords: 'sslkeylogfile secrets keys wireshark',
  },
  'capture.decode': {
    title: 'Decode ports of a capture as…',
    group: 'Capture',
    keywords: 'dissector protocol websocket http2 grpc framing wireshark',
  },
  'capture.copyPath': { title: 'Copy capture path', group: 'Capture' },
  'capture.reveal': { title: 'Show capture in its folder', group: 'Capture', keywords: 'finder explorer reveal' },
  'grpc.method': {
    title: 'Choose method…',
    group: 'Compose',
    shortcuts: ['Mod+Shift+O'],
    keywords: 'service rpc proto',
  },
  'grpc.example': { title: 'Generate example message', group: 'Compose', keywords: 'fill sample mock' },
  'grpc.loadFiles': { title: 'Load .proto files…', group: 'Compose', keywords: 'schema import descriptor protoset' },
  'grpc.askServer': { title: 'Ask the server for its services', group: 'Compose', keywords: 'reflection schema' },
  'grpc.reload': { title: 'Reload message types', group: 'Compose', keywords: 'schema refresh reflection proto' },
  'grpc.copyAsGrpcurl': { title: 'Copy as grpcurl', group: 'Compose', keywords: 'command line shell export' },
  'grpc.sendList': { title: 'Send a list or an NDJSON file…', group: 'Compose', keywords: 'stream delay lines' },
  'composer.send': { title: 'Send message', group: 'Compose', shortcuts: ['Mod+Enter'] },
  'composer.sendRepeatedly': { title: 'Send repeatedly…', group: 'Compose', keywords: 'repeat timed interval times' },
  'composer.stopSending': { title: 'Stop sending', group: 'Compose', keywords: 'repeat list' },
  'composer.save': { title: 'Save message', group: 'Compose', shortcuts: ['Mod+S'] },
  'composer.saveAs': { title: 'Save as new message', group: 'Compose', shortcuts: ['Mod+Shift+S'] },
  'composer.format': { title: 'Format JSON', group: 'Compose', shortcuts: ['Alt+Shift+F'], keywords: 'pretty' },
  'composer.focus': { title: 'Go to composer', group: 'Compose', shortcuts: ['Mod+Shift+E'] },
  'control.ping': { title: 'Send ping…', group: 'Control' },
  'control.pong': { title: 'Send pong…', group: 'Control' },
  'control.close': { title: 'Close with code and reason…', group: 'Control' },
  'control.rawFrame': { title: 'Build a raw frame…', group: 'Control', keywords: 'opcode fin rsv mask' },
  'control.halfClose': { title: 'Half-close (send FIN)', group: 'Control' },
  'control.invoke': { title: 'Begin the call without a message', group: 'Control', keywords: 'invoke open stream' },
  'control.endStreaming': { title: 'End streaming', group: 'Control', keywords: 'half-close complete' },
  'control.cancel': { title: 'Cancel the call', group: 'Control', keywords: 'abort rst stop' },
  'control.finish': { title: 'Finish the call with a status…', group: 'Control', keywords: 'end error code trailers' },
  'control.kick': { title: 'Cut the connection', group: 'Control', keywords: 'kick reset rst drop' },
  'timeline.find': { title: 'Find in timeline', group: 'Timeline', shortcuts: ['Mod+F'], notWhileEditing: true },
  'timeline.findNext': { title: 'Find next', group: 'Timeline', shortcuts: ['F3'] },
  'timeline.findPrevious': { title: 'Find previous', group: 'Timeline', shortcuts: ['Shift+F3'] },
  'timeline.goTo': { title: 'Go to record…', group: 'Timeline', keywords: 'number jump' },
  'timeline.link': { title: 'Go to linked record', group: 'Timeline', keywords: 'ping pong fragment answer' },
  'timeline.mark': { title: 'Mark record, or clear its mark', group: 'Timeline', keywords: 'delta measure time' },
  'timeline.copy': { title: 'Copy selected rows', group: 'Timeline' },
  'timeline.copy.tsv': { title: 'Copy rows as tab-separated values', group: 'Timeline', keywords: 'spreadsheet' },
  'timeline.copy.json': { title: 'Copy rows as JSON', group: 'Timeline' },
  'timeline.copy.payload': { title: 'Copy payload of rows', group: 'Timeline' },
  'timeline.copy.hex': { title: 'Copy rows as hex dump', group: 'Timeline' },
  'timeline.filter': { title: 'Filter timeline', group: 'Timeline', shortcuts: ['Mod+Shift+F'] },
  'timeline.follow': { title: 'Follow new records', group: 'Timeline', keywords: 'scroll end auto' },
  'timeline.nextNote': { title: 'Go to next note', group: 'Timeline', shortcuts: ['F8'], keywords: 'warning error' },
  'timeline.previousNote': { title: 'Go to previous note', group: 'Timeline', shortcuts: ['Shift+F8'] },
  'timeline.unfold': { title: 'Unfold call, or fold it', group: 'Timeline', keywords: 'expand collapse grpc' },
  'timeline.unfoldAll': { title: 'Unfold all calls', group: 'Timeline', keywords: 'expand grpc' },
  'timeline.foldAll': { title: 'Fold all calls', group: 'Timeline', keywords: 'collapse grpc' },
  'timeline.level.messages': { title: 'Show messages', group: 'Timeline', keywords: 'level' },
  'timeline.level.frames': { title: 'Show frames', group: 'Timeline', keywords: 'level' },
  'timeline.level.everything': { title: 'Show everything', group: 'Timeline', keywords: 'level' },
  'palette.open': { title: 'Search or run a command', group: 'View', shortcuts: ['Mod+K'] },
  'shortcuts.show': {
    title: 'Keyboard shortcuts',
    group: 'View',
    shortcuts: ['Mod+/'],
    notWhileEditing: true,
    keywords: 'keys help',
  },
  'address.focus': { title: 'Go to address', group: 'View', shortcuts: ['Mod+L'] },
  'pane.next': { title: 'Next pane', group: 'View', shortcuts: ['F6'] },
  'pane.previous': { title: 'Previous pane', group: 'View', shortcuts: ['Shift+F6'] },
  'tab.close': { title: 'Close tab', group: 'View', shortcuts: orAlternative('Mod+W', 'Alt+W') },
  'tab.next': { title: 'Next tab', group: 'View', shortcuts: orAlternative('Ctrl+Tab', 'Alt+PageDown') },
  'tab.previous': { title: 'Previous tab', group: 'View', shortcuts: orAlternative('Ctrl+Shift+Tab', 'Alt+PageUp') },
  'view.sidebar': { title: 'Show or hide sidebar', group: 'View', shortcuts: ['Mod+B'] },
  'view.composer': { title: 'Show or hide composer', group: 'View', shortcuts: ['Mod+J'] },
  'view.inspector': { title: 'Show or hide inspector', group: 'View', shortcuts: ['Mod+I'] },
  'history.compare': { title: 'Compare runs…', group: 'View', keywords: 'diff difference history captures' },
  'comparison.next': { title: 'Next difference', group: 'View', shortcuts: ['F7'], keywords: 'compare diff' },
  'comparison.previous': {
    title: 'Previous difference',
    group: 'View',
    shortcuts: ['Shift+F7'],
    keywords: 'compare diff',
  },
  'comparison.onlyDifferences': {
    title: 'List only differences, or all rows',
    group: 'View',
    keywords: 'compare diff',
  },
  'history.show': { title: 'Show history', group: 'View', keywords: 'runs captures past log crash' },
  'view.resetLayout': { title: 'Reset layout', group: 'View' },
  'theme.system': { title: 'Theme: as the system', group: 'View', keywords: 'appearance colour' },
  'theme.light': { title: 'Theme: light', group: 'View', keywords: 'appearance colour' },
  'theme.dark': { title: 'Theme: dark', group: 'View', keywords: 'appearance colour' },
  'engine.restart': { title: 'Restart engine', group: 'Engine', keywords: 'reconnect' },
} as const satisfies { [id: string]: Command };

export type CommandId = keyof typeof definitions;
export const commands: { readonly [Id in CommandId]: Command } = definitions;
export const commandIds = Object.keys(definitions) as CommandId[];

interface Handler {
  run(): void;
  isEnabled(): boolean;
}

const handlers = new Map<CommandId, Handler>();

/** Says who carries out a command; the last to register wins. Returns its own undoing. */
export function registerCommand(id: CommandId, run: () => void, isEnabled: () => boolean = () => true): () => void {
  const handler = { run, isEnabled };
  handlers.set(id, handler);
  return () => {
    if (handlers.get(id) === handler) handlers.delete(id);
  };
}

/** registerCommand for as long as the component is there. */
export function useCommand(id: CommandId, run: () => void, enabled = true): void {
  const latest = useRef({ run, enabled });
  useEffect(() => {
    latest.current = { run, enabled };
  });
  useEffect(
    () =>
      registerCommand(
        id,
        () => latest.current.run(),
        () => latest.current.enabled,
      ),
    [id],
  );
}

/** Whether somebody can carry it out now. */
export function isCommandEnabled(id: CommandId): boolean {
  return handlers.get(id)?.isEnabled() ?? false;
}

/** Runs it if it can be carried out; false if not. */
export function runCommand(id: CommandId): boolean {
  const handler = handlers.get(id);
  if (!handler?.isEnabled()) return false;
  handler.run();
  return true;
}

/** Whether `id`, from outside, names a command. */
export function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(definitions, id);
}

/** The shortcut as shown in tooltips and menus, or undefined. */
export function commandShortcut(id: CommandId): string | undefined {
  const shortcut = commands[id].shortcuts?.[0];
  return shortcut && shownShortcut(shortcut, isMac);
}
