// What a person does in the window, by the names they read there. Knows roles and labels, and no classes but those
// of single bytes.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

type Protocol = 'WebSocket' | 'gRPC' | 'TCP' | 'UDP';
type Mode = 'Text' | 'JSON' | 'Hex' | 'Base64' | 'File';

export class Workbench {
  readonly page: Page;
  readonly timeline: Locator;
  readonly inspector: Locator;
  readonly fields: Locator;
  /** The bytes that are lit up in the hex view. */
  readonly selectedBytes: Locator;
  readonly composer: Locator;
  /** Steps of the script. */
  readonly steps: Locator;
  readonly scriptResult: Locator;
  /** In the history. */
  readonly runs: Locator;
  /** The step of the session, or how it is. */
  readonly state: Locator;

  constructor(page: Page) {
    this.page = page;
    this.timeline = page.getByRole('treegrid', { name: 'Records' });
    this.inspector = page.getByRole('region', { name: 'Inspector' });
    this.fields = this.inspector.getByRole('tree', { name: 'Fields' });
    this.selectedBytes = this.inspector.locator('.in-byte.in-selected');
    this.composer = page.getByRole('region', { name: 'Composer' });
    this.steps = this.composer
      .getByRole('list', { name: 'Steps' })
      .getByRole('button', { name: /^Step \d+: (?!more)/ });
    this.scriptResult = this.composer.getByRole('toolbar', { name: 'Script' }).getByRole('status');
    this.runs = page.getByRole('listbox', { name: 'Runs' }).getByRole('option');
    this.state = page.getByRole('region', { name: 'Address' }).getByRole('status');
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox', { name: 'Commands and sessions' }).fill(title);
    // “Fold all calls” is in “Unfold all calls” too.
    const begins = new RegExp(`^${title.replace(/\W/g, '\\$&')}`);
    await this.page.getByRole('option', { name: begins }).first().click();
  }

  /** A new client, connected. */
  async connect(protocol: Protocol, target: string): Promise<void> {
    await this.newClient(protocol, target);
    await this.page.getByRole('button', { name: 'Connect', exact: true }).first().click();
    await expect(this.state).toHaveText(/Connected$/);
  }

  async newClient(protocol: Protocol, target: string): Promise<void> {
    await this.#newSession(`New ${protocol} client`);
    await this.page.getByRole('textbox', { name: 'Target' }).fill(target);
  }

  /** A new server on a free port of this machine, listening. Answers its `host:port`. */
  async listen(protocol: Protocol): Promise<string> {
    await this.newServer(protocol);
    return this.startListening();
  }

  newServer(protocol: Protocol): Promise<void> {
    return this.#newSession(`New ${protocol} ${protocol === 'gRPC' ? 'mock server' : 'server'}`);
  }

  /** Runs the command and waits for its tab. */
  async #newSession(command: string): Promise<void> {
    const tabs = this.page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab');
    const before = await tabs.count();
    await this.command(command);
    await expect(tabs).toHaveCount(before + 1);
  }

  async startListening(): Promise<string> {
    await this.page.getByRole('button', { name: 'Listen', exact: true }).first().click();
    await expect(this.state).toHaveText(/Listening \S+:\d+$/);
    return /\S+:\d+$/.exec((await this.state.textContent()) ?? '')?.[0] ?? '';
  }

  /** Opens the settings at a section, has them changed, and closes them. */
  async settings(section: string, change: (drawer: Locator) => Promise<void>): Promise<void> {
    await this.page.keyboard.press('Control+,');
    const drawer = this.page.getByRole('dialog', { name: /^Settings of/ });
    await drawer.getByRole('button', { name: section, exact: true }).click();
    await change(drawer);
    await this.page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
  }

  /** Chooses from a list that opens under its name. */
  async choose(list: Locator, option: string | RegExp): Promise<void> {
    await list.click();
    await this.page.getByRole('option', { name: option }).click();
  }

  /** Writes a message in place of what stood there. */
  async compose(mode: Mode, text: string): Promise<void> {
    await this.composer.getByRole('radio', { name: mode, exact: true }).click();
    await this.composer.getByTestId('composer-editor').click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(text);
  }

  async send(mode: Mode, text: string): Promise<void> {
    await this.compose(mode, text);
    await this.page.keyboard.press('Control+Enter');
  }

  /** Rows that say this: number, time, direction, kind, size and summary in one line. */
  rows(words: string | RegExp): Locator {
    return this.timeline.getByRole('row', { name: words });
  }

  /** Selects a row of the timeline, by its beginning: a click on the arrow of a call would unfold it. */
  async select(row: Locator): Promise<void> {
    await row.first().click({ position: { x: 10, y: 10 } });
    await expect(row.first()).toHaveAttribute('aria-selected', 'true');
  }

  /** A step by what it says. */
  step(words: string | RegExp): Locator {
    return this.composer.getByRole('button', { name: words, exact: true });
  }

  /** Adds a step of a kind at the end of the script. */
  async addStep(kind: string): Promise<void> {
    await this.composer.getByRole('button', { name: 'Add step' }).click();
    await this.page.getByRole('menuitem', { name: kind, exact: true }).click();
  }

  /** Goes to the end of the timeline and stays there. */
  async follow(): Promise<void> {
    await this.page.getByRole('button', { name: 'Follow new records' }).click();
  }

  field(words: string | RegExp): Locator {
    return this.fields.getByRole('treeitem', { name: words });
  }

  byte(offset: number): Locator {
    return this.inspector.locator(`.in-byte[data-offset="${offset}"]`);
  }

  /** Where the capture of the shown session is kept. */
  async capturePath(): Promise<string> {
    const path = await this.page
      .getByRole('contentinfo')
      .getByRole('button', { name: /\.pcapng$/ })
      .getAttribute('title');
    return path ?? '';
  }

  /** Messages from server to client, as the status bar counts them. */
  async received(): Promise<number> {
    const text = (await this.page.getByRole('contentinfo').textContent()) ?? '';
    return Number(/Server to client\s*([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
  }

  async showLevel(level: 'Messages' | 'Frames' | 'Everything'): Promise<void> {
    await this.page.getByRole('radio', { name: level, exact: true }).click();
  }

  /** Drops a file on the window, as from a file manager. Made in the page it has no path: its bytes are uploaded, on the desktop too. */
  async drop(path: string): Promise<void> {
    const { page } = this;
    const [bytes, name] = [readFileSync(path).toString('base64'), basename(path)];
    const transfer = await page.evaluateHandle(
      ([content, fileName]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], fileName));
        return data;
      },
      [bytes, name] as const,
    );
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    await expect(page.getByText('Drop to open the capture')).toBeVisible();
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  }
}
