// Everything by keyboard alone: no mouse from the first start to the last tab.
import { expect, test } from './fixtures.ts';

test('from a new session to its closed tab without a mouse', async ({ workbench, peers, page, app }) => {
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const port = await peers.python('websocket_server.py').port();
  const [newSession, closeTab] = app.electron ? ['Control+n', 'Control+w'] : ['Alt+n', 'Alt+w'];
  const tabs = page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab');

  await test.step('new session, address, connect', async () => {
    await press(newSession);
    await expect(page.getByRole('menuitem', { name: 'WebSocket' }).first()).toBeVisible();
    await press('Home', 'Enter');
    await expect(tabs).toHaveText([/WebSocket client/]);
    await press('Control+l');
    await expect(page.getByRole('textbox', { name: 'Target' })).toBeFocused();
    await page.keyboard.type(`ws://127.0.0.1:${port}/`);
    await press('Enter');
    await expect(workbench.state).toHaveText(/Connected$/);
  });

  await test.step('compose and send', async () => {
    const editor = workbench.composer.getByRole('textbox', { name: 'Message to send' });
    await expect(editor).toBeAttached();
    await press('Control+Shift+e');
    await expect(editor).toBeFocused();
    await page.keyboard.type('one');
    await press('Control+Enter');
    await expect(workbench.rows(/server to client text 3 one/)).toBeVisible();
    await press('Control+a');
    await page.keyboard.type('two words');
    await press('Control+Enter');
    await expect(workbench.rows(/server to client text 9 two words/)).toBeVisible();
  });

  await test.step('F6 goes around the panes, both ways', async () => {
    const pane = () =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset.pane ?? '');
    const before = await pane();
    const seen = new Set<string>();
    for (let step = 0; step < 10; step += 1) {
      seen.add(await pane());
      await press('F6');
      if ((await pane()) === before) break;
    }
    expect(await pane()).toBe(before);
    expect([...seen]).toEqual(expect.arrayContaining(['address', 'timeline', 'composer']));
    await press('Shift+F6');
    expect(await pane()).not.toBe(before);
  });

  await test.step('rows, inspector, bytes', async () => {
    for (
      let step = 0;
      step < 10 && !(await workbench.timeline.evaluate((grid) => grid === document.activeElement));
      step += 1
    ) {
      await press('F6');
    }
    await expect(workbench.timeline).toBeFocused();
    await press('Home');
    await expect(workbench.rows(/event connecting/)).toHaveAttribute('aria-selected', 'true');
    await press('End');
    await expect(workbench.rows(/server to client text 9 two words/)).toHaveAttribute('aria-selected', 'true');
    await press('ArrowUp', 'Shift+ArrowUp');
    await expect(workbench.timeline.getByRole('row', { selected: true })).toHaveCount(2);
    await press('ArrowDown', 'ArrowDown');
    await expect(workbench.field('Opcode 1 text')).toBeVisible();
    await press('Enter');
    await expect(workbench.fields).toBeFocused();
    await press('Home', 'ArrowDown');
    await expect(workbench.field('FIN true')).toHaveAttribute('aria-selected', 'true');
    await expect(workbench.selectedBytes).toHaveText(['81']);
    const title = workbench.inspector.locator('.in-title');
    const first = (await title.textContent()) ?? '';
    await press('Shift+F6');
    await expect(workbench.timeline).toBeFocused();
    await press('ArrowUp');
    await expect(title).not.toHaveText(first);
    await expect(workbench.field('FIN true')).toHaveAttribute('aria-selected', 'true');
    await expect(workbench.selectedBytes).toHaveText(['81']);
  });

  await test.step('levels, find and filter', async () => {
    await press('Control+k');
    await page.keyboard.type('show frames');
    await press('Enter');
    await expect(page.getByRole('radio', { name: 'Frames' })).toBeChecked();
    await press('Control+f');
    await expect(page.getByRole('textbox', { name: 'Find in rows' })).toBeFocused();
    await page.keyboard.type('ONE');
    await press('Enter');
    await expect(workbench.timeline.getByRole('row', { selected: true })).toContainText('one');
    await press('Escape');
    await expect(workbench.timeline).toBeFocused();
    await press('Control+Shift+f');
    await page.keyboard.type('websocket.payload_length == 9');
    await press('Enter');
    await expect(workbench.rows(/ one$/)).toHaveCount(0);
    await expect(workbench.rows(/two words/)).toHaveCount(2);
    await press('Control+Shift+f', 'Escape');
    await expect(workbench.rows(/ one$/)).toHaveCount(2);
  });

  await test.step('a close with a code, disconnected, the tab closed; the session stays', async () => {
    await press('Control+k');
    await page.keyboard.type('close with code');
    await press('Enter');
    await expect(page.getByRole('dialog', { name: 'Close with code and reason' })).toBeVisible();
    await press('Enter');
    await expect(workbench.state).toHaveText(/Closed$/);
    await press(closeTab);
    await expect(tabs).toHaveCount(0);
    await press('Control+k');
    await page.keyboard.type('WebSocket client');
    await press('Enter');
    await expect(tabs).toHaveCount(1);
    await expect(workbench.rows(/server to client text 3 one/)).toBeVisible();
  });
});
