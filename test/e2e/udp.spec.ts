// UDP against a server in Python and against socat, from both sides.
import { expect, test } from './fixtures.ts';

test('asks a server in Python', async ({ workbench, peers }) => {
  const port = await peers.python('udp_server.py').port();
  await workbench.connect('UDP', `udp://127.0.0.1:${port}`);
  await workbench.send('Text', 'louder please');
  await workbench.select(workbench.rows(/server to client .* 13 LOUDER PLEASE/));
  await expect(workbench.byte(0)).toHaveText('4c');
  await workbench.send('Hex', 'ff 00 61');
  await expect(workbench.rows(/server to client .* 3 ff 00 41/)).toBeVisible();
});

test('asks socat', async ({ workbench, peers }) => {
  const socat = peers.start('socat', '-d', '-d', 'UDP4-LISTEN:0,bind=127.0.0.1', 'STDIO');
  await workbench.connect('UDP', `127.0.0.1:${await socat.socatPort()}`);
  await workbench.send('Text', 'anybody there');
  await socat.says('anybody there');
  socat.write('nobody');
  await expect(workbench.rows(/server to client .* 6 nobody/)).toBeVisible();
});

test('answers socat, each sender a connection', async ({ workbench, peers, page }) => {
  const address = await workbench.listen('UDP');
  const first = peers.start('socat', '-t', '20', '-', `UDP4:${address}`);
  first.write('from the first');
  await first.says('from the first');
  const second = peers.start('socat', '-t', '20', '-', `UDP4:${address}`);
  second.write('from the second');
  await second.says('from the second');
  await expect(workbench.rows(/client to server .*from the first/)).toBeVisible();

  await workbench.composer.getByRole('button', { name: 'To all' }).click();
  await page.getByRole('radio', { name: 'The last' }).click();
  await page.keyboard.press('Escape');
  await workbench.send('Text', 'only the last');
  await second.says('only the last');
  expect(first.output).not.toContain('only the last');
});
