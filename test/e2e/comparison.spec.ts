// Two runs of a session held against each other: picked in the history or by name, looked through by keyboard alone.
import { WebSocketServer } from 'ws';
import { expect, test } from './fixtures.ts';

/** Answers every message; what differs from one connection to the next, `answers` says. */
async function answering(answers: readonly ((text: string) => string[])[]): Promise<{ port: number; close(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  let connections = 0;
  server.on('connection', (socket) => {
    const answer = answers[connections++ % answers.length]!;
    socket.on('message', (data) => {
      for (const text of answer(String(data))) {
        if (text.startsWith('close ')) socket.close(Number(text.slice(6)), 'over');
        else socket.send(text);
      }
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const close = () => {
    for (const client of server.clients) client.terminate();
    server.close();
  };
  return { port, close };
}

test('compares two runs side by side, by keyboard alone', async ({ workbench, page }) => {
  const answer = (members: number, code: number, more: string[]) => (text: string) =>
    text === 'bye'
      ? [`close ${code}`]
      : text === 'join'
        ? [`{"type":"welcome","members":${members}}`, ...more]
        : [text];
  const peer = await answering([answer(3, 1000, []), answer(4, 1011, ['{"notice":"at noon"}'])]);
  await workbench.newClient('WebSocket', `ws://127.0.0.1:${peer.port}/`);
  for (const answers of [1, 2]) {
    await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await workbench.send('Text', 'join');
    await expect(workbench.rows(/server to client text/)).toHaveCount(answers);
    await workbench.send('Text', 'hello');
    await expect(workbench.rows(/server to client text .*hello/)).toHaveCount(1);
    await workbench.send('Text', 'bye');
    await expect(workbench.state).toHaveText(/Closed/);
  }

  await workbench.command('Show history');
  await expect(workbench.runs).toHaveCount(2);
  await workbench.runs.first().press('c');
  await expect(page.getByRole('combobox', { name: 'Runs' })).toBeFocused();
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');

  const comparison = page.getByRole('region', { name: 'Comparison' });
  const rows = comparison.getByRole('row');
  await expect(comparison.getByRole('grid', { name: 'Compared messages' })).toBeFocused();
  await expect(rows.filter({ hasText: 'only right' })).toHaveText(/notice/);
  await expect(rows.filter({ hasText: 'changed' }).first()).toHaveText(/"members":3.*"members":4/);
  await expect(rows.filter({ hasText: /1000 .*1011 / }).first()).toHaveText(/changed/);
  await expect(comparison.getByRole('region', { name: 'Left run' })).toContainText('1000');
  await expect(comparison.getByRole('region', { name: 'Right run' })).toContainText('1011');

  // The first difference is the chosen row: its texts stand below, side by side.
  const current = comparison.getByRole('row', { selected: true });
  await expect(current).toHaveText(/"members":3/);
  const texts = comparison.getByRole('region', { name: 'Texts' });
  await expect(texts.getByTestId('text-difference')).toContainText('"members": 3');
  await expect(texts.getByTestId('text-difference')).toContainText('"members": 4');
  await page.keyboard.press('ArrowDown');
  await expect(current).toHaveText(/notice/);
  await expect(texts.getByRole('textbox', { name: 'Text of the right run' })).toHaveValue(/"notice": "at noon"/);
  await expect(texts.getByText('Not in the left run')).toBeVisible();
  await page.keyboard.press('F7');
  await expect(current).toHaveText(/1000 .*1011 /);
  await page.keyboard.press('Shift+F7');
  await expect(current).toHaveText(/"members":3/);
  await page.keyboard.press('Home');
  await expect(current).toHaveText(/join/);
  await expect(texts.locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false');
  await page.keyboard.press('Enter');
  await expect(comparison.getByRole('grid')).not.toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(comparison.getByRole('grid')).toBeFocused();

  await comparison.getByRole('radio', { name: 'Differences' }).click();
  await expect(rows.filter({ hasText: 'same' })).toHaveCount(0);
  await expect(rows.filter({ hasText: 'notice' })).toHaveCount(1);
  await page.keyboard.press('Alt+w');
  await expect(comparison).toHaveCount(0);
  peer.close();
});

test('finds no differences where there are none, and takes both runs by name', async ({ workbench, page }) => {
  const peer = await answering([(text) => [text]]);
  await workbench.newClient('WebSocket', `ws://127.0.0.1:${peer.port}/`);
  for (let run = 0; run < 2; run += 1) {
    await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await workbench.send('Text', 'hello');
    await expect(workbench.rows(/server to client text .*hello/)).toHaveCount(1);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect(workbench.state).toHaveText(/Closed/);
  }
  await workbench.command('Compare runs…');
  const picker = page.getByRole('combobox', { name: 'Runs' });
  await expect(picker).toHaveAttribute('placeholder', 'Compare which run?');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(picker).toHaveAttribute('placeholder', /^Compare “WebSocket client, .* with$/);
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison.getByText('No differences.')).toBeVisible();
  await expect(comparison.getByRole('button', { name: 'Next difference' })).toBeDisabled();
  await comparison.getByRole('radio', { name: 'Differences' }).click();
  await expect(comparison.getByText('Both runs carried the same, in the same order')).toBeVisible();
  await comparison.getByRole('button', { name: 'Show all rows' }).click();
  await expect(comparison.getByRole('row', { name: /hello.*same/ })).toHaveCount(2);
  peer.close();
});
