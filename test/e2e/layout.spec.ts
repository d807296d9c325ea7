// What stays in sight and in reach in small windows, with many tabs, and when dialogs come and go.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { Workbench } from './workbench.ts';

/** The smallest window the app is made for. */
const SMALL = { width: 900, height: 600 };

/** Whole in the window, not only in the document. */
async function expectInSight(page: Page, element: Locator): Promise<void> {
  await expect(element).toBeVisible();
  const box = await element.boundingBox();
  const { width, height } = page.viewportSize() ?? SMALL;
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
}

const heads = (workbench: Workbench) => workbench.timeline.getByRole('columnheader').allTextContents();

test('a small window keeps the orders, the bound address and several rows', async ({ workbench, page }) => {
  await page.setViewportSize(SMALL);
  for (const protocol of ['TCP', 'WebSocket'] as const) {
    const address = await workbench.listen(protocol);
    await expect(workbench.state).toContainText(address);
    await expectInSight(page, workbench.state.getByText(address));
    await expectInSight(page, workbench.composer.getByRole('button', { name: /^Send$|^Send Ctrl/ }));
    await expectInSight(page, workbench.composer.getByRole('button', { name: 'Control', exact: true }));
    const rows = await workbench.timeline.boundingBox();
    expect(rows?.height).toBeGreaterThanOrEqual(5 * 24);
  }
});

test('at 200 % zoom the bars are whole, and the sidebar comes over them until something is chosen', async ({
  workbench,
  page,
}) => {
  await workbench.newClient('WebSocket', 'ws://127.0.0.1:1/feed');
  await workbench.newClient('gRPC', 'grpc://127.0.0.1:1');
  const sidebar = page.getByRole('navigation', { name: 'Sessions' });
  await expect(sidebar).toBeVisible();
  await page.setViewportSize({ width: 640, height: 600 });
  await expect(sidebar).toBeHidden();
  for (const order of ['Connect', 'Send'])
    await expectInSight(page, page.getByRole('button', { name: new RegExp(`^${order}( |$)`) }).first());
  await expectInSight(page, page.getByRole('button', { name: 'Session settings', exact: true }));

  const tree = sidebar.getByRole('tree', { name: 'Sessions' });
  await page.keyboard.press('Control+b');
  await expect(tree).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(sidebar).toBeHidden();
  await expect(workbench.timeline).toBeFocused();
  await page.keyboard.press('Control+b');
  await tree.getByRole('treeitem', { name: /WebSocket client/ }).click();
  await expect(sidebar).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Target' })).toHaveValue('ws://127.0.0.1:1/feed');
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(sidebar).toBeVisible();
});

test('columns that are not wanted go, and the time from a mark stays', async ({ workbench, peers, page }) => {
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/`);
  await workbench.send('Text', 'one');
  await expect(workbench.rows(/server to client text 3 one/)).toBeVisible();
  expect(await heads(workbench)).toEqual(['#', 'Time', 'Δ', '⇅', 'Kind', 'Size', 'Summary']);

  const choose = async (column: RegExp) => {
    await page.getByRole('button', { name: 'Times and columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: column }).click();
  };
  await choose(/^Δ/);
  await choose(/^Size/);
  expect(await heads(workbench)).toEqual(['#', 'Time', '⇅', 'Kind', 'Summary']);
  await workbench.select(workbench.rows(/server to client text 3 one|server to client text one/));
  await page.keyboard.press('m');
  expect(await heads(workbench)).toEqual(['#', 'Time', 'Δ', '⇅', 'Kind', 'Summary']);
  await page.keyboard.press('m');
  await choose(/^Size/);
  expect(await heads(workbench)).toEqual(['#', 'Time', '⇅', 'Kind', 'Size', 'Summary']);
});

test('tabs that do not fit are listed, the chosen one is in sight, and others close at once', async ({
  workbench,
  page,
}) => {
  await page.setViewportSize(SMALL);
  const tabs = page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab');
  await workbench.newClient('TCP', 'tcp://127.0.0.1:1');
  await expect(page.getByRole('button', { name: 'All tabs' })).toBeHidden();
  for (let count = 2; count <= 8; count += 1) await workbench.newClient('TCP', `tcp://127.0.0.1:${count}`);
  await expectInSight(page, tabs.last());
  await page.getByRole('button', { name: 'All tabs' }).click();
  await page.getByRole('menuitemcheckbox', { name: /^TCP client Not connected/ }).click();
  await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
  await expectInSight(page, tabs.first());

  await tabs.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Close others' }).click();
  await expect(tabs).toHaveCount(1);
  await expect(tabs).toHaveText(/TCP client$/);
});

test('the keyboard comes back from dialogs, by one Esc, and from the address to the rows', async ({
  workbench,
  peers,
  page,
}) => {
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/`);
  await workbench.timeline.focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands and sessions' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(workbench.timeline).toBeFocused();

  await page.keyboard.press('Control+/');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('In the rows')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(workbench.timeline).toBeFocused();

  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: /^Settings of/ });
  await settings.getByRole('button', { name: 'Close' }).focus();
  await expect(page.getByRole('tooltip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(workbench.timeline).toBeFocused();

  await page.keyboard.press('Control+l');
  await page.keyboard.press('Escape');
  await expect(workbench.timeline).toBeFocused();
});

test('a new session says where to begin, and a message without bytes that it has none', async ({
  workbench,
  peers,
  page,
}) => {
  await workbench.newClient('WebSocket', '');
  await page.getByRole('button', { name: /^Go to address/ }).click();
  await expect(page.getByRole('textbox', { name: 'Target' })).toBeFocused();
  const port = await peers.python('websocket_server.py').port();
  await page.keyboard.type(`ws://127.0.0.1:${port}/`);
  await page.keyboard.press('Enter');
  await expect(workbench.state).toHaveText(/Connected$/);
  await workbench.send('Text', '');
  await expect(workbench.rows(/client to server text 0 no payload/)).toBeVisible();
});

test('bytes that are no whole message by the framing are told of', async ({ workbench, peers, page }) => {
  await workbench.newServer('TCP');
  await workbench.settings('Framing', (drawer) =>
    workbench.choose(drawer.getByRole('combobox', { name: 'Framing' }), /^Length prefix/),
  );
  const [host = '', port = ''] = (await workbench.startListening()).split(':');
  const ncat = peers.start('ncat', host, port);
  ncat.write('hello there\n');
  await expect(page.getByText('No whole message yet')).toBeVisible();
  await page.getByRole('button', { name: 'Framing…' }).click();
  await expect(page.getByRole('dialog').getByRole('combobox', { name: 'Framing' })).toBeVisible();
});
