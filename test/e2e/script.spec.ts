// Scripts in the app: recorded from a live session, edited as a list and as YAML, run with marks on each step.
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test('records a live session as a script, runs it, and reopens the run from the history', async ({
  workbench,
  page,
}) => {
  const address = await workbench.listen('WebSocket');
  await workbench.connect('WebSocket', `ws://${address}/`);
  await workbench.send('Text', 'hello');
  await expect(workbench.rows(/server to client .*hello/)).toBeVisible();
  await workbench.send('JSON', '{"user": "Ada"}');
  await expect(workbench.rows(/server to client .*Ada/)).toBeVisible();

  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.composer.getByRole('button', { name: 'Record as script' }).click();
  const dialog = page.getByRole('dialog', { name: 'Record as script' });
  await expect(dialog.getByRole('textbox', { name: 'Recorded script' })).toHaveValue(/send[\s\S]*expect[\s\S]*Ada/);
  await dialog.getByRole('button', { name: 'Use as script' }).click();
  await expect(workbench.step(/^Step 1: Send/)).toBeVisible();
  await expect(workbench.step(/^Step 2: Expect .*hello/)).toBeVisible();

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(workbench.state).toHaveText(/Closed/);
  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText(/^Passed, \d+ steps/);
  for (const step of await workbench.steps.all()) await expect(step).toHaveAccessibleName(/, passed$/);

  await workbench.command('Show history');
  const passed = workbench.runs.filter({ hasText: 'Passed' });
  await expect(passed).toHaveCount(1);
  await passed.press('Enter');
  await expect(page.getByRole('tab', { selected: true, name: /WebSocket client/ })).toBeVisible();
  await expect(workbench.composer).toHaveCount(0);
  await expect(workbench.rows(/client to server .*Ada/)).toBeVisible();
});

test('edits steps, shows where a run failed, and forgets the mark of what was changed', async ({ workbench, page }) => {
  const address = await workbench.listen('WebSocket');
  await workbench.newClient('WebSocket', `ws://${address}/`);
  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.addStep('Send');
  await workbench.composer.getByRole('textbox', { name: 'Text', exact: true }).fill('hello');
  await workbench.addStep('Wait');
  await workbench.addStep('Expect');
  await workbench.composer.getByRole('textbox', { name: 'Text contains' }).fill('never said');
  await workbench.composer.getByRole('textbox', { name: 'Within' }).fill('200ms');
  await workbench.step(/^Step 3: Expect/).press('Alt+ArrowUp');
  await expect(workbench.step(/^Step 2: Expect contains "never said"/)).toBeFocused();

  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText(/^Failed at step 2 of 3/);
  await expect(workbench.step(/^Step 1: .*, passed$/)).toBeVisible();
  await expect(workbench.step(/^Step 2: .*, failed, /)).toBeVisible();
  await expect(workbench.step(/^Step 3: .*, skipped$/)).toBeVisible();
  await expect(workbench.composer.getByRole('alert')).toHaveText(/200 ms/);

  await workbench.composer.getByRole('textbox', { name: 'Text contains' }).fill('hello');
  await expect(workbench.step(/^Step 2: Expect contains "hello" within 200ms$/)).toBeVisible();
  await expect(workbench.step(/^Step 1: .*, passed$/)).toBeVisible();
  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText(/^Passed, 3 steps/);

  await workbench.step(/^Step 3: Wait/).press('Delete');
  await expect(workbench.steps).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(workbench.steps).toHaveCount(3);
});

test('takes a script as YAML, and says at which line it is none', async ({ workbench, page }) => {
  await workbench.newClient('TCP', 'tcp://127.0.0.1:9');
  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.composer.getByRole('radio', { name: 'YAML' }).click();
  const write = async (text: string) => {
    await workbench.composer.getByTestId('script-editor').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };
  await write('- send: { text: hello }\n- wait: 20ms\n');
  await expect(workbench.composer.getByRole('tab', { name: 'Script 2' })).toBeVisible();
  await write('- send: { text: hello }\n- wait: soon\n');
  await expect(workbench.composer.getByRole('alert')).toHaveText(/^Line 2: /);
  await page.keyboard.press('F5');
  await expect(page.getByText('nothing was run')).toBeVisible();
  await workbench.composer.getByRole('radio', { name: 'List' }).click();
  await expect(workbench.step('Step 2: Wait 20ms')).toBeVisible();
  await workbench.step('Step 2: Wait 20ms').click();
  await workbench.composer.getByRole('textbox', { name: 'For' }).fill('3s');
  await workbench.composer.getByRole('radio', { name: 'YAML' }).click();
  await expect(workbench.composer.getByTestId('script-editor')).toContainText('wait: 3s');
});

test('labels, keeps and deletes runs, and shows those of one session', async ({ workbench, page }) => {
  const address = await workbench.listen('WebSocket');
  await workbench.connect('WebSocket', `ws://${address}/`);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await workbench.command('Show history');
  await expect(workbench.runs).toHaveCount(2);
  await page.getByRole('checkbox', { name: /Only this session/ }).check();
  await expect(workbench.runs).toHaveCount(1);
  const run = workbench.runs.first();
  await expect(run).toHaveAccessibleName(/^WebSocket client, Closed, /);

  await run.press('F2');
  await page.getByRole('textbox', { name: 'Label of the run' }).fill('before the fix');
  await page.keyboard.press('Enter');
  await expect(run).toHaveAccessibleName(/^before the fix, Closed, /);
  await expect(run).toBeFocused();
  await run.press('k');
  await expect(run).toHaveAccessibleName(/, kept$/);

  await run.press('Delete');
  await page.keyboard.press('Escape');
  await expect(run).toBeFocused();
  await run.press('Delete');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('This session has not run yet.')).toBeVisible();
});

test('runs a script for each row of a data file, and keeps the captures of those that failed', async ({
  app,
  workbench,
  page,
}) => {
  const file = join(app.dataFolder, 'people.csv');
  writeFileSync(file, 'user,heard\nAda,Ada\nBob,Eve\nGrace,Grace\n');
  const address = await workbench.listen('WebSocket');
  await workbench.newClient('WebSocket', `ws://${address}/`);
  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.addStep('Send');
  await workbench.composer.getByRole('textbox', { name: 'Text', exact: true }).fill('hello {{user}}');
  await workbench.addStep('Expect');
  await workbench.composer.getByRole('textbox', { name: 'Text contains' }).fill('hello {{heard}}');
  await workbench.composer.getByRole('textbox', { name: 'Within' }).fill('2s');

  await workbench.composer.getByRole('button', { name: 'Data' }).click();
  const data = page.getByRole('dialog', { name: 'Data file' });
  await data.getByRole('textbox', { name: 'Data file' }).fill(`${file}x`);
  await expect(data.getByRole('status')).toHaveText(/people\.csvx/);
  await data.getByRole('textbox', { name: 'Data file' }).fill(file);
  await expect(data.getByRole('status')).toHaveText('3 rows of user, heard');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText('Failed for 1 of 3 rows');
  await expect(workbench.composer.getByRole('progressbar', { name: 'Rows' })).toHaveAttribute(
    'aria-valuetext',
    '2 passed, 1 failed, of 3',
  );
  const failed = workbench.composer.getByRole('list', { name: 'Failed rows' }).getByRole('listitem');
  await expect(failed).toHaveCount(1);
  await expect(failed).toHaveText(/^Row 2.*user=Bob, heard=Eve.*Step 2, expect/);
  await workbench.command('Show history');
  await page.getByRole('checkbox', { name: /Only this session/ }).check();
  await expect(workbench.runs).toHaveCount(2);

  await failed.getByRole('button', { name: 'Open the capture of row 2' }).click();
  await expect(workbench.composer).toHaveCount(0);
  await expect(workbench.rows(/client to server .*hello Bob/)).toBeVisible();
});

test('takes a data file from the browser, and stops in the middle of its rows', async ({ app, workbench, page }) => {
  test.skip(app.electron !== undefined, 'The desktop chooses files in a dialog of the system.');
  const address = await workbench.listen('WebSocket');
  await workbench.newClient('WebSocket', `ws://${address}/`);
  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.addStep('Wait');
  await workbench.composer.getByRole('textbox', { name: 'For' }).fill('1m');
  await workbench.composer.getByRole('button', { name: 'Data' }).click();
  const data = page.getByRole('dialog', { name: 'Data file' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    data.getByRole('button', { name: 'Choose file…' }).click(),
  ]);
  const buffer = Buffer.from('[{"user": "Ada"}, {"user": "Bob"}]');
  await chooser.setFiles({ name: 'users.json', mimeType: 'application/json', buffer });
  await expect(data.getByRole('status')).toHaveText('2 rows of user');
  await page.keyboard.press('Escape');
  await expect(workbench.composer.getByRole('button', { name: 'users.json' })).toBeVisible();
  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText('Row 1 of 2, step 1 of 1');
  await page.keyboard.press('Shift+F5');
  await expect(workbench.scriptResult).toHaveText('Stopped at row 1 of 2');
  await expect(workbench.state).toHaveText(/Closed/);
});

test('stops a script whose connection is still being made', async ({ workbench, page }) => {
  const silent = createServer(() => {});
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  await workbench.newClient('WebSocket', `ws://127.0.0.1:${port}/`);
  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.addStep('Wait');
  await page.keyboard.press('F5');
  await expect(workbench.scriptResult).toHaveText('Starting');
  await workbench.composer.getByRole('button', { name: /^Stop/ }).click();
  await expect(workbench.scriptResult).toHaveText('Stopped before its first step');
  await expect(workbench.state).toHaveText(/Closed|Not connected/);
  silent.close();
});
