// Help → About: says which version it is, and copies it for a report.
import type { BrowserWindow } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { showAbout } from '../../src-main/desktop/about.ts';
import { clipboard, dialog } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => vi.clearAllMocks());

const window = {} as BrowserWindow;

test('shows version, licence and surroundings', async () => {
  await showAbout(window, '/icon.png');
  expect(dialog.showMessageBox).toHaveBeenCalledExactlyOnceWith(
    window,
    expect.objectContaining({
      icon: '/icon.png',
      message: 'Wirescope 1.2.3',
      detail: expect.stringMatching(/Apache License 2\.0.*Node \d/s),
    }),
  );
  expect(clipboard.writeText).not.toHaveBeenCalled();
});

test('copies what a report needs', async () => {
  dialog.showMessageBox.mockResolvedValueOnce({ response: 1 });
  await showAbout(window, '/icon.png');
  expect(clipboard.writeText).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^Wirescope 1\.2\.3\nElectron .*\n(linux|darwin|win32) /),
  );
});
