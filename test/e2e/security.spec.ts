// What a page may not do, and that nothing from the wire is ever more than text.
import { expect, test } from './fixtures.ts';

const DESKTOP_HOST = [
  'chooseFiles',
  'chooseFolder',
  'chooseSavePath',
  'onCommand',
  'onEngineStopped',
  'onShowSession',
  'openFiles',
  'openPath',
  'pathOf',
  'platform',
  'requestPort',
  'restartEngine',
  'reveal',
  'setTheme',
];

test('the page reaches nothing but the app', async ({ app, page }) => {
  app.expectedErrors.push(/Content Security Policy/, /status of 404/);

  await test.step('no script but the app’s own, no request but to it', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
    for (const rule of ["script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      return 'injected' in window;
    });
    expect(ran).toBe(false);
    const fetched = page.evaluate(() => fetch('https://example.test/'));
    await expect(fetched).rejects.toThrow('Failed to fetch');
    // Evaluated by the debugger, `eval` would be the debugger's: a listener of the page is not.
    const evaluated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          window.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), {
            once: true,
          });
          setTimeout(() => {
            try {
              new Function('window.injected = true')();
              resolve('ran');
            } catch {
              // The event says why.
            }
          });
        }),
    );
    expect(evaluated).toContain('script-src');
  });

  const { electron } = app;
  if (!electron) return;
  await test.step('on the desktop: nothing of Node, and of Electron only the host', async () => {
    const globals = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    );
    expect(globals).toEqual([]);
    expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'wirescope') as object).sort())).toEqual(
      DESKTOP_HOST,
    );
  });

  await test.step('on the desktop: sandboxed and isolated', async () => {
    const preferences = await electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): { [name: string]: unknown };
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  await test.step('on the desktop: no path leads out of the app, and no request into the network', async () => {
    for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e%2fmain/index.cjs', '/..%5cmain%5cindex.cjs']) {
      expect(await page.evaluate(async (url) => (await fetch(url)).status, path), path).toBe(404);
    }
    const cancelled = await electron.evaluate(
      ({ BrowserWindow }) =>
        new Promise((resolve) => {
          const session = BrowserWindow.getAllWindows()[0]?.webContents.session;
          session?.fetch('http://127.0.0.1:9/').then(
            () => resolve('answered'),
            (error: Error) => resolve(error.message),
          );
        }),
    );
    expect(cancelled).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  await test.step('on the desktop: no navigation, no further window, no permission', async () => {
    const home = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.test/';
    });
    expect(await page.evaluate(() => window.open('about:blank') === null)).toBe(true);
    expect(page.url()).toBe(home);
    expect(electron.windows()).toHaveLength(1);
    expect(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)).toBe(
      'denied',
    );
  });
});

test('what the peer sends is shown as text', async ({ workbench, peers, page }) => {
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/`);
  const markup = '<img src=x onerror="window.injected=1"><script>window.injected=1</script>';
  await workbench.send('Text', markup);
  const row = workbench.rows(/server to client text/).filter({ hasText: markup });
  await expect(row).toBeVisible();
  await workbench.select(row);
  await expect(workbench.field(/^Text /)).toContainText(markup);
  await workbench.inspector.getByRole('tab', { name: 'Decoded' }).click();
  await expect(workbench.inspector).toContainText(markup);
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);

  // An escape sequence, and marks that turn the direction and hide: each shown as what it is.
  const hex = Buffer.from('a\u001b[31mred \u202egnp.exe \u200bend').toString('hex');
  await workbench.send('Hex', hex);
  const binary = workbench.rows(/server to client binary/);
  await workbench.select(binary);
  await workbench.inspector.getByRole('button', { name: /^Read as/ }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Text', exact: true }).click();
  for (const standIn of ['⟨ESC⟩', '⟨U+202E⟩', '⟨U+200B⟩']) await expect(workbench.inspector).toContainText(standIn);
});
