// Handlers of the commands that need only the stores and the bridge. Panes register their own with useCommand.

import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { ProtocolName } from '../../src-main/core/session-config.ts';
import { copyAsGrpcurl } from '../address/grpcurl.ts';
import { bridge } from '../bridge/bridge.ts';
import { downloadCapture } from '../bridge/download.ts';
import { pickBrowserFile } from '../bridge/file-picker.ts';
import { desktop } from '../bridge/host.ts';
import { addSchemaFiles, askServer, reloadSchema } from '../schema/schema-actions.ts';
import { isSection, sessionKey } from '../sidebar/tree-rows.ts';
import { commandedSession, creationFolder, reveal, rowWithKeyboard, useTree } from '../sidebar/tree-store.ts';
import { PROTOCOL_LABELS } from '../stores/config-edit.ts';
import { openSettings, useDialogs } from '../stores/dialogs.ts';
import { movableSession } from '../stores/movable.ts';
import { resetLayout, type ThemeChoice, usePreferences } from '../stores/preferences.ts';
import { reportProblem } from '../stores/problem.ts';
import {
  createNewSession,
  deleteSession,
  duplicateSession,
  openCaptureFile,
  openCapturePath,
  startSession,
  stopSession,
  tryIt,
} from '../stores/session-actions.ts';
import { activeSession, CUT_OFF, closeTab, isRunning, stepTab, useSessions } from '../stores/sessions.ts';
import { showSidebar, toggleSidebar } from '../stores/sidebar.ts';
import { undoDeletion } from '../stores/undoing.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { chooseWorkspace, closeWorkspace, openSamples } from '../stores/workspace-actions.ts';
import { joined } from '../stores/workspace-path.ts';
import { showToast } from '../ui/toast.tsx';
import { commands, isCommandId, registerCommand, runCommand } from './commands.ts';
import { stepPane } from './panes.ts';

const CAPTURE_EXTENSIONS = ['pcapng', 'pcap', 'cap'];

/** Registers them for the window's whole life, and runs what the desktop menu asks for. Call once. */
export function registerActions(): void {
  registerSessionCommands();
  registerWorkspaceCommands();
  registerCaptureCommands();
  registerGrpcCommands();
  registerViewCommands();
  registerCommand('engine.restart', () => void restartEngine());
  desktop?.onCommand((id) => {
    if (!isCommandId(id) || runCommand(id)) return;
    // The system's menu does not know what can be done: silence would look like a fault.
    showToast({ text: `There is nothing here for “${commands[id].title}”.`, topic: 'menu' });
  });
}

/** Registers a command of the chosen session. */
function onSession(
  id: Parameters<typeof registerCommand>[0],
  run: (session: SessionState) => void,
  isEnabled: (session: SessionState) => boolean = () => true,
): void {
  registerCommand(
    id,
    () => {
      const session = activeSession();
      if (session) run(session);
    },
    () => {
      const session = activeSession();
      return session !== undefined && isEnabled(session);
    },
  );
}

const isEndpoint = (session: SessionState) => session.config.role !== 'capture';

function registerSessionCommands(): void {
  registerCommand('session.new', () => useDialogs.setState({ newSession: true }));
  for (const role of ['client', 'server'] as const) {
    for (const protocol of Object.keys(PROTOCOL_LABELS) as (keyof typeof PROTOCOL_LABELS)[])
      registerCommand(`session.new.${role}.${protocol}`, () => void newSession(role, protocol));
  }
  registerCommand('session.tryIt', () => void tryIt());
  onSession(
    'session.start',
    ({ id }) => void startSession(id),
    (session) => isEndpoint(session) && !isRunning(session),
  );
  onSession('session.stop', ({ id }) => void stopSession(id), isRunning);
  onSession('session.settings', () => openSettings());
  registerCommand('session.rename', rename, () => rowWithKeyboard() !== undefined || activeSession() !== undefined);
  const commanded = () => useSessions.getState().byId[commandedSession() ?? ''];
  registerCommand(
    'session.duplicate',
    () => void duplicateSession(commanded()?.id ?? ''),
    () => commanded() !== undefined && isEndpoint(commanded()!),
  );
  registerCommand(
    'session.delete',
    () => void deleteSession(commanded()?.id ?? ''),
    () => commanded() !== undefined,
  );
  const activeTab = () => useSessions.getState().active;
  registerCommand(
    'tab.close',
    () => closeTab(activeTab()!),
    () => activeTab() !== null,
  );
}

async function newSession(role: 'client' | 'server', protocol: ProtocolName): Promise<void> {
  const session = await createNewSession(role, protocol, creationFolder());
  if (session) reveal(session.place);
}

/** Of the row that has the keyboard, else of the chosen tab's. */
function rename(): void {
  showSidebar();
  const key = rowWithKeyboard();
  const session = activeSession();
  if (key === undefined && session) {
    reveal(session.place);
    useDialogs.setState({ renaming: sessionKey(session.id) });
  } else if (key !== undefined && !isSection(key)) useDialogs.setState({ renaming: key });
}

function registerWorkspaceCommands(): void {
  const isOpen = () => useWorkspace.getState().state.folder !== null;
  const moving = () => {
    const session = useSessions.getState().byId[commandedSession() ?? ''];
    return session && movableSession(session);
  };
  registerCommand('workspace.open', () => void chooseWorkspace(false));
  registerCommand('workspace.create', () => void chooseWorkspace(true));
  registerCommand('workspace.openSamples', () => void openSamples());
  registerCommand('workspace.close', () => void closeWorkspace(), isOpen);
  registerCommand(
    'workspace.undo',
    () => void undoDeletion(),
    () => useWorkspace.getState().state.undo !== null,
  );
  registerCommand(
    'workspace.newFolder',
    () => {
      showSidebar();
      const folder = creationFolder() ?? '';
      reveal({ in: 'workspace', path: joined(folder, ' ') });
      useTree.setState({ newFolderIn: folder });
    },
    isOpen,
  );
  registerCommand(
    'session.move',
    () => useDialogs.setState({ moving: moving() ?? null }),
    () => isOpen() && moving() !== undefined,
  );
  registerCommand('environments.edit', () => useDialogs.setState({ environments: true }), isOpen);
}

function registerGrpcCommands(): void {
  const isGrpc = ({ config }: SessionState) => config.protocol === 'grpc';
  const isGrpcClient = (session: SessionState) => isGrpc(session) && session.config.role === 'client';
  const hasTypes = (session: SessionState) => isGrpc(session) || session.config.role === 'capture';
  onSession('grpc.loadFiles', ({ id }) => void addSchemaFiles(id), hasTypes);
  onSession('grpc.reload', ({ id }) => void reloadSchema(id), hasTypes);
  onSession('grpc.askServer', ({ id }) => void askServer(id), isGrpcClient);
  onSession('grpc.copyAsGrpcurl', ({ id }) => void copyAsGrpcurl(id), isGrpcClient);
}

function registerCaptureCommands(): void {
  const hasCapture = (session: SessionState) => session.capture !== undefined;
  registerCommand('capture.open', () => void chooseCapture());
  onSession('capture.save', (session) => void saveCapture(session), hasCapture);
  onSession('capture.copyPath', (session) => void copyCapturePath(session), hasCapture);
  onSession(
    'capture.reveal',
    (session) => void desktop?.reveal(session.capture?.path ?? ''),
    (session) => desktop !== undefined && hasCapture(session),
  );
}

async function chooseCapture(): Promise<void> {
  if (desktop) return desktop.openFiles();
  const file = await pickBrowserFile(CAPTURE_EXTENSIONS);
  if (file) await openCaptureFile(file);
}

async function saveCapture(session: SessionState): Promise<void> {
  if (!session.capture) return;
  if (!desktop) return downloadCapture(session.id, session.capture.name);
  const path = await desktop.chooseSavePath({ title: 'Save capture as', defaultName: session.capture.name });
  if (!path) return;
  try {
    await bridge.call('captures.save', { session: session.id, path });
    showToast({ text: `Saved ${path}` });
  } catch (error) {
    reportProblem(error);
  }
}

async function copyCapturePath(session: SessionState): Promise<void> {
  await navigator.clipboard.writeText(session.capture?.path ?? '');
  showToast({ text: 'Copied the path of the capture.' });
}

function registerViewCommands(): void {
  registerCommand('palette.open', () => useDialogs.setState(({ palette }) => ({ palette: !palette })));
  registerCommand('shortcuts.show', () => useDialogs.setState({ shortcuts: true }));
  registerCommand('view.resetLayout', resetLayout);
  registerCommand('view.sidebar', toggleSidebar);
  for (const pane of ['composer', 'inspector'] as const)
    registerCommand(`view.${pane}`, () => usePreferences.setState((state) => ({ [pane]: !state[pane] })));
  for (const theme of ['system', 'light', 'dark'] satisfies ThemeChoice[])
    registerCommand(`theme.${theme}`, () => usePreferences.setState({ theme }));
  const hasTabs = () => useSessions.getState().tabs.length > 1;
  registerCommand('tab.next', () => stepTab(1), hasTabs);
  registerCommand('tab.previous', () => stepTab(-1), hasTabs);
  registerCommand('pane.next', () => stepPane(1));
  registerCommand('pane.previous', () => stepPane(-1));
}

/** What was captured until the engine stopped, to be opened as a file. */
function offerCapture(name: string, path: string): void {
  showToast({
    text: `“${name}” was cut off. Its capture is intact.`,
    action: { label: 'Open', run: () => void openCapturePath(path) },
  });
}

/** A new engine on the desktop; a new connection to the gateway in a browser. */
export async function restartEngine(): Promise<void> {
  const interrupted = Object.values(useSessions.getState().byId).filter((session) => session.status === CUT_OFF);
  try {
    await desktop?.restartEngine();
    await bridge.reconnect();
    for (const { config, capture } of interrupted) if (capture) offerCapture(config.name, capture.path);
  } catch {
    showToast({
      text: desktop
        ? 'The engine did not start.'
        : 'The server does not answer. Is `wirescope serve` running? Started again, it prints another address: open that.',
      severity: 'error',
    });
  }
}
