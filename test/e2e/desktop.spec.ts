// What only the desktop does: files by argument and by a second start, windows, the menu, a page that dies, quitting.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openInElectron, root } from './app.ts';
import { expect, test } from './fixtures.ts';
import { Workbench } from './workbench.ts';

test.beforeEach(({ host }) => {
  test.skip(host !== 'electron', 'Only the desktop has a shell.');
});

test('files are opened by arguments, a second start, and the menu', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-desktop-'));
  const [capture, session] = [join(folder, 'first.pcap'), join(folder, 'echo.yaml')];
  copyFileSync(join(root, 'fixtures/captures/ethernet.pcap'), capture);
  writeFileSync(session, 'wirescope: 1\nname: From a file\nrole: client\nprotocol: tcp\ntarget: tcp://127.0.0.1:9\n');
  const data = join(folder, 'data');
  const app = await openInElectron(data, capture);
  const { page, electron } = app;
  try {
    const tabs = page.getByRole('tablist', { name: 'Open sessions' });
    await expect(tabs.getByRole('tab', { name: /first/ })).toHaveAttribute('aria-selected', 'true');
    await expect(new Workbench(page).rows(/client to server request/).first()).toBeVisible();

    await test.step('a second start hands its files to the first', async () => {
      const executable = process.env.ELECTRON_EXECUTABLE ?? '';
      const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const second = spawn(executable, [...flags, '--disable-gpu', root, 'echo.yaml'], {
        cwd: folder,
        env: { ...process.env, WIRESCOPE_DATA: data },
        stdio: 'ignore',
      });
      await once(second, 'exit');
      await expect(tabs.getByRole('tab', { name: /From a file/ })).toHaveAttribute('aria-selected', 'true');
      // Opening connects nothing.
      await expect(new Workbench(page).state).not.toHaveText(/Connect(ed|ing)/);
    });

    await test.step('recent files stand in the menu, and outlive the app', async () => {
      const recent = await electron?.evaluate(({ Menu }) => {
        const file = Menu.getApplicationMenu()?.items.find((item) => item.label === 'File');
        return file?.submenu?.items
          .find((item) => item.label === 'Open Recent')
          ?.submenu?.items.map(({ label }) => label);
      });
      expect(recent?.slice(0, 2)).toEqual(['echo.yaml', 'first.pcap']);
      expect(JSON.parse(readFileSync(join(data, 'desktop.json'), 'utf8')).recentFiles).toEqual([session, capture]);
    });

    await test.step('a file that is none is refused by a message', async () => {
      const message = await electron?.evaluate(
        ({ app: electronApp, dialog }, path) =>
          new Promise((resolve) => {
            dialog.showMessageBox = (async (_window: unknown, options: { message: string }) => {
              resolve(options.message);
              return { response: 0, checkboxChecked: false };
            }) as unknown as typeof dialog.showMessageBox;
            electronApp.emit('second-instance', {}, ['app', path], '/');
          }),
        join(folder, 'gone.pcapng'),
      );
      expect(message).toBe('gone.pcapng was not opened.');
    });
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('files dropped on the window are opened, and what is none is refused', async ({ app, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-desktop-'));
  const named = ['dropped.pcap', 'dropped.yaml', 'dropped.proto', 'dropped.exe'].map((name) => join(folder, name));
  const [capture, session, schema, stranger] = named as [string, string, string, string];
  copyFileSync(join(root, 'fixtures/captures/ethernet.pcap'), capture);
  writeFileSync(session, 'wirescope: 1\nname: From a drop\nrole: client\nprotocol: tcp\n');
  copyFileSync(join(root, 'protos/chat.proto'), schema);
  writeFileSync(stranger, 'MZ');
  const refused = app.electron!.evaluate(
    ({ dialog }) =>
      new Promise<string[]>((resolve) => {
        const said: string[] = [];
        dialog.showMessageBox = (async (_window: unknown, options: { message: string }) => {
          if (said.push(options.message) === 2) resolve(said);
          return { response: 0, checkboxChecked: false };
        }) as unknown as typeof dialog.showMessageBox;
      }),
  );
  const debug = await page.context().newCDPSession(page);
  const data = { items: [], files: [...named, folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await debug.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
    if (type === 'dragOver') await expect(page.getByText('Drop to open')).toBeVisible();
  }
  const tabs = page.getByRole('tablist', { name: 'Open sessions' });
  for (const name of [/^Capture dropped/, /From a drop/, /dropped\.proto/])
    await expect(tabs.getByRole('tab', { name })).toBeVisible();
  expect((await refused).sort()).toEqual(['dropped.exe was not opened.', `${basename(folder)} was not opened.`]);
  rmSync(folder, { recursive: true, force: true });
});

test('several windows show one engine', async ({ app, workbench }) => {
  const address = await workbench.listen('TCP');
  const opened = app.electron?.waitForEvent('window');
  await app.electron?.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items.find((item) => item.label === 'File');
    file?.submenu?.items.find((item) => item.label === 'New Window')?.click();
  });
  const second = await opened;
  expect(second).toBeDefined();
  await second!.getByRole('treeitem', { name: /TCP server/ }).click();
  await expect(new Workbench(second!).state).toHaveText(new RegExp(`Listening ${address}$`));
  await expect(second!).toHaveTitle('TCP server – Wirescope');
  await second!.close();
  await expect(workbench.state).toHaveText(/Listening/);
});

test('a page that dies is loaded again, and nothing is lost', async ({ app, workbench }) => {
  await workbench.listen('TCP');
  const { electron, page } = app;
  const crashed = page.waitForEvent('crash');
  const said = electron!.evaluate(
    ({ BrowserWindow, dialog }) =>
      new Promise<string>((resolve) => {
        dialog.showMessageBox = (async (_window: unknown, options: { message: string; detail: string }) => {
          resolve(`${options.message} ${options.detail}`);
          return { response: 0, checkboxChecked: false };
        }) as unknown as typeof dialog.showMessageBox;
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
      }),
  );
  await crashed;
  expect(await said).toMatch(/stopped working.*the engine goes on/);
  const log = readFileSync(join(app.dataFolder, 'logs', 'wirescope.log'), 'utf8');
  expect(log).toMatch(/^\S+Z window: The page ended: \w+, code -?\d+\.$/m);
  // A crashed page is lost to Playwright: the window itself is asked.
  const shown = () =>
    electron!.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return contents?.isCrashed() || contents?.isLoading()
        ? ''
        : ((await contents?.executeJavaScript('document.body.innerText')) as string);
    });
  await expect.poll(shown, { timeout: 15_000 }).toMatch(/Listening/);
});

test('a window opens where it stood', async () => {
  const data = mkdtempSync(join(tmpdir(), 'wirescope-desktop-'));
  const bounds = { x: 40, y: 30, width: 1010, height: 720 };
  try {
    const first = await openInElectron(data);
    await first.electron?.evaluate(({ BrowserWindow }, place) => {
      const window = BrowserWindow.getAllWindows()[0];
      window?.setBounds(place);
      window?.webContents.setZoomLevel(1);
    }, bounds);
    await first.close();
    const second = await openInElectron(data);
    const found = await second.electron?.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0];
      return { ...window?.getNormalBounds(), zoom: window?.webContents.getZoomLevel() };
    });
    await second.close();
    expect(found).toEqual({ ...bounds, zoom: 1 });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('quitting with a live session asks once', async ({ app, workbench }) => {
  await workbench.listen('TCP');
  const questions = await app.electron!.evaluate(
    ({ app: electronApp, dialog, BrowserWindow }) =>
      new Promise<string[]>((resolve) => {
        const asked: string[] = [];
        dialog.showMessageBox = (async (...args: unknown[]) => {
          asked.push((args.at(-1) as { message: string }).message);
          setTimeout(() => resolve(asked), 300);
          return { response: 1, checkboxChecked: false };
        }) as unknown as typeof dialog.showMessageBox;
        electronApp.quit();
        BrowserWindow.getAllWindows()[0]?.close();
      }),
  );
  expect(questions).toEqual(['“TCP server” is running.']);
  await expect(workbench.state).toHaveText(/Listening/);
});
