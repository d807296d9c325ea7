// TCP against socat and ncat, from both sides.
import { expect, test } from './fixtures.ts';

test('talks lines to socat and hears the rest after its own end', async ({ workbench, peers, page }) => {
  // Sorts what it gets, so that it answers only after our end.
  const socat = peers.start('socat', '-d', '-d', 'TCP4-LISTEN:0,bind=127.0.0.1', 'EXEC:sort');
  await workbench.newClient('TCP', `tcp://127.0.0.1:${await socat.socatPort()}`);
  await workbench.settings('Framing', (drawer) =>
    workbench.choose(drawer.getByRole('combobox', { name: 'Framing' }), /^Lines/),
  );
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(workbench.state).toHaveText(/Connected$/);
  for (const line of ['pear', 'apple', 'fig']) {
    await workbench.send('Text', line);
    await expect(workbench.rows(new RegExp(`client to server .*${line}`))).toBeVisible();
  }
  await workbench.command('Half-close (send FIN)');
  await expect(workbench.state).toHaveText(/Closed$/);
  const answers = workbench.rows(/server to client/);
  await expect(answers).toHaveText([/apple/, /fig/, /pear/]);
  await socat.ended();
});

test('takes a stream without framing as it comes', async ({ workbench, peers, page }) => {
  const socat = peers.start('socat', '-d', '-d', 'TCP4-LISTEN:0,bind=127.0.0.1', 'STDIO');
  await workbench.connect('TCP', `127.0.0.1:${await socat.socatPort()}`);
  await workbench.send('Hex', '68 65 6c 6c 6f 0a');
  await socat.says('hello\n');
  socat.write('good morning');
  await workbench.select(workbench.rows(/server to client .* 12 good morning/));
  await expect(workbench.byte(0)).toHaveText('67');
  socat.endInput();
  await expect(workbench.rows(/event ended/)).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(workbench.rows(/event closed/)).toBeVisible();
});

test('serves socat and ncat, line by line', async ({ workbench, peers }) => {
  await workbench.newServer('TCP');
  await workbench.settings('Framing', (drawer) =>
    workbench.choose(drawer.getByRole('combobox', { name: 'Framing' }), /^Lines/),
  );
  const [host = '', port = ''] = (await workbench.startListening()).split(':');
  const socat = peers.start('socat', '-t', '10', '-', `TCP4:${host}:${port}`);
  socat.write('first\nsecond\nthi');
  await socat.says('first\nsecond\n');
  await expect(workbench.rows(/client to server .*first/)).toBeVisible();
  await expect(workbench.rows(/client to server .*second/)).toBeVisible();
  await expect(workbench.rows(/thi/)).toHaveCount(0);
  socat.write('rd\n');
  await socat.says('third\n');
  await expect(workbench.rows(/client to server .*third/)).toBeVisible();

  const ncat = peers.start('ncat', host, port);
  ncat.write('from ncat\n');
  await ncat.says('from ncat\n');
  await workbench.send('Text', 'to you all');
  await Promise.all([socat.says('to you all\n'), ncat.says('to you all\n')]);
  socat.endInput();
  await socat.ended();
  await expect(workbench.composer.getByRole('tab', { name: 'Connections 1' })).toBeVisible();
});
