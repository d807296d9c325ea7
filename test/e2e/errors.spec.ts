// When it goes wrong: what happened, why, what to try; and nothing that was typed is lost.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const problem = (page: Page) => page.getByRole('main').getByRole('alert');
const connect = (page: Page) => page.getByRole('button', { name: 'Connect', exact: true }).first().click();

test('nothing listens there, until something does', async ({ workbench, peers, page }) => {
  // A port that was free a moment ago.
  const address = await workbench.listen('TCP');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(workbench.state).toHaveText(/Stopped$/);

  await workbench.newClient('TCP', address);
  await workbench.compose('Text', 'typed before');
  await connect(page);
  await expect(problem(page)).toContainText(`Nothing is listening on ${address}.`);
  await expect(problem(page)).toContainText('The machine answered and refused the connection.');
  await expect(problem(page)).toContainText('Start the server');
  await expect(problem(page)).toContainText('ECONNREFUSED');
  await expect(workbench.rows(/failed Error/)).toBeVisible();
  await expect(workbench.composer).toContainText('typed before');

  const [host = '', port = ''] = address.split(':');
  const ncat = peers.start('ncat', '-v', '-l', host, port);
  await ncat.complains('Listening on');
  await problem(page).getByRole('button', { name: 'Try again' }).click();
  await expect(workbench.state).toHaveText(/Connected$/);
  await expect(problem(page)).toBeHidden();
  await page.keyboard.press('Control+Enter');
  await ncat.says('typed before');
});

test('a name that nobody knows', async ({ workbench, page }) => {
  await workbench.newClient('WebSocket', 'ws://no-such-host.invalid/chat');
  await connect(page);
  await expect(problem(page)).toContainText(
    /The host name no-such-host\.invalid (is not known|could not be looked up)\./,
  );
  await expect(page.getByRole('textbox', { name: 'Target' })).toHaveValue('ws://no-such-host.invalid/chat');
});

test('an address that is none', async ({ workbench, page }) => {
  await workbench.newClient('WebSocket', 'ws://127.0.0.1:99999/');
  await connect(page);
  await expect(problem(page)).toContainText('99999');
  await expect(page.getByRole('textbox', { name: 'Target' })).toHaveValue('ws://127.0.0.1:99999/');
  await page.getByRole('textbox', { name: 'Target' }).fill('http://example.test/');
  await connect(page);
  await expect(problem(page)).toContainText('Write ws://example.test/.');
});

test('hex that is none stays in the composer and is not sent', async ({ workbench, peers, page }) => {
  const port = await peers.python('udp_server.py').port();
  await workbench.connect('UDP', `127.0.0.1:${port}`);
  await workbench.compose('Hex', '12 3x');
  await expect(workbench.composer.getByRole('status')).toContainText(/hex/i);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('list', { name: 'Notifications' }).getByRole('alert')).toContainText(/hex/i);
  await expect(workbench.composer).toContainText('12 3x');
  await expect(workbench.rows(/client to server/)).toHaveCount(0);
});

test('a port that is taken', async ({ workbench, peers, page }) => {
  const socat = peers.start('socat', '-d', '-d', 'TCP4-LISTEN:0,bind=127.0.0.1', 'STDIO');
  const port = await socat.socatPort();
  await workbench.newServer('WebSocket');
  await page.getByRole('textbox', { name: 'Address to listen on' }).fill(`127.0.0.1:${port}`);
  await page.getByRole('button', { name: 'Listen', exact: true }).first().click();
  await expect(problem(page)).toContainText(`127.0.0.1:${port} is already in use.`);
  await expect(problem(page)).toContainText('port 0 takes any free one');
});

test('a peer that is no WebSocket server', async ({ workbench, peers, page }) => {
  const socat = peers.start(
    'socat',
    '-d',
    '-d',
    'TCP4-LISTEN:0,bind=127.0.0.1',
    'SYSTEM:echo SSH-2.0-nonsense && cat >&2',
  );
  await workbench.newClient('WebSocket', `ws://127.0.0.1:${await socat.socatPort()}/`);
  await connect(page);
  await expect(problem(page)).toContainText('is not HTTP');
});
