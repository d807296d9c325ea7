// The native menu. Items that are the interface's own name a command of the renderer's registry; the rest are roles, or
// the desktop's own. Built anew when the recent files change.
import { basename } from 'node:path';
import { Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  /** Runs a command of the renderer. */
  command(id: string): void;
  newWindow(): void;
  openFile(path: string): void;
  recentFiles(): readonly string[];
  clearRecentFiles(): void;
  showLogs(): void;
  showAbout(): void;
  showLicences(): void;
  notifications: MenuSwitch;
  /** Absent where updates are turned off. */
  updates?: MenuUpdates;
}

/** Something that is on or off. */
export interface MenuSwitch {
  isOn(): boolean;
  set(on: boolean): void;
}

export interface MenuUpdates {
  look(): void;
  /** Whether every start looks for updates. */
  atStart: MenuSwitch;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

export function installMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, process.platform === 'darwin')));
}

export function menuTemplate(actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  const own: MenuItemConstructorOptions[] = [
    { label: 'About Wirescope', click: actions.showAbout },
    ...(actions.updates ? updateItems(actions.updates) : []),
  ];
  return [
    ...(mac ? [applicationMenu(own)] : []),
    fileMenu(actions, mac),
    { role: 'editMenu' },
    viewMenu(actions),
    sessionMenu(actions),
    { role: 'windowMenu' },
    helpMenu(actions, mac ? [] : own),
  ];
}

/**
 * A menu item that runs a command of the renderer. The renderer binds the keys itself, so the accelerator only shows.
 */
function command({ command: run }: MenuActions, label: string, id: string, accelerator?: string) {
  return {
    label,
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
    click: () => run(id),
  } satisfies MenuItemConstructorOptions;
}

function updateItems({ look, atStart }: MenuUpdates): MenuItemConstructorOptions[] {
  return [{ label: 'Check for Updates…', click: look }, toggle('Check for Updates on Start', atStart)];
}

function toggle(label: string, { isOn, set }: MenuSwitch): MenuItemConstructorOptions {
  return { label, type: 'checkbox', checked: isOn(), click: (item) => set(item.checked) };
}

function applicationMenu(own: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      ...own,
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' },
    ],
  };
}

function fileMenu(actions: MenuActions, mac: boolean): MenuItemConstructorOptions {
  return {
    role: 'fileMenu',
    submenu: [
      command(actions, 'New Session', 'session.new', 'CmdOrCtrl+N'),
      { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
      SEPARATOR,
      command(actions, 'Open…', 'capture.open', 'CmdOrCtrl+O'),
      { label: 'Open Recent', submenu: recentFiles(actions) },
      command(actions, 'Open Workspace…', 'workspace.open'),
      command(actions, 'Close Workspace', 'workspace.close'),
      SEPARATOR,
      command(actions, 'Save Capture As…', 'capture.save'),
      SEPARATOR,
      command(actions, 'Close Tab', 'tab.close', 'CmdOrCtrl+W'),
      { role: 'close', label: 'Close Window', accelerator: 'CmdOrCtrl+Shift+W' },
      ...(mac ? [] : [SEPARATOR, { role: 'quit' } satisfies MenuItemConstructorOptions]),
    ],
  };
}

function recentFiles(actions: MenuActions): MenuItemConstructorOptions[] {
  const files = actions.recentFiles();
  if (files.length === 0) return [{ label: 'No recent files', enabled: false }];
  return [
    ...files.map((path) => ({
      // An ampersand marks the key of a menu item.
      label: basename(path).replaceAll('&', '&&'),
      toolTip: path,
      click: () => actions.openFile(path),
    })),
    SEPARATOR,
    { label: 'Clear Recent Files', click: actions.clearRecentFiles },
  ];
}

function viewMenu(actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: 'View',
    submenu: [
      command(actions, 'Command Palette', 'palette.open', 'CmdOrCtrl+K'),
      command(actions, 'Find', 'timeline.find', 'CmdOrCtrl+F'),
      SEPARATOR,
      command(actions, 'Sidebar', 'view.sidebar', 'CmdOrCtrl+B'),
      command(actions, 'Composer', 'view.composer', 'CmdOrCtrl+J'),
      command(actions, 'Inspector', 'view.inspector', 'CmdOrCtrl+I'),
      {
        label: 'Theme',
        submenu: [
          command(actions, 'As the System', 'theme.system'),
          command(actions, 'Light', 'theme.light'),
          command(actions, 'Dark', 'theme.dark'),
        ],
      },
      toggle('Notify When a Session Ends', actions.notifications),
      SEPARATOR,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      SEPARATOR,
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  };
}

function sessionMenu(actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: 'Session',
    submenu: [
      command(actions, 'Connect or Listen', 'session.start'),
      command(actions, 'Disconnect or Stop', 'session.stop'),
      SEPARATOR,
      command(actions, 'Send Message', 'composer.send', 'CmdOrCtrl+Enter'),
      command(actions, 'Run Script', 'script.run', 'F5'),
      SEPARATOR,
      command(actions, 'Rename', 'session.rename', 'F2'),
      command(actions, 'Duplicate', 'session.duplicate', 'CmdOrCtrl+D'),
      command(actions, 'Session Settings', 'session.settings', 'CmdOrCtrl+,'),
      command(actions, 'Environments', 'environments.edit', 'CmdOrCtrl+E'),
    ],
  };
}

function helpMenu(actions: MenuActions, own: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      command(actions, 'Keyboard Shortcuts', 'shortcuts.show', 'CmdOrCtrl+/'),
      SEPARATOR,
      { label: 'Show Logs', click: actions.showLogs },
      { label: 'Third-Party Licences', click: actions.showLicences },
      ...(own.length > 0 ? [SEPARATOR, ...own] : []),
    ],
  };
}
