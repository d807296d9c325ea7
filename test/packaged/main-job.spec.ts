// The packaged app at its main job, against real peers.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root } from '../e2e/app.ts';
import { agreedFrames } from '../e2e/judge.ts';
import { Peers } from '../e2e/peers.ts';
import { Workbench } from '../e2e/workbench.ts';
import { type PackagedApp, startPackaged } from './packaged-app.ts';

let folder: string;
let app: PackagedApp;
const peers = new Peers();

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-packaged-'));
});
test.afterEach(async () => {
  await app.kill();
  await peers.stop();
  // The engine of a killed app writes on for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

test('an echo over WebSocket; killed, the app finds its capture whole', async () => {
  app = await startPackaged(folder);
  const workbench = new Workbench(app.page);
  await app.page.getByRole('button', { name: 'Try it' }).waitFor();
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/`);
  await workbench.send('Text', 'good morning');
  await expect(workbench.rows(/server to client text .*good morning/)).toBeVisible();
  const capture = await workbench.capturePath();
  // What was captured longer than 250 ms ago is on disk, by the word of the capture.
  await app.page.waitForTimeout(400);
  await app.kill();

  const frames = await agreedFrames(capture, port);
  expect(frames.filter((frame) => frame['websocket.payload.text'] === 'good morning')).toHaveLength(2);

  app = await startPackaged(folder, capture);
  const again = new Workbench(app.page);
  await expect(again.rows(/client to server text .*good morning/)).toBeVisible();
  await again.select(again.rows(/server to client text .*good morning/));
  await expect(again.field('Opcode 1 text')).toBeVisible();
  await app.page.getByRole('treeitem', { name: /(Closed|Not connected) WebSocket client/ }).click();
  await expect(app.page.getByRole('textbox', { name: 'Target' })).toHaveValue(`ws://127.0.0.1:${port}/`);
});

test('a workspace is saved as files of its folder, and comes back as it was', async () => {
  app = await startPackaged(folder);
  const target = () => app.page.getByRole('textbox', { name: 'Target' });
  const openClient = async () => {
    await expect(app.page.getByRole('button', { name: 'Workspace: Samples' })).toBeVisible();
    const search = app.page.getByRole('textbox', { name: 'Filter sessions' });
    await search.fill('tcp-ack/client.yaml');
    await search.press('Enter');
  };
  await app.page.getByRole('button', { name: 'Work in a folder: Samples' }).click();
  await openClient();
  await expect(target()).toHaveValue('tcp://{{host}}:{{tcpPort}}');
  await target().fill('tcp://127.0.0.1:4242');
  const sample = readFileSync(join(root, 'fixtures/samples/tcp-ack/client.yaml'), 'utf8');
  const edited = sample.replace('tcp://{{host}}:{{tcpPort}}', 'tcp://127.0.0.1:4242');
  await expect.poll(() => readFileSync(join(folder, 'samples/tcp-ack/client.yaml'), 'utf8')).toBe(edited);
  await app.kill();

  app = await startPackaged(folder);
  await openClient();
  await expect(target()).toHaveValue('tcp://127.0.0.1:4242');
});

test('TCP and UDP servers answer real clients', async () => {
  app = await startPackaged(folder);
  const workbench = new Workbench(app.page);
  await app.page.getByRole('button', { name: 'Try it' }).waitFor();
  const tcp = peers.start('socat', '-t', '60', '-', `TCP4:${await workbench.listen('TCP')}`);
  tcp.write('hello tcp');
  await tcp.says('hello tcp');
  await expect(workbench.rows(/server to client .*hello tcp/)).toBeVisible();
  const udp = peers.start('socat', '-t', '60', '-', `UDP4:${await workbench.listen('UDP')}`);
  udp.write('hello udp');
  await udp.says('hello udp');
  await expect(workbench.rows(/server to client .*hello udp/)).toBeVisible();
});

test('a .proto file that is opened calls a real gRPC server', async () => {
  const protos = join(root, 'protos');
  app = await startPackaged(folder, join(protos, 'chat.proto'));
  const { page } = app;
  const workbench = new Workbench(page);
  await expect(page.getByRole('main').getByRole('tab', { name: /chat\.proto/ })).toBeVisible();
  const port = await peers.python('grpc_peer.py', 'server', protos).port();
  await page.getByRole('textbox', { name: 'Target' }).fill(`grpc://127.0.0.1:${port}`);
  await page.keyboard.press('Control+Shift+o');
  const search = page.getByRole('combobox', { name: 'Search services and methods' });
  await search.fill('send');
  await expect(page.getByRole('option', { name: 'SendMessage' }).first()).toBeVisible();
  await search.press('Enter');
  await workbench.composer.getByRole('textbox', { name: 'text', exact: true }).fill('Hello');
  await page.keyboard.press('Control+Enter');
  await expect(workbench.rows(/SendMessage 0 OK .*↑1 ↓1/)).toBeVisible();
});
