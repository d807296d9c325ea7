// Others write, break, remove and restore the file of a session that is being edited: what can be merged is, and what
// cannot is said over the session, with a way out that does what it says.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { test as base, expect, session } from './workspace-folder.ts';

const FILE = 'chat/Lobby.yaml';
const TEXT = session('Lobby', 'ws://{{host}}/{{room}}');

interface Edited {
  target: Locator;
  strip: Locator;
  button(name: string): Locator;
  tab: Locator;
}

/** The session of FILE in a tab. */
const test = base.extend<{ edited: Edited }>({
  edited: async ({ workspace, page }, use) => {
    await workspace.row('Lobby').click();
    const strip = page.getByRole('alert').filter({ hasText: 'Lobby.yaml' });
    await use({
      target: page.getByRole('textbox', { name: 'Target' }),
      strip,
      button: (name) => strip.getByRole('button', { name, exact: true }),
      tab: page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab', { name: /Lobby/ }),
    });
  },
});

test('edits of other places are merged, and nobody is asked', async ({ workspace, workbench, edited }) => {
  await edited.target.fill('ws://mine.test/');
  workspace.write(FILE, `${TEXT}connectTimeoutMs: 7000\n`);
  await expect.poll(() => workspace.read(FILE)).toContain('ws://mine.test/');
  expect(workspace.read(FILE)).toBe(`${session('Lobby', 'ws://mine.test/')}connectTimeoutMs: 7000\n`);
  await expect(edited.strip).toHaveCount(0);
  await expect(workspace.row('Lobby')).not.toContainText(/saved|disk/);

  await test.step('a whole list of messages comes into one that is being edited', async () => {
    const theirs = `${workspace.read(FILE)}messages:\n  - { name: hello, text: 'from git' } # theirs\n`;
    await edited.target.fill('ws://mine.test/again');
    workspace.write(FILE, theirs);
    await expect(workbench.composer.getByText('hello')).toBeVisible();
    await expect.poll(() => workspace.read(FILE)).toBe(theirs.replace('ws://mine.test/', 'ws://mine.test/again'));
    await expect(edited.strip).toHaveCount(0);
  });
});

for (const [order, target] of [
  ['Keep mine', 'ws://mine.test/'],
  ['Take theirs', 'ws://theirs.test/'],
] as const) {
  test(`where both changed the same place, nothing is written until somebody decides: ${order}`, async ({
    workspace,
    edited,
  }) => {
    const theirs = `${session('Lobby', 'ws://theirs.test/')}connectTimeoutMs: 7000\n`;
    await edited.target.fill('ws://mine.test/');
    workspace.write(FILE, theirs);
    await expect(edited.strip).toContainText('was changed on disk, and here too');
    await expect(edited.strip).toContainText('Both changed target');
    await expect(edited.target).toHaveValue('ws://mine.test/');
    await expect(workspace.row('Lobby')).toContainText('Changed here and on disk');
    expect(workspace.read(FILE)).toBe(theirs);

    await edited.button(order).click();
    await expect(edited.strip).toHaveCount(0);
    await expect(edited.target).toHaveValue(target);
    // Both changed one place alone: the other is theirs either way.
    await expect.poll(() => workspace.read(FILE)).toBe(theirs.replace('ws://theirs.test/', target));
  });
}

test('a contradiction ends when the edit or the file gives way', async ({ workspace, edited }) => {
  await edited.target.fill('ws://mine.test/');
  workspace.write(FILE, session('Lobby', 'ws://theirs.test/'));
  await expect(edited.strip).toBeVisible();
  await edited.target.fill('ws://theirs.test/');
  await expect(edited.strip).toHaveCount(0);

  await edited.target.fill('ws://mine.test/');
  workspace.write(FILE, session('Lobby', 'ws://others.test/'));
  await expect(edited.strip).toBeVisible();
  workspace.write(FILE, session('Lobby', 'ws://mine.test/'));
  await expect(edited.strip).toHaveCount(0);
  await expect(edited.target).toHaveValue('ws://mine.test/');
});

test('a removed file is saved again or its session closed, and comes back with a checkout', async ({
  workspace,
  edited,
}) => {
  await test.step('saved again, with what was typed meanwhile, comments and all', async () => {
    rmSync(join(workspace.folder, FILE));
    await expect(edited.strip).toContainText('was removed on disk. What it said is still here.');
    await edited.target.fill('ws://mine.test/');
    expect(workspace.has(FILE)).toBe(false);
    await edited.button('Save again').click();
    await expect(edited.strip).toHaveCount(0);
    expect(workspace.read(FILE)).toBe(session('Lobby', 'ws://mine.test/'));
  });

  await test.step('gone and back with its folder, as a checkout does it', async () => {
    const [folder, away] = [join(workspace.folder, 'chat'), `${workspace.folder}-away`];
    renameSync(folder, away);
    await expect(edited.strip).toContainText('was removed on disk');
    renameSync(away, folder);
    await expect(edited.strip).toHaveCount(0);
    await expect(edited.target).toHaveValue('ws://mine.test/');
    await expect(edited.tab).toBeVisible();
  });

  await test.step('back as it was on another branch, over an edit: a contradiction', async () => {
    rmSync(join(workspace.folder, FILE));
    await expect(edited.strip).toContainText('was removed on disk');
    await edited.target.fill('ws://edited.test/');
    mkdirSync(join(workspace.folder, 'chat'), { recursive: true });
    workspace.write(FILE, session('Lobby', 'ws://branch.test/'));
    await expect(edited.strip).toContainText('Both changed target');
    await edited.button('Take theirs').click();
    await expect(edited.target).toHaveValue('ws://branch.test/');
  });

  await test.step('closed', async () => {
    rmSync(join(workspace.folder, FILE));
    await edited.button('Close').click();
    await expect(edited.tab).toHaveCount(0);
    await expect(workspace.row('Lobby')).toHaveCount(0);
    expect(workspace.has(FILE)).toBe(false);
  });
});

test('a file that is no session any more is mended or written over, a newer one left alone', async ({
  workspace,
  edited,
}) => {
  const broken = TEXT.replace('name: Lobby', '<<<<<<< HEAD\nname: Lobby\n=======\nname: Theirs\n>>>>>>> main');
  await test.step('mended', async () => {
    workspace.write(FILE, broken);
    await expect(edited.strip).toContainText('cannot be read as a session any more');
    await expect(edited.strip).toContainText(/Lobby\.yaml, line \d/);
    await edited.target.fill('ws://mine.test/');
    expect(workspace.read(FILE)).toBe(broken);
    workspace.write(FILE, TEXT);
    await expect(edited.strip).toHaveCount(0);
    await expect.poll(() => workspace.read(FILE)).toBe(session('Lobby', 'ws://mine.test/'));
  });

  await test.step('written over', async () => {
    workspace.write(FILE, broken);
    await expect(edited.button('Overwrite it')).toBeVisible();
    await edited.button('Overwrite it').click();
    await expect(edited.strip).toHaveCount(0);
    expect(workspace.read(FILE)).toBe(session('Lobby', 'ws://mine.test/'));
  });

  await test.step('left alone', async () => {
    const newer = TEXT.replace('wirescope: 1', 'wirescope: 2');
    workspace.write(FILE, newer);
    await expect(edited.strip).toContainText('was saved by a newer Wirescope, and is left alone');
    await expect(edited.strip.getByRole('button')).toHaveCount(0);
    await edited.target.fill('ws://later.test/');
    await expect(workspace.row('Lobby')).toContainText('of a newer Wirescope');
    expect(workspace.read(FILE)).toBe(newer);
  });
});
