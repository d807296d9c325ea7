// The bundled samples in the app, each against the programs that `wirescope run` is tested with: its script passes, and the
// timeline shows what was said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counterparts, prepareCounterparts, SAMPLE_PAIRS } from '../differential/sample-counterparts.ts';
import type { RunningApp } from './app.ts';
import { test as base, expect } from './fixtures.ts';
import type { Workbench } from './workbench.ts';

/** By path: a row that the timeline shows of what the other side says, or of what is said to it. */
const SHOWN: { [sample: string]: RegExp } = {
  'chat/client': /server to client .*Python.*Hello!/,
  'chat/server': /server to client .*Nice to see you/,
  'channels/client': /server to client .*Hello from User1/,
  'channels/server': /server to client .*message.*Gr/,
  'login/client': /server to client .*welcome.*token/,
  'login/server': /client to server .*order.*tea/,
  'tls/chat-client': /server to client .*Python.*Hello!/,
  'tls/chat-server': /server to client .*Nobody else hears us/,
  'chat-service/client': /ChatService.*StreamMessages 0 OK/,
  'chat-service/mock': /ChatService.*StreamMessages 0 OK/,
  'greeter/client': /Greeter.*SayHello 0 OK/,
  'greeter/mock': /Greeter.*SayHello 0 OK/,
  'tls/greeter-client': /Greeter.*SayHello 0 OK/,
  'tls/greeter-mock': /Greeter.*SayHello 0 OK/,
  'tcp-ack/client': /server to client .*ACK/,
  'tcp-ack/server': /client to server .*three/,
  'tls/tcp-ack-client': /server to client .*ACK/,
  'tls/tcp-ack-server': /client to server .*one/,
  'udp-ack/client': /server to client .*ACK/,
  'udp-ack/server': /client to server .*two/,
};

class Samples {
  readonly #app: RunningApp;
  readonly #workbench: Workbench;

  constructor(app: RunningApp, workbench: Workbench) {
    this.#app = app;
    this.#workbench = workbench;
  }

  /** Opens them with an environment that says which ports count. */
  async open(ports: { [variable: string]: number }): Promise<void> {
    const { page } = this.#app;
    await this.#workbench.command('Open the samples');
    await expect(page.getByRole('button', { name: 'Workspace: Samples' })).toBeVisible();
    const lines = Object.entries(ports).map(([variable, port]) => `${variable}: ${port}\n`);
    writeFileSync(join(this.#app.dataFolder, 'samples', 'environments', 'counterparts.yaml'), lines.join(''));
    await expect(async () => {
      await page.getByRole('button', { name: /^Environment:/ }).click();
      await page.getByRole('menuitemcheckbox', { name: 'counterparts' }).click({ timeout: 500 });
    }).toPass();
    await expect(page.getByRole('button', { name: 'Environment: counterparts' })).toBeVisible();
  }

  /** Opens one by its path and begins its script. */
  async run(sample: string): Promise<void> {
    const { page } = this.#app;
    const search = page.getByRole('textbox', { name: 'Filter sessions' });
    await search.fill(`${sample}.yaml`);
    await search.press('Enter');
    await search.fill('');
    await this.#workbench.composer.getByRole('tab', { name: /^Script \d/ }).click();
    await expect(this.#workbench.scriptResult).toBeEmpty();
    await page.keyboard.press('F5');
  }

  async expectPassed(sample: string, result: RegExp): Promise<void> {
    await expect(this.#workbench.scriptResult).toHaveText(result);
    for (const step of await this.#workbench.steps.all()) await expect(step).toHaveAccessibleName(/, passed$/);
    await expect(this.#workbench.rows(SHOWN[sample]!).first()).toBeVisible();
  }
}

const test = base.extend<{ samples: Samples; counterparts: Counterparts }, { counterpartFiles: string }>({
  samples: async ({ app, workbench }, use) => use(new Samples(app, workbench)),

  counterpartFiles: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'wirescope-e2e-counterparts-'));
      prepareCounterparts(folder);
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  counterparts: async ({ peers, counterpartFiles }, use) => use(new Counterparts(peers, counterpartFiles)),
});

test('clients pass against servers of others', async ({ samples, counterparts }) => {
  const ports = await Promise.all(
    SAMPLE_PAIRS.map(async ({ variable, serve }) => [variable, await serve(counterparts)] as const),
  );
  await samples.open(Object.fromEntries(ports));
  for (const { client, servedBy } of SAMPLE_PAIRS) {
    await test.step(`${client}: ${servedBy}`, async () => {
      await samples.run(client);
      await samples.expectPassed(client, /^Passed, \d+ steps/);
    });
  }
});

test('servers pass with clients of others', async ({ samples, counterparts, workbench, page }) => {
  await samples.open(Object.fromEntries(SAMPLE_PAIRS.map(({ variable }) => [variable, 0])));
  for (const { server, calledBy, call } of SAMPLE_PAIRS) {
    await test.step(`${server}: ${calledBy}`, async () => {
      await samples.run(server);
      await expect(workbench.scriptResult).toHaveText(/^Waiting for a connection/);
      const listening = /Listening \S+:(\d+)$/;
      await expect(workbench.state).toHaveText(listening);
      await call(counterparts, Number(listening.exec((await workbench.state.textContent()) ?? '')?.[1]));
      await samples.expectPassed(server, /, 1 passed/);
      await page.keyboard.press('Shift+F5');
      await expect(workbench.state).toHaveText(/Stopped$/);
    });
  }
});
