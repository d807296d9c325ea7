// The native menu. Items that are the interface's own name a command of the renderer's registry; the rest are roles.
import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { channels } from './host.ts';

/** A menu item that runs a command of the renderer. The renderer binds the keys itself, so the accelerator only shows. */
function command(label: string, id: string, accelerator?: string): MenuItemConstructorOptions {
  return {
    label,
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
    click: () => BrowserWindow.getFocusedWindow()?.webContents.send(channels.command, id),
  };
}

export function installMenu(): void {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: 'File',
      submenu: [
        command('New session', 'session.new', 'CmdOrCtrl+N'),
        command('Open capture…', 'capture.open', 'CmdOrCtrl+O'),
        command('Save capture as…', 'capture.save'),
        { type: 'separator' },
        command('Close tab', 'tab.close', 'CmdOrCtrl+W'),
        mac ? { role: 'close', accelerator: 'Shift+Cmd+W' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        command('Command palette', 'palette.open', 'CmdOrCtrl+K'),
        command('Find', 'timeline.find', 'CmdOrCtrl+F'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
