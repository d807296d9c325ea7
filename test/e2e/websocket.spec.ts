// WebSocket against python3-websockets and the npm package ws, from both sides.
import { expect, test } from './fixtures.ts';
import { agreedFrames } from './judge.ts';

test('talks to python3-websockets and shows every frame', async ({ workbench, peers, page }) => {
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/chat`);
  await expect(workbench.rows(/client to server request .*GET \/chat/)).toBeVisible();
  await expect(workbench.rows(/server to client response .*101 Switching Protocols/)).toBeVisible();

  await test.step('text, JSON and binary, echoed', async () => {
    await workbench.send('Text', 'Grüße an alle');
    await expect(workbench.rows(/server to client text 15 Grüße an alle/)).toBeVisible();
    await workbench.send('JSON', '{ "type": "chat", "numbers": [1, 2.50, 9007199254740993] }');
    await expect(
      workbench.rows(/server to client text 51 {"type":"chat","numbers":\[1,2\.50,9007199254740993]}/),
    ).toBeVisible();
    await workbench.send('Hex', '00 ff 7f 80');
    await expect(workbench.rows(/server to client binary 4 00 ff 7f 80/)).toBeVisible();
  });

  await test.step('a key that JavaScript objects have of their own', async () => {
    await workbench.send('JSON', '{"__proto__": {"admin": true}, "constructor": 1}');
    const echoed = workbench.rows(/server to client text \d+ {"__proto__":{"admin":true},"constructor":1}/);
    await expect(echoed).toBeVisible();
    await workbench.select(echoed);
    await workbench.inspector.getByRole('tab', { name: 'Decoded' }).click();
    await expect(workbench.inspector).toContainText('__proto__');
    await workbench.send('JSON', '{"after": "it"}');
    await expect(workbench.rows(/server to client text \d+ {"after":"it"}/)).toBeVisible();
    await expect(workbench.state).toHaveText(/Connected$/);
    await workbench.inspector.getByRole('tab', { name: 'Fields' }).click();
  });

  await test.step('a ping of the server, and our pong', async () => {
    await workbench.send('Text', 'ping me');
    await expect(workbench.rows(/server to client text 9 pong came/)).toBeVisible();
    await workbench.showLevel('Frames');
    await expect(workbench.rows(/server to client ping 13 are you there/)).toBeVisible();
    await expect(workbench.rows(/client to server pong 13 are you there · [\d.,]+ ms/)).toBeVisible();
  });

  await test.step('our ping, and the pong of the server', async () => {
    await workbench.composer.getByRole('button', { name: 'Control' }).click();
    await page.getByRole('menuitem', { name: 'Send ping…' }).click();
    await page.getByRole('textbox', { name: 'Payload' }).fill('from here');
    await page.getByRole('button', { name: 'Send ping' }).click();
    await expect(workbench.rows(/server to client pong 9 from here · [\d.,]+ ms/)).toBeVisible();
  });

  await test.step('fragments, and the message they make', async () => {
    await workbench.send('Text', 'fragments please');
    await workbench.showLevel('Messages');
    await expect(workbench.rows(/server to client text 13 one two three/)).toBeVisible();
    await workbench.showLevel('Frames');
    await expect(workbench.rows(/server to client continuation 5 three/)).toBeVisible();
    await expect(workbench.rows(/one two three/)).toHaveCount(0);
  });

  await test.step('the fields of a frame, each with its bytes', async () => {
    await workbench.showLevel('Messages');
    await workbench.select(workbench.rows(/server to client text 15 Grüße an alle/));
    for (const field of ['FIN true', 'Opcode 1 text', 'Mask false', 'Payload length code 15']) {
      await expect(workbench.field(field)).toBeVisible();
    }
    await workbench.field('Text Grüße an alle').click();
    await expect(workbench.selectedBytes).toHaveText('47 72 c3 bc c3 9f 65 20 61 6e 20 61 6c 6c 65'.split(' '));
    await expect(workbench.inspector.getByText('0x2–10')).toBeVisible();
    await workbench.field('Opcode 1 text').click();
    await expect(workbench.selectedBytes).toHaveText(['81']);
  });

  await test.step('a byte clicked selects its field', async () => {
    await workbench.byte(4).click();
    await expect(workbench.field('Text Grüße an alle')).toHaveAttribute('aria-selected', 'true');
  });

  await test.step('JSON decoded, its numbers as they were written', async () => {
    await workbench.select(workbench.rows(/server to client text 51 /));
    await workbench.inspector.getByRole('tab', { name: 'Decoded' }).click();
    const decoded = workbench.inspector.getByRole('tree', { name: 'Decoded payload' });
    await expect(decoded.getByRole('treeitem', { name: 'type "chat" string' })).toBeVisible();
    await expect(decoded.getByRole('treeitem', { name: '[2] 9007199254740993 number' })).toBeVisible();
  });

  await test.step('the end, with code and reason', async () => {
    await workbench.send('Text', 'close please');
    await expect(workbench.state).toHaveText(/Closed$/);
    await workbench.showLevel('Everything');
    await workbench.follow();
    await expect(workbench.rows(/server to client close 13 4321: as you wish/)).toBeVisible();
    await expect(workbench.rows(/closed Warning Closed by the server: 4321 “as you wish”/)).toBeVisible();
  });

  await test.step('tshark and wirescope read the capture alike', async () => {
    const frames = await agreedFrames(await workbench.capturePath(), port);
    expect(frames.map((frame) => frame['websocket.opcode'])).toEqual(
      '1 1 1 1 2 2 1 1 1 1 1 9 10 1 9 10 1 1 0 0 0 1 8 8'.split(' '),
    );
  });
});

test('speaks permessage-deflate with the npm package ws', async ({ workbench, peers, page }) => {
  const port = await peers.node('ws-server.mjs').port();
  await workbench.connect('WebSocket', `ws://localhost:${port}/`);
  const text = 'round and '.repeat(100);
  await workbench.send('Text', text);
  const row = workbench.rows(/server to client text 1,000 round and round/);
  await workbench.select(row);
  await expect(workbench.field(/^Per-message compressed true/)).toBeVisible();
  await expect(workbench.inspector.getByRole('radio', { name: 'Inflated' })).toBeVisible();

  await test.step('closed from here with a code and a reason', async () => {
    await workbench.command('Close with code and reason…');
    await page.getByRole('textbox', { name: 'Code' }).fill('4000');
    await page.getByRole('textbox', { name: 'Reason' }).fill('seen enough');
    await page.getByRole('button', { name: 'Close connection' }).click();
    await expect(workbench.rows(/closed Closed from here: 4000 “seen enough”/)).toBeVisible();
  });

  await test.step('tshark and wirescope read the capture alike', async () => {
    const frames = await agreedFrames(await workbench.capturePath(), port);
    expect(frames.map((frame) => frame['websocket.payload.text'])).toEqual([text, text, '', '']);
    expect(frames.map((frame) => frame['websocket.payload.close.status_code'])).toEqual(['', '', '4000', '4000']);
  });
});

test('serves python3-websockets, one connection or all', async ({ workbench, peers, page }) => {
  const address = await workbench.listen('WebSocket');
  const first = peers.python('websocket_client.py', `ws://${address}/first`, 'hello from python');
  await first.says('received hello from python');
  const second = peers.python('websocket_client.py', `ws://${address}/second`);
  await workbench.composer.getByRole('tab', { name: 'Connections 2' }).click();
  const connections = workbench.composer.getByRole('table');
  await expect(connections.getByRole('row', { name: /\/first/ })).toBeVisible();
  await expect(connections.getByRole('row', { name: /\/second/ })).toBeVisible();

  await test.step('to all', async () => {
    await workbench.composer.getByRole('tab', { name: 'Compose' }).click();
    await workbench.send('Text', 'to everybody');
    await Promise.all([first.says('received to everybody'), second.says('received to everybody')]);
  });

  await test.step('to one', async () => {
    await workbench.composer.getByRole('button', { name: 'To all' }).click();
    await page.getByRole('checkbox', { name: /\/second/ }).check();
    await page.keyboard.press('Escape');
    await expect(workbench.composer.getByRole('button', { name: 'To #2' })).toBeVisible();
    await workbench.send('Text', 'only to the second');
    await second.says('received only to the second');
  });

  await test.step('to one of the list, which leads back to what is composed', async () => {
    await workbench.composer.getByRole('tab', { name: /^Connections/ }).click();
    await workbench.composer.getByRole('button', { name: 'Send only to #1' }).click();
    await workbench.send('Text', 'only to the first');
    await first.says('received only to the first');
  });

  await test.step('one is cut, the other stays', async () => {
    await workbench.composer.getByRole('tab', { name: /^Connections/ }).click();
    await workbench.composer.getByRole('button', { name: 'Cut #2' }).click();
    await second.says('closed 1006');
    await expect(workbench.composer.getByRole('tab', { name: 'Connections 1' })).toBeVisible();
    expect(first.output).not.toContain('only to the second');
  });

  await test.step('stopped, with a farewell', async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await first.says(/closed 100[01]/);
    await expect(workbench.state).toHaveText(/Stopped$/);
  });
});

test('sends a frame the protocol forbids, and says which rule it breaks', async ({ workbench, peers, page }) => {
  const port = await peers.python('websocket_server.py').port();
  await workbench.connect('WebSocket', `ws://127.0.0.1:${port}/`);
  await workbench.command('Build a raw frame…');
  const dialog = page.getByRole('dialog', { name: 'Raw frame' });
  await workbench.choose(dialog.getByRole('combobox', { name: 'Opcode' }), /^3\b/);
  await dialog.getByRole('textbox', { name: 'Payload' }).fill('odd');
  await dialog.getByRole('button', { name: 'Send frame' }).click();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await workbench.showLevel('Frames');
  await expect(workbench.rows(/server to client close .*1002/)).toBeVisible();
  const row = workbench.rows(/client to server .*Error/);
  await workbench.select(row);
  const notes = workbench.inspector.getByRole('list', { name: 'Notes' });
  await expect(notes.getByText('This opcode is reserved and has no meaning. RFC 6455 §5.2')).toBeVisible();
});
