// Help → About: which version of what this is, to read and to put into a report.
import { release } from 'node:os';
import { app, type BrowserWindow, clipboard, dialog } from 'electron';

/** Version and surroundings, a line each. */
function aboutLines(): string[] {
  const { electron, chrome, node } = process.versions;
  return [
    `Wirescope ${app.getVersion()}`,
    `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `${process.platform} ${process.arch}, ${release()}`,
  ];
}

/** `icon`: path of the app's. */
export async function showAbout(window: BrowserWindow, icon: string): Promise<void> {
  const [name = '', ...surroundings] = aboutLines();
  const { response } = await dialog.showMessageBox(window, {
    icon,
    title: 'About Wirescope',
    message: name,
    detail: `Inspector and debugger for realtime protocols.\nApache License 2.0. No telemetry, no account.\n\n${surroundings.join('\n')}`,
    buttons: ['Close', 'Copy'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) clipboard.writeText(aboutLines().join('\n'));
}
