// Capture files that other programs wrote: opened, filtered, refused with a reason.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pcapng, tcp } from '../capture/packets.ts';
import { frame } from '../capture/websocket.ts';
import { root } from './app.ts';
import { expect, test } from './fixtures.ts';

test('opens what dumpcap has captured, and filters it', async ({ workbench, page }) => {
  await workbench.drop(join(root, 'fixtures/captures/ethernet.pcap'));
  await expect(workbench.rows(/client to server request/).first()).toBeVisible();
  await expect(page.getByRole('main').getByRole('tab', { name: /ethernet/ })).toBeVisible();
  await expect(workbench.composer).toHaveCount(0);

  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.fill('websocket.opcode == 1');
  await expect(workbench.rows(/request/)).toHaveCount(0);
  const texts = workbench.rows(/ text /);
  await expect(texts.first()).toBeVisible();
  expect(await workbench.timeline.getByRole('row').count()).toBe(1 + (await texts.count()));
  await workbench.select(texts);
  await expect(workbench.field('Opcode 1 text')).toBeVisible();

  await test.step('a wrong filter says where, and the rows stay', async () => {
    await filter.fill('no.such.field == 1');
    await expect(page.getByRole('toolbar', { name: 'Timeline' }).getByRole('alert')).toContainText('no.such.field');
    await expect(texts.first()).toBeVisible();
  });

  await test.step('a filter that nothing meets offers the way back', async () => {
    await filter.fill('websocket.opcode == 9 && websocket.opcode == 1');
    await page.getByRole('button', { name: 'Clear filter' }).last().click();
    await expect(workbench.rows(/client to server request/).first()).toBeVisible();
    await expect(filter).toHaveValue('');
  });
});

test('opens what text2pcap makes', async ({ workbench, peers, app }) => {
  const capture = join(app.dataFolder, 'made.pcapng');
  const text2pcap = peers.start('text2pcap', '-q', '-u', '4000,5000', '-', capture);
  text2pcap.write('0000 63 61 66 c3 a9\n');
  text2pcap.endInput();
  await text2pcap.ended();
  await workbench.drop(capture);
  await workbench.select(workbench.rows(/ 5 café/));
  await expect(workbench.byte(3)).toHaveText('c3');
});

test('decrypts TLS with a key log, down to the calls of gRPC', async ({ workbench, page, app }) => {
  const captures = join(root, 'fixtures/captures');
  await workbench.drop(join(captures, 'tls-grpc.pcap'));
  await expect(workbench.rows(/TLS 1.3/)).toBeVisible();
  await expect(workbench.rows(/ call /)).toHaveCount(0);

  const choose = async (file: string) => {
    await app.electron?.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, file);
    const chooser = app.electron ? undefined : page.waitForEvent('filechooser');
    await workbench.command('Decrypt TLS with a key log');
    await (await chooser)?.setFiles(file);
  };
  await choose(join(captures, 'tls-grpc.keys'));
  await expect(workbench.rows(/SendMessage 0 OK .*↑1 ↓1/)).toHaveCount(2);
  await workbench.command('Unfold all calls');
  await expect(workbench.rows(/\{2: "Hello"\}/)).toBeVisible();

  await test.step('and reads without it again', async () => {
    await page.getByRole('button', { name: 'tls-grpc.keys' }).click();
    await page.getByRole('menuitem', { name: 'Read without it' }).click();
    await expect(workbench.rows(/TLS 1.3/)).toBeVisible();
    await expect(workbench.rows(/ call /)).toHaveCount(0);
  });

  await test.step('what is no key log decrypts nothing', async () => {
    await choose(join(captures, 'README.md'));
    await expect(page.getByRole('button', { name: 'README.md' })).toBeVisible();
    await expect(workbench.rows(/TLS 1.3/)).toBeVisible();
    await expect(workbench.rows(/ call /)).toHaveCount(0);
  });
});

test('takes a port for what one says it is, and reads the capture again', async ({ workbench, page, app }) => {
  const path = join(app.dataFolder, 'middle.pcapng');
  const server = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 9001, toPort: 50_000 };
  writeFileSync(path, pcapng([tcp({ ...server, seq: 1, payload: frame(1, 'in the middle') })]));
  await workbench.drop(path);
  await expect(workbench.rows(/server to client data/)).toBeVisible();

  await page.getByRole('button', { name: 'Decode as…' }).click();
  const drawer = page.getByRole('dialog', { name: /^Settings of/ });
  const readAgain = drawer.getByRole('button', { name: 'Read the capture again' });
  await drawer.getByRole('button', { name: 'Add rule' }).click();
  await expect(readAgain).toBeDisabled();
  await drawer.getByRole('textbox', { name: 'Port' }).fill('9001');
  await readAgain.click();
  await expect(workbench.rows(/server to client text 13 in the middle/)).toBeVisible();
  await expect(page.getByRole('button', { name: '1 port decoded' })).toBeVisible();
});

test('says what is wrong with a file that is no capture, and goes on', async ({ workbench, page, app }) => {
  const garbage = join(app.dataFolder, 'holiday.pcapng');
  writeFileSync(garbage, 'this is a diary, not a capture');
  await workbench.drop(garbage);
  await expect(page.getByRole('alert')).toContainText(/holiday\.pcapng|not a capture|pcap/i);
  await workbench.drop(join(root, 'fixtures/captures/linux-cooked-2.pcapng'));
  await expect(workbench.rows(/client to server request/).first()).toBeVisible();
});
