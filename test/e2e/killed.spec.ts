// The app is killed while somebody types without a pause, and started again: no more is lost than what was typed in the last
// second, wherever it was typed.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page } from '@playwright/test';
import { parse } from 'yaml';
import { type ClosableApp, openInChromium, openInElectron } from './app.ts';
import { test } from './fixtures.ts';
import { Workbench } from './workbench.ts';

const SESSION = 'wirescope: 1\nname: Lobby\nrole: client\nprotocol: tcp\ntarget: tcp://h:1\n';
/** One second is promised; a machine that is busy with other tests gets another. */
const LOST_MS = 2000;
/** Longer than any pause that something waits for before it saves, and than what may be lost. */
const TYPING_MS = 3200;
const WORDS = 'the quick brown fox jumps over the lazy dog and runs away ';

class Killable {
  readonly folder = mkdtempSync(join(tmpdir(), 'wirescope-e2e-killed-'));
  readonly #browser: Browser | undefined;
  #app: ClosableApp | undefined;

  constructor(browser: Browser | undefined) {
    this.#browser = browser;
    mkdirSync(join(this.folder, 'data'));
    mkdirSync(join(this.folder, 'work', 'environments'), { recursive: true });
    writeFileSync(join(this.folder, 'work', 'Lobby.yaml'), SESSION);
    writeFileSync(join(this.folder, 'work', 'environments', 'local.yaml'), 'host: h # mine\n');
    const workspace = { folder: join(this.folder, 'work'), name: 'work', environment: 'local', ids: {} };
    const memory = { open: workspace.folder, recent: [workspace] };
    writeFileSync(join(this.folder, 'data', 'workspaces.json'), JSON.stringify(memory));
  }

  /** With the session in a tab. */
  async start(): Promise<{ page: Page; workbench: Workbench }> {
    const data = join(this.folder, 'data');
    this.#app = await (this.#browser ? openInChromium(this.#browser, data) : openInElectron(data));
    const { page } = this.#app;
    await page.getByRole('tree', { name: 'Sessions' }).getByRole('treeitem', { name: /Lobby/ }).click();
    return { page, workbench: new Workbench(page) };
  }

  /** All its processes, at once and without a farewell. */
  async kill(): Promise<void> {
    const { electron, gateway } = this.#app!;
    const main = electron?.process() ?? gateway!;
    const pids = (await electron?.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))) ?? [];
    const gone = once(main, 'exit');
    for (const pid of [main.pid!, ...pids.filter((pid) => pid !== main.pid)]) process.kill(pid, 'SIGKILL');
    await gone;
    if (gateway) await this.#app!.close();
    this.#app = undefined;
  }

  /** What a file of the workspace says. */
  read(path: string) {
    return parse(readFileSync(join(this.folder, 'work', path), 'utf8'));
  }

  async dispose(): Promise<void> {
    await this.#app?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Types without a pause, then kills. Answers what must have outlived that, and all that was typed. */
async function typeUntilKilled(app: Killable, page: Page): Promise<{ least: string; all: string }> {
  const typed: { text: string; atMs: number }[] = [];
  const begun = performance.now();
  let text = '';
  for (let at = 0; performance.now() - begun < TYPING_MS || at < 20; at++) {
    const letter = WORDS[at % WORDS.length]!;
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    text += letter;
    typed.push({ text, atMs: performance.now() });
  }
  const killedMs = performance.now();
  await app.kill();
  const least = typed.filter(({ atMs }) => atMs < killedMs - LOST_MS).at(-1)?.text ?? '';
  expect(least.length).toBeGreaterThan(0);
  return { least, all: text };
}

/** All is a beginning of what was typed, and no less than what may not be lost. */
function expectKept(kept: string, { least, all }: { least: string; all: string }): void {
  expect(all.startsWith(kept), `“${kept}” begins “${all}”`).toBe(true);
  expect(kept.length, `of “${all}” there is “${kept}”`).toBeGreaterThanOrEqual(least.trimEnd().length);
}

test('a kill costs no more than the last second', async ({ sharedBrowser }) => {
  // It starts the app five times.
  test.setTimeout(150_000);
  const app = new Killable(sharedBrowser);
  try {
    await test.step('of an address', async () => {
      const { page } = await app.start();
      await page.getByRole('textbox', { name: 'Target' }).fill('tcp://');
      const typed = await typeUntilKilled(app, page);
      expectKept(app.read('Lobby.yaml').target.slice('tcp://'.length), typed);
    });

    await test.step('of a message that was not sent', async () => {
      const before = await app.start();
      await before.workbench.compose('Text', '');
      const typed = await typeUntilKilled(app, before.page);
      const { workbench } = await app.start();
      const editor = workbench.composer.getByTestId('composer-editor');
      await expect(editor).toContainText(typed.least.slice(0, 3).replaceAll(' ', '\u00a0'));
      const shown = ((await editor.locator('.view-line').first().textContent()) ?? '').replaceAll('\u00a0', ' ');
      expectKept(shown, typed);
      await app.kill();
    });

    await test.step('of a variable', async () => {
      const { page } = await app.start();
      await page.keyboard.press('Control+e');
      await page.getByRole('textbox', { name: 'Value 1' }).fill('');
      const typed = await typeUntilKilled(app, page);
      expectKept(app.read('environments/local.yaml').host, typed);
    });

    await test.step('of a script', async () => {
      const { page, workbench } = await app.start();
      await workbench.composer.getByRole('tab', { name: 'Script' }).click();
      await workbench.composer.getByRole('radio', { name: 'YAML' }).click();
      await workbench.composer.getByTestId('script-editor').click();
      await page.keyboard.insertText('- send: { text: hello }\n- wait: 20ms\n- send:\n    text: x');
      const typed = await typeUntilKilled(app, page);
      expectKept(app.read('Lobby.yaml').script[2].send.text.slice('x'.length), typed);
    });
  } finally {
    await app.dispose();
  }
});
