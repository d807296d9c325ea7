// The engine dies in the middle of a capture: the window lives on and says so, and what was captured is there. And a
// window that has nothing to reopen does not wait for its engine.

import { once } from 'node:events';
import type { RunningApp } from './app.ts';
import { expect, test } from './fixtures.ts';
import { countRecords } from './judge.ts';
import { Workbench } from './workbench.ts';

const MESSAGES = 300;

/** Kills the engine as a crash would, without a farewell. */
async function killEngine(app: RunningApp): Promise<void> {
  if (app.gateway) {
    app.gateway.kill('SIGKILL');
    await once(app.gateway, 'exit');
    return;
  }
  const pid = await app.electron?.evaluate(
    ({ app: electronApp }) =>
      electronApp.getAppMetrics().find((metric) => metric.type === 'Utility' && metric.name === 'Wirescope engine')
        ?.pid,
  );
  expect(pid, 'the process of the engine').toBeGreaterThan(0);
  process.kill(pid!, 'SIGKILL');
}

test('an engine that dies is said to be gone, and its capture is whole', async ({ workbench, peers, page, app }) => {
  app.expectedErrors.push(/WebSocket connection to|ERR_CONNECTION_REFUSED/);
  const port = await peers.node('ws-server.mjs').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/flood/${MESSAGES}`);
  const status = page.getByRole('contentinfo');
  await expect(status).toContainText(`${MESSAGES} msg`);
  // What was captured longer than 250 ms ago is on disk, by the word of the capture.
  await page.waitForTimeout(300);
  const capture = await workbench.capturePath();

  await killEngine(app);
  const banner = page.getByRole('alert').filter({ hasText: 'The engine stopped.' });
  await expect(banner).toContainText('Captures are on disk');
  await expect(workbench.state).toHaveText(/Closed$/);
  expect(await countRecords(capture, '--level', 'message', '--filter', 'websocket.opcode == 1')).toBe(MESSAGES);

  await test.step('and is started again', async () => {
    if (app.electron) {
      await banner.getByRole('button', { name: 'Restart' }).click();
      await expect(banner).toBeHidden();
      await expect(page.getByRole('treeitem', { name: /WebSocket client/ })).toBeVisible();
      await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
      await expect(status).toContainText(`${MESSAGES} msg`);
    } else {
      await banner.getByRole('button', { name: 'Reconnect' }).click();
      await expect(page.getByText('The server does not answer.')).toBeVisible();
      await expect(banner).toBeVisible();
    }
  });
});

test('the first window can be used before the engine has answered', async ({ page, host }) => {
  test.skip(host !== 'chromium', 'Only what a gateway carries can be held up from here.');
  const early = await page.context().newPage();
  const held: (() => void)[] = [];
  await early.routeWebSocket(/\/bridge$/, async (socket) => {
    await new Promise<void>((resolve) => held.push(resolve));
    socket.connectToServer();
  });
  await early.goto(page.url());
  await early.getByRole('button', { name: 'Try it' }).click();
  // It does not say what it cannot know yet.
  await expect(early.getByText('No sessions yet')).toBeHidden();
  held[0]?.();
  const answer = new Workbench(early).rows(/server to client text/).first();
  await expect(answer).toBeVisible();

  await test.step('with tabs to reopen it says that they are being loaded', async () => {
    await early.reload();
    await expect(early.getByText('Loading sessions')).toBeVisible();
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    await expect(answer).toBeVisible();
  });
  await early.close();
});
