// `npm run screenshots`: takes the pictures in docs/pictures anew. Builds the app, starts it in a browser, has it talk to
// real peers, and photographs its main screens, light and dark. Arguments: the scenes to take, all if there are none.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium, openInChromium, root } from '../test/e2e/app.ts';
import { Peers } from '../test/e2e/peers.ts';
import { Workbench } from '../test/e2e/workbench.ts';
import { chromiumExecutable } from './executables.mjs';
import { smallPng } from './small-png.mjs';

const pictures = join(root, 'docs', 'pictures');
const protos = join(root, 'protos');
const MAX_PICTURE_BYTES = 150_000;

/**
 * Bare Linux shows DejaVu where other systems have a narrower font of their own: Liberation Sans stands in for that.
 * Returns the environment that makes it so.
 */
function fonts(folder) {
  if (!existsSync('/etc/fonts/fonts.conf')) return {};
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
      <include>/etc/fonts/fonts.conf</include>
      ${['system-ui', 'sans', 'sans-serif']
        .map(
          (family) => `<match target="pattern"><test name="family"><string>${family}</string></test>
            <edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>`,
        )
        .join('\n')}
    </fontconfig>`,
  );
  return { FONTCONFIG_FILE: file };
}

/** One picture in each theme. The mouse is out of the way, and no caret blinks. */
async function picture(page, name) {
  await page.mouse.move(640, 798);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The status bar's rates are those of the last second: pictures show them at rest.
    await page.waitForTimeout(1200);
    const file = `${name}-${colorScheme}.png`;
    const png = smallPng(await page.screenshot({ caret: 'hide' }));
    writeFileSync(join(pictures, file), png);
    console.log(`${file} ${(png.length / 1000).toFixed(0)} kB`);
    if (png.length > MAX_PICTURE_BYTES) throw new Error(`${file} is larger than ${MAX_PICTURE_BYTES} bytes.`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** A port that nobody listens on. */
async function unusedPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function rename(page, name) {
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Name of the session' }).fill(name);
  await page.keyboard.press('Enter');
}

async function welcome({ page }) {
  await page.getByRole('button', { name: 'Try it' }).waitFor();
  await picture(page, 'welcome');
}

async function server({ page, workbench, peers }) {
  await workbench.newServer('WebSocket');
  await rename(page, 'Mock backend');
  const address = await workbench.startListening();
  for (const [path, ...messages] of [
    ['/rooms/lobby', '{"type":"join","room":"lobby"}', '{"type":"typing","from":"ada"}'],
    ['/rooms/lobby', '{"type":"join","room":"lobby"}'],
    ['/rooms/dev', '{"type":"join","room":"dev"}', '{"type":"message","text":"the build is green again"}'],
  ]) {
    const client = peers.python('websocket_client.py', `ws://${address}${path}`, ...messages);
    await client.says(messages.at(-1));
  }
  await workbench.send('JSON', '{ "type": "notice", "text": "maintenance at noon" }');
  await workbench
    .rows(/notice/)
    .nth(2)
    .waitFor();
  await workbench.composer.getByRole('tab', { name: /^Connections/ }).click();
  await workbench.select(workbench.rows(/green again/));
  await workbench.fields.waitFor();
  await picture(page, 'server');
}

async function telemetry({ page, workbench, peers }) {
  await workbench.newServer('UDP');
  await rename(page, 'Telemetry');
  const address = await workbench.startListening();
  const socat = peers.start('socat', '-t', '60', '-', `UDP4:${address}`);
  for (const line of ['temp=21.4', 'temp=21.5', 'door=open']) {
    socat.write(line);
    await socat.says(line);
  }
}

async function session({ page, workbench, peers }) {
  const port = await peers.python('feed_server.py').port();
  await workbench.newClient('WebSocket', `ws://127.0.0.1:${port}/rooms/lobby`);
  await rename(page, 'Lobby');
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await workbench.rows(/welcome/).waitFor();
  await workbench.send('JSON', '{ "type": "message", "text": "good morning, everybody" }');
  await workbench.compose('JSON', '{ "type": "join", "room": "lobby", "since": 1037 }');
  await page.keyboard.press('Alt+Shift+f');
  await page.keyboard.press('Control+s');
  await workbench.composer.getByRole('textbox', { name: 'Name of the message' }).fill('join');
  await page.keyboard.press('Enter');
  await workbench.composer.getByTestId('composer-editor').click();
  await page.keyboard.press('Control+Enter');
  await workbench.rows(/ hello$/).waitFor();
  await workbench.showLevel('Everything');
  await workbench.select(workbench.rows(/server to client text .*green again/));
  await workbench.field(/^Text /).click();
  await picture(page, 'session');

  await workbench.select(workbench.rows(/server to client binary/));
  await workbench.inspector.getByRole('tab', { name: 'Decoded' }).click();
  await workbench.inspector.getByRole('treeitem', { name: /price/ }).last().click();
  await picture(page, 'decoded');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('send');
  await picture(page, 'palette');
  await page.keyboard.press('Escape');
}

async function grpcMock({ page, workbench, peers }) {
  await workbench.newServer('gRPC');
  await rename(page, 'Chat mock');
  await workbench.settings('Schema', async (drawer) => {
    for (const file of ['chat.proto', 'greeter.proto']) {
      await drawer.getByRole('textbox', { name: 'Files' }).fill(join(protos, file));
      await drawer.getByRole('textbox', { name: 'Files' }).press('Enter');
    }
    await drawer.getByText('2 services known').waitFor();
  });
  await workbench.settings('Methods', async (drawer) => {
    await workbench.choose(drawer.getByRole('combobox', { name: 'Method' }), 'Greeter/SayHello');
    await workbench.choose(drawer.getByRole('combobox', { name: 'Behaviour' }), /^By hand/);
    await workbench.choose(drawer.getByRole('combobox', { name: 'Method' }), 'chat.ChatService/StreamMessages');
    await workbench.choose(drawer.getByRole('combobox', { name: 'Behaviour' }), /^Scripted/);
    await drawer.getByRole('button', { name: 'Add rule' }).click();
    await workbench.choose(drawer.getByRole('combobox', { name: 'Rule 1: match' }), 'its JSON contains');
    await drawer.getByRole('textbox', { name: 'Rule 1: what to match' }).fill('bye');
    await drawer.getByRole('textbox', { name: 'Rule 1: message 1' }).fill('{"status": "ok", "message": "see you"}');
    await drawer.getByRole('switch', { name: 'Then end the call' }).click();
    await picture(page, 'grpc-rules');
  });
  const address = await workbench.startListening();
  const port = address.slice(address.lastIndexOf(':') + 1);
  const call = (method, ...lines) => peers.python('grpc_peer.py', 'call', protos, port, method, ...lines);
  await call('/chat.ChatService/SendMessage', '{"user": "ada", "text": "good morning"}').ended();
  await call(
    '/chat.ChatService/StreamMessages',
    '{"user": "ada", "text": "hello"}',
    '{"user": "ada", "text": "bye"}',
  ).ended();
  call('/Greeter/SayHello', '{"name": "Grace"}');
  await workbench.composer.getByRole('tab', { name: /1 waiting/ }).waitFor();
  await workbench.rows(/StreamMessages/).dblclick();
  await workbench.composer.getByRole('tab', { name: /^Calls/ }).click();
  await picture(page, 'grpc-mock');
}

async function grpc({ page, workbench, peers }) {
  const port = await peers.python('grpc_peer.py', 'server', protos, 'reflection').port();
  await workbench.newClient('gRPC', `grpc://127.0.0.1:${port}`);
  await rename(page, 'Chat service');
  const choose = async (typed, path) => {
    await page.keyboard.press('Control+Shift+o');
    const search = page.getByRole('combobox', { name: 'Search services and methods' });
    await search.fill(typed);
    await page.getByRole('region', { name: path }).waitFor();
    return search;
  };
  const search = await choose('', 'Greeter/SayHello');
  await search.press('ArrowDown');
  await search.press('ArrowDown');
  await page.getByRole('region', { name: 'chat.ChatService/StreamMessages' }).waitFor();
  await picture(page, 'grpc-services');
  await search.press('Enter');

  const field = (name) => workbench.composer.getByRole('textbox', { name, exact: true });
  await field('user').fill('ada');
  for (const text of ['good morning', 'is anybody here?', 'then I go']) {
    await field('text').fill(text);
    await page.keyboard.press('Control+Enter');
    await workbench.rows(new RegExp(`Streamed: ${text.replace('?', '.')}`)).waitFor();
  }
  await workbench.composer.getByRole('button', { name: 'End streaming' }).click();
  await workbench.rows(/StreamMessages 0 OK/).waitFor();
  await (await choose('send', 'chat.ChatService/SendMessage')).press('Enter');
  await field('user').fill('ada');
  await field('text').fill('fail');
  await page.keyboard.press('Control+Enter');
  await workbench.rows(/5 NOT_FOUND/).waitFor();
  await workbench.select(workbench.rows(/StreamMessages/));
  await workbench.inspector
    .getByText('see you')
    .or(workbench.inspector.getByText('Streamed: good morning'))
    .first()
    .waitFor();
  await picture(page, 'grpc-call');

  await (await choose('echo', 'lab.Lab/Echo')).press('Enter');
  await workbench.command('Generate example message');
  await workbench.composer.getByRole('radio', { name: 'chosen_text' }).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Show or hide inspector' }).click();
  await picture(page, 'grpc-form');
  await page.getByRole('button', { name: 'Show or hide inspector' }).click();
}

async function failure({ page, workbench }) {
  await workbench.newClient('TCP', `tcp://127.0.0.1:${await unusedPort()}`);
  await rename(page, 'Device console');
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await page.getByRole('main').getByRole('alert').waitFor();
  await workbench.compose('Hex', '02 10 00 2a 03');
  await workbench.select(workbench.rows(/failed/));
  await picture(page, 'error');
}

/** The samples as a workspace, a client's script passed against its own server, the history open. */
async function workspace({ page, workbench }) {
  await workbench.command('Open the samples');
  const row = (name) => page.getByRole('treeitem').filter({ hasText: name }).first();
  await row('Chat server').dblclick();
  await page.getByRole('button', { name: 'Listen', exact: true }).first().click();
  await row('Chat client').dblclick();
  await workbench.composer.getByRole('tab', { name: /^Script/ }).click();
  await page.keyboard.press('F5');
  await workbench.scriptResult.filter({ hasText: /^Passed/ }).waitFor();
  await workbench.command('Show history');
  await picture(page, 'workspace');
}

const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const build = spawnSync(process.execPath, [bundler, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'wirescope-pictures-'));
const peers = new Peers();
const browser = await launchChromium(chromiumExecutable(), fonts(folder));
const app = await openInChromium(browser, join(folder, 'data'));
try {
  mkdirSync(pictures, { recursive: true });
  const scene = { page: app.page, workbench: new Workbench(app.page), peers };
  const scenes = { welcome, server, telemetry, grpcMock, session, grpc, failure, workspace };
  const wanted = process.argv.slice(2);
  for (const [name, take] of Object.entries(scenes))
    if (wanted.length === 0 || wanted.includes(name)) await take(scene);
} finally {
  await peers.stop();
  await app.close();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
