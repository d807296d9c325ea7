// A folder of session files as a workspace: opened, rearranged by keyboard and mouse, changed underneath, and its
// variables and secrets.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, session, test } from './workspace-folder.ts';

test('a folder opens as a tree, and says which files cannot be used', async ({ workspace, page }) => {
  await expect(workspace.row(/^chat/)).toHaveAttribute('aria-expanded', 'true');
  await workspace.row('broken.yaml').click();
  await expect(page.getByRole('dialog', { name: /broken\.yaml/ })).toContainText('targett');
  await page.keyboard.press('Escape');
  workspace.write('broken.yaml', session('Mended', 'ws://h'));
  await expect(workspace.row('Mended')).toBeVisible();

  await page.getByRole('textbox', { name: 'Filter sessions' }).fill('supp');
  await expect(workspace.row(/Lobby/)).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: /Support/ })).toHaveAttribute('aria-selected', 'true');
});

test('rename, move, duplicate, delete and bring back, by keyboard alone', async ({ workspace, page }) => {
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await workspace.row('Plain').click();
  await workspace.row('Plain').focus();

  await test.step('the file follows the name, comments and all', async () => {
    await press('F2');
    await page.keyboard.type('Greeting');
    await press('Enter');
    await workspace.expectKeyboardAt('Greeting');
    await expect.poll(() => workspace.has('Greeting.yaml')).toBe(true);
    await expect.poll(() => workspace.read('Greeting.yaml')).toContain('name: Greeting');
    expect(workspace.read('Greeting.yaml')).toContain('# Kept by hand');
    expect(workspace.has('Plain.yaml')).toBe(false);
  });

  await test.step('cut, go to a folder by its letters, paste', async () => {
    await expect(workspace.row('Greeting')).toHaveAttribute('title', /^Greeting\.yaml$/m);
    await press('Control+x');
    await page.keyboard.type('ser');
    await workspace.expectKeyboardAt('servers');
    await press('Control+v');
    await expect.poll(() => workspace.has('servers/Greeting.yaml')).toBe(true);
    await expect(page.getByText('Moved “Greeting” to servers.')).toBeVisible();
  });

  await test.step('a folder is made and moved to by name', async () => {
    await press('Home', 'Control+k');
    await page.keyboard.type('New folder');
    await press('Enter');
    await expect(page.getByRole('textbox', { name: 'Name of the folder' })).toBeFocused();
    await page.keyboard.type('archive');
    await press('Enter');
    await workspace.expectKeyboardAt('archive');
    expect(workspace.has('archive')).toBe(true);
    await workspace.row('Greeting').focus();
    await press('Control+k');
    await page.keyboard.type('Move session');
    await press('Enter');
    await expect(page.getByPlaceholder('Move “Greeting” to …')).toBeFocused();
    await page.keyboard.type('arch');
    await press('Enter');
    await expect.poll(() => workspace.has('archive/Greeting.yaml')).toBe(true);
  });

  await test.step('duplicated beside itself', async () => {
    await workspace.row('Greeting').focus();
    await press('Control+d');
    await expect(workspace.row('Greeting copy')).toBeVisible();
    expect(readdirSync(join(workspace.folder, 'archive'))).toHaveLength(2);
  });

  await test.step('deleted, and back with its tab', async () => {
    const tab = page.getByRole('tab', { name: /Greeting copy/ });
    await expect(tab).toBeVisible();
    await workspace.row('Greeting copy').focus();
    await press('Delete');
    await expect(workspace.row('Greeting copy')).toBeHidden();
    await expect(tab).toBeHidden();
    await workspace
      .toast(/^Deleted/)
      .getByRole('button', { name: 'Undo' })
      .click();
    await expect(workspace.row('Greeting copy')).toBeVisible();
    await expect(tab).toBeVisible();
  });

  await test.step('a folder too, by Ctrl+Z', async () => {
    await workspace.row('archive').focus();
    await press('Delete');
    await expect(workspace.row('archive')).toBeHidden();
    expect(workspace.has('archive')).toBe(false);
    await press('Control+z');
    await expect(workspace.row('archive')).toBeVisible();
    expect(readdirSync(join(workspace.folder, 'archive'))).toHaveLength(2);
  });
});

test('files are moved by the mouse, and scratch sessions become files', async ({ workspace, workbench, page }) => {
  await workspace.row('Lobby').dragTo(workspace.row('servers'));
  await expect.poll(() => workspace.has('servers/Lobby.yaml')).toBe(true);
  await workspace
    .toast(/^Moved/)
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect.poll(() => workspace.has('chat/Lobby.yaml')).toBe(true);

  await workspace.row('Scratch').click();
  await workspace.row('Scratch').click();
  await workbench.newClient('TCP', 'tcp://127.0.0.1:1');
  expect(readdirSync(workspace.folder)).not.toContain('TCP-client.yaml');
  await workspace.row('TCP client').dragTo(workspace.row('servers'));
  await expect(page.getByText('Moved “TCP client” to servers.')).toBeVisible();
  await expect.poll(() => readdirSync(join(workspace.folder, 'servers')).join()).toContain('TCP');
});

test('what others write on disk is shown, and tabs come back', async ({ workspace, page }) => {
  await workspace.row('Lobby').click();
  await workspace.row('Support').click();
  const target = page.getByRole('textbox', { name: 'Target' });
  await expect(target).toHaveValue('ws://{{host}}/support');
  workspace.write('chat/Support.yaml', session('Support', 'ws://elsewhere.test/'));
  await expect(target).toHaveValue('ws://elsewhere.test/');
  const pressed = await workspace.row('Support').elementHandle();
  workspace.write('chat/New.yaml', session('Checked out', 'ws://h'));
  await expect(workspace.row('Checked out')).toBeVisible();
  // Pushed down, it is still what was under the finger.
  expect(await pressed?.textContent()).toContain('Support');
  rmSync(join(workspace.folder, 'chat/New.yaml'));
  await expect(workspace.row('Checked out')).toContainText('Its file was removed');

  await page.reload();
  const tabs = page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab');
  await expect(tabs).toHaveText([/Lobby/, /Support/]);
  await expect(page.getByRole('tab', { name: /Support/ })).toHaveAttribute('aria-selected', 'true');

  await page.getByRole('button', { name: /^Workspace:/ }).click();
  await page.getByRole('menuitem', { name: 'Close workspace' }).click();
  await expect(tabs).toHaveCount(0);
  await page.getByRole('button', { name: /^Workspace:/ }).click();
  await page.getByRole('menuitem', { name: /seed service/ }).click();
  await expect(tabs).toHaveText([/Lobby/, /Support/]);
});

test('the environment says where a client connects', async ({ workspace, workbench, peers, page }) => {
  const [one, other] = await Promise.all([
    peers.python('websocket_server.py').port(),
    peers.python('websocket_server.py').port(),
  ]);
  workspace.write('environments/local.yaml', `host: 127.0.0.1:${one}\n`);
  workspace.write('environments/staging.yaml', `host: 127.0.0.1:${other}\n`);
  await workspace.row('Lobby').click();
  const connect = page.getByRole('button', { name: 'Connect', exact: true }).first();

  await test.step('without one, the address says what is missing', async () => {
    await expect(page.getByText(/host has no value/)).toBeAttached();
    await connect.click();
    await expect(page.getByText(/\{\{host\}\} has no value/).first()).toBeVisible();
  });

  for (const [environment, port] of [
    ['local', one],
    ['staging', other],
  ] as const) {
    await test.step(environment, async () => {
      await workspace.selectEnvironment(environment);
      await connect.click();
      await expect(workbench.state).toHaveText(/Connected$/);
      await expect(workbench.rows(new RegExp(`127\\.0\\.0\\.1:${port}`)).first()).toBeVisible();
      await page.getByRole('button', { name: 'Disconnect' }).click();
    });
  }

  await test.step('a workspace whose sessions run is not left without asking', async () => {
    const leave = async () => {
      await page.getByRole('button', { name: /^Workspace:/ }).click();
      await page.getByRole('menuitem', { name: 'Close workspace' }).click();
      await expect(page.getByRole('dialog', { name: /^Leave/ })).toContainText('“Lobby” is running.');
    };
    await connect.click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await leave();
    await page.getByRole('button', { name: 'Stay' }).click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await leave();
    await page.getByRole('button', { name: 'End it and leave' }).click();
    await expect(page.getByRole('button', { name: 'Workspace: none' })).toBeVisible();
  });
});

test('variables are completed and explained where they are typed', async ({ workspace, workbench, page }) => {
  await workspace.selectEnvironment('local');
  await workspace.row('Plain').click();
  const target = page.getByRole('textbox', { name: 'Target' });
  const options = page.getByRole('listbox', { name: 'Variables' }).getByRole('option');

  await target.fill('');
  await page.keyboard.type('ws://{{ho');
  await expect(options).toHaveText([/host.*127\.0\.0\.1:1.*environment/]);
  await page.keyboard.press('Enter');
  await expect(target).toHaveValue('ws://{{host}}');
  await page.keyboard.type('/{{$');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);
  await page.keyboard.type('nothing}}');
  await expect(page.getByText(/\$nothing has no value/)).toBeAttached();
  const mark = page.locator('.variable').first();
  const box = (await mark.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByRole('tooltip')).toHaveText(/host = 127\.0\.0\.1:1/);

  await workbench.settings('Handshake', async (drawer) => {
    await drawer.getByRole('textbox', { name: 'Headers of the request: value 1' }).click();
    await page.keyboard.type('{{r');
    await expect(options.first()).toHaveText(/room.*lobby.*workspace/);
    await page.keyboard.press('Escape');
    await expect(drawer).toBeVisible();
  });

  await workbench.compose('Text', '');
  await page.keyboard.type('{{ro');
  await expect(page.getByRole('option', { name: /^room/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(workbench.composer.getByText('{{room}}')).toBeVisible();
});

test('variables are completed in scripts, settings, orders and environments too', async ({
  workspace,
  workbench,
  page,
}) => {
  await workspace.selectEnvironment('local');
  await workspace.row('Plain').click();
  const room = page.getByRole('listbox', { name: 'Variables' }).getByRole('option', { name: /^room/ });
  const complete = async (field: Locator, before = '') => {
    await field.click();
    await field.press('Control+a');
    await page.keyboard.insertText(before);
    await page.keyboard.type('{{ro');
    await expect(room).toBeVisible();
    const [list, box] = [await room.boundingBox(), await field.boundingBox()];
    // Beside the field, whole.
    expect(Math.abs(list!.y - box!.y)).toBeLessThan(300);
    expect(Math.abs(list!.x - box!.x)).toBeLessThan(box!.width);
    await expect(room).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Enter');
    await expect(field).toHaveValue(`${before}{{room}}`);
  };

  await workbench.composer.getByRole('tab', { name: 'Script' }).click();
  await workbench.addStep('Send');
  const text = workbench.composer.getByRole('textbox', { name: 'Text', exact: true });
  await complete(text, 'first line\nin ');
  const mark = (await workbench.composer.locator('.variable').boundingBox())!;
  const area = (await text.boundingBox())!;
  // In the second line, where the letters of the field are.
  expect(mark.y).toBeGreaterThan(area.y + 18);
  await page.mouse.move(mark.x + mark.width / 2, mark.y + mark.height / 2);
  await expect(page.getByRole('tooltip')).toHaveText(/room = lobby/);
  await workbench.addStep('Expect');
  await complete(workbench.composer.getByRole('textbox', { name: 'Text contains' }), 'joined ');

  await workbench.settings('TLS', (drawer) =>
    complete(drawer.getByRole('textbox', { name: 'Authorities (CA)' }), 'certs/'),
  );
  await page.keyboard.press('Control+e');
  await complete(page.getByRole('dialog', { name: 'Environments' }).getByRole('textbox', { name: 'Value 1' }), 'in ');
  await page.keyboard.press('Escape');
  await expect.poll(() => workspace.read('environments/local.yaml')).toMatch(/host: "?in \{\{room\}\}/);
  await expect.poll(() => workspace.read('Plain.yaml')).toContain('certs/{{room}}');
});

test('what a session inherits is shown where it can be overruled', async ({ workspace, workbench, page }) => {
  workspace.write(
    'chat/wirescope.yaml',
    'wirescope: 1\ndefaults: { tls: { verify: false }, websocket: { headers: { X-Team: seed } } }\n',
  );
  await workspace.row('Lobby').click();
  await page.getByRole('textbox', { name: 'Target' }).fill('wss://127.0.0.1:1/');
  await expect(page.getByRole('img', { name: /switched off in chat\/wirescope\.yaml/ })).toBeVisible();
  await workbench.settings('Handshake', async (drawer) => {
    const inherited = drawer.getByRole('region', { name: 'Inherited' });
    await expect(inherited).toHaveText(/headers\.X-Team\s*seed\s*chat\/wirescope\.yaml/);
    await drawer.getByRole('textbox', { name: 'Headers of the request: name 1' }).fill('X-Team');
    await drawer.getByRole('textbox', { name: 'Headers of the request: value 1' }).fill('mine');
    await expect(inherited).toHaveCount(0);
  });
  await workbench.settings('TLS', async (drawer) => {
    await expect(drawer.getByRole('region', { name: 'Inherited' })).toHaveText(/verify\s*false/);
  });
});

test('a session has variables of its own, which win, and shows where all of them come from', async ({
  workspace,
  workbench,
  page,
}) => {
  await workspace.selectEnvironment('local');
  await workspace.row('Lobby').click();
  await workbench.settings('Variables', async (drawer) => {
    const all = drawer.getByRole('region', { name: 'All variables' });
    await expect(all).toHaveText(/host\s*127\.0\.0\.1:1\s*environment, environments\/local\.yaml/);
    await expect(all).toHaveText(/room\s*lobby\s*workspace, wirescope\.yaml/);
    await expect(all).toHaveText(/\$uuid/);
    await drawer.getByRole('textbox', { name: 'Name 1' }).fill('room');
    await drawer.getByRole('textbox', { name: 'Value 1' }).fill('kitchen');
    await drawer.getByRole('textbox', { name: 'Name 2' }).fill('token');
    await drawer.getByRole('checkbox', { name: 'Secret 2' }).check();
    await drawer.getByLabel('Value 2').fill('canary-of-the-session');
    await page.keyboard.press('Enter');
    await expect(all).toHaveText(/room\s*kitchen\s*session, chat\/Lobby\.yaml/);
    await expect(all).toHaveText(/token\s*••••••••\s*session/);
  });
  await expect
    .poll(() => workspace.read('chat/Lobby.yaml'))
    .toMatch(/variables:\s+room: kitchen\s+token:\s+secret: true/);
  expect(workspace.read('chat/Lobby.yaml')).not.toContain('canary');
  await page.locator('.variable').nth(1).hover({ force: true });
  await expect(page.getByRole('tooltip')).toHaveText(/room = kitchen/);
});

test('files of the workspace are named from the session that uses them', async ({
  workspace,
  workbench,
  app,
  host,
}) => {
  test.skip(host !== 'electron', 'Elsewhere files are uploaded.');
  workspace.write('certs/ca.pem', '');
  await workspace.row('Lobby').click();
  await app.electron?.evaluate(
    ({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    },
    join(workspace.folder, 'certs', 'ca.pem'),
  );
  await workbench.settings('TLS', async (drawer) => {
    await drawer.getByRole('button', { name: 'Choose file: Authorities (CA)' }).click();
    await expect(drawer.getByRole('textbox', { name: 'Authorities (CA)' })).toHaveValue('../certs/ca.pem');
  });
});

test('environments are edited, and secrets stay out of every file', async ({ workspace, app, page }) => {
  const secret = 'canary-of-the-editor';
  await page.keyboard.press('Control+e');
  const editor = page.getByRole('dialog', { name: 'Environments' });
  await expect(editor.getByRole('textbox', { name: 'Name 1' })).toHaveValue('host');

  await test.step('a variable', async () => {
    await editor.getByRole('textbox', { name: 'Name 2' }).fill('user');
    await editor.getByRole('textbox', { name: 'Value 2' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(() => workspace.read('environments/local.yaml')).toMatch(/user: "?Ada/);
  });

  await test.step('one that becomes a secret', async () => {
    await editor.getByRole('textbox', { name: 'Name 3' }).fill('token');
    await editor.getByRole('checkbox', { name: 'Secret 3' }).check();
    await editor.getByLabel('Value 3').fill(secret);
    await page.keyboard.press('Enter');
    await expect.poll(() => workspace.read('environments/local.yaml')).toMatch(/token:\s*(\{ )?\s*secret: true/);
    await expect(editor.getByLabel('Value 3')).toHaveValue('');
    await expect(page.locator('body')).not.toContainText(secret);
  });

  await test.step('another environment, renamed and removed', async () => {
    await editor.getByRole('button', { name: 'New environment' }).click();
    await page.keyboard.type('prod');
    await page.keyboard.press('Enter');
    await expect.poll(() => workspace.has('environments/prod.yaml')).toBe(true);
    await editor.getByRole('button', { name: 'Rename environment' }).click();
    await page.keyboard.type('production');
    await page.keyboard.press('Enter');
    await expect.poll(() => workspace.has('environments/production.yaml')).toBe(true);
    await expect.poll(() => workspace.has('environments/prod.yaml')).toBe(false);
    await editor.getByRole('button', { name: 'Delete environment' }).click();
    await expect.poll(() => workspace.has('environments/production.yaml')).toBe(false);
  });

  await test.step('brought back in the editor, which shows what others write', async () => {
    await workspace
      .toast(/^Deleted/)
      .getByRole('button', { name: 'Undo' })
      .click();
    await expect(editor.getByRole('button', { name: 'production' })).toBeVisible();
    workspace.write('environments/production.yaml', 'room: theirs\n');
    await expect(editor.getByRole('textbox', { name: 'Value 1' })).toHaveValue('theirs');
  });

  await page.keyboard.press('Escape');
  for (const folder of [workspace.folder, app.dataFolder]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(secret)).toBe(false);
    }
  }
});

test('what is folded is folded in its own workspace, and folders that git keeps are shown', async ({
  workspace,
  page,
}) => {
  workspace.write('later/.gitkeep', '');
  await expect(workspace.row('later')).toBeVisible();
  await workspace.row('chat').click();
  await expect(workspace.row('chat')).toHaveAttribute('aria-expanded', 'false');
  await expect(workspace.row('Lobby')).toHaveCount(0);

  await page.getByRole('button', { name: /^Workspace:/ }).click();
  await page.getByRole('menuitem', { name: /samples/i }).click();
  await expect(page.getByRole('button', { name: 'Workspace: Samples' })).toBeVisible();
  await expect(workspace.row(/^chat$/)).toHaveAttribute('aria-expanded', 'true');
  await page.getByRole('button', { name: /^Workspace:/ }).click();
  await page.getByRole('menuitem', { name: /seed service/ }).click();
  await expect(workspace.row(/^chat$/)).toHaveAttribute('aria-expanded', 'false');
});

test('a menu opens at the row that has the keyboard, and a name that cannot be is said', async ({
  workspace,
  page,
}) => {
  await workspace.row('Acknowledge').focus();
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: /^Listen|^Connect/ })).toBeVisible();
  const [menu, row] = await Promise.all([
    page.getByRole('menu').boundingBox(),
    workspace.row('Acknowledge').boundingBox(),
  ]);
  expect(Math.abs(menu!.y - (row!.y + row!.height))).toBeLessThan(row!.height);
  await page.keyboard.press('Escape');
  await workspace.expectKeyboardAt('Acknowledge');

  await workspace.row('servers').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('.hidden');
  await page.keyboard.press('Enter');
  await expect(workspace.tree.getByRole('alert')).toHaveText(/hidden from the tree/);
  await page.keyboard.press('Escape');
  await workspace.expectKeyboardAt('servers');
});

test('thousands of sessions are a few rows of the window', async ({ workspace, workbench, page }) => {
  for (let group = 10; group < 50; group++) {
    for (let at = 0; at < 50; at++)
      workspace.write(`many/group ${group}/s${at}.yaml`, session(`Number ${group}-${at}`, `ws://127.0.0.1:1/${at}`));
  }
  await expect(workspace.row('group 10')).toBeVisible({ timeout: 30_000 });
  expect(await workspace.tree.getByRole('treeitem').count()).toBeLessThan(80);

  await workspace.row('chat').focus();
  await page.keyboard.press('End');
  await workspace.expectKeyboardAt(/Scratch/);
  await page.keyboard.press('m');
  await workspace.expectKeyboardAt('many');
  for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'PageUp', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('textbox', { name: 'Target' })).toHaveValue('ws://127.0.0.1:1/0');
  await page.keyboard.press('ArrowLeft');
  await workspace.expectKeyboardAt('group 10');

  await test.step('scrolled, and found by the palette', async () => {
    const box = (await workspace.tree.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 100);
    await page.mouse.wheel(0, -100_000);
    await expect(workspace.row(/^chat/)).toBeVisible();
    await workbench.command('Number 31-17');
    await expect(page.getByRole('tab', { name: /Number 31-17/ })).toHaveAttribute('aria-selected', 'true');
    await expect(workspace.row(/Number 31-17/)).toBeVisible();
  });
});
