// A folder of session files, opened as the workspace of the app as a person opens one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { RunningApp } from './app.ts';
import { test as base, expect } from './fixtures.ts';

export const session = (name: string, target: string) =>
  `# Kept by hand\nwirescope: 1\nname: ${name}\nrole: client\nprotocol: websocket\ntarget: ${target}\n`;

const FILES = {
  'wirescope.yaml': 'wirescope: 1\nname: seed service\nvariables: { room: lobby }\n',
  'chat/Lobby.yaml': session('Lobby', 'ws://{{host}}/{{room}}'),
  'chat/Support.yaml': session('Support', 'ws://{{host}}/support'),
  'Plain.yaml': session('Plain', 'ws://127.0.0.1:1/plain'),
  'broken.yaml': 'wirescope: 1\nname: Broken\nrole: client\nprotocol: websocket\ntargett: ws://h\n',
  'servers/Ack.yaml': session('Acknowledge', 'ws://127.0.0.1:1/ack'),
  'environments/local.yaml': 'host: 127.0.0.1:1\n',
};

class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'wirescope-e2e-workspace-'));
  readonly tree: Locator;
  readonly page: Page;
  readonly app: RunningApp;

  constructor(app: RunningApp) {
    this.app = app;
    this.page = app.page;
    this.tree = app.page.getByRole('tree', { name: 'Sessions' });
    for (const [path, text] of Object.entries(FILES)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Through the system's dialog on the desktop, by its path in a browser. */
  async open(): Promise<void> {
    const { electron } = this.app;
    await electron?.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
    }, this.folder);
    await this.page.getByRole('button', { name: /^Workspace:/ }).click();
    await this.page.getByRole('menuitem', { name: 'Open folder…' }).click();
    if (!electron) {
      await this.page.getByRole('textbox', { name: 'Folder' }).fill(this.folder);
      await this.page.keyboard.press('Enter');
    }
    await expect(this.page.getByRole('button', { name: 'Workspace: seed service' })).toBeVisible();
    await expect(this.row('Lobby')).toBeVisible();
  }

  row(name: string | RegExp): Locator {
    return this.tree.getByRole('treeitem', { name });
  }

  toast(words: RegExp): Locator {
    return this.page.getByRole('list', { name: 'Notifications' }).getByRole('status').filter({ hasText: words });
  }

  /** The row has the keyboard. */
  async expectKeyboardAt(name: string | RegExp): Promise<void> {
    await expect(this.tree).toBeFocused();
    await expect(async () => {
      const id = await this.row(name).getAttribute('id', { timeout: 1000 });
      await expect(this.tree).toHaveAttribute('aria-activedescendant', id ?? '', { timeout: 1000 });
    }).toPass();
  }

  async selectEnvironment(name: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Environment:/ }).click();
    await this.page.getByRole('menuitemcheckbox', { name }).click();
    await expect(this.page.getByRole('button', { name: `Environment: ${name}` })).toBeVisible();
  }
}

export const test = base.extend<{ workspace: Workspace }>({
  workspace: async ({ app }, use) => {
    const workspace = new Workspace(app);
    await workspace.open();
    await use(workspace);
    rmSync(workspace.folder, { recursive: true, force: true });
  },
});

export { expect };
