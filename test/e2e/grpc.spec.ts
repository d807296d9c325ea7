// gRPC as a person uses it: a server's methods found by reflection or in .proto files, called in their shapes, read as calls;
// and a mock that Python's gRPC calls.

import { expect, test } from './fixtures.ts';
import { chooseMethod, field, nameFiles, PROTOS, SEND, STREAM } from './grpc-steps.ts';

test('methods found by reflection are called: unary, with an error, streaming', async ({ workbench, peers, page }) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS, 'reflection').port();
  await workbench.newClient('gRPC', `grpc://127.0.0.1:${port}`);

  await test.step('unary, with metadata', async () => {
    await chooseMethod(workbench, 'send', SEND);
    await workbench.composer.getByRole('tab', { name: 'Metadata' }).click();
    await workbench.composer.getByRole('textbox', { name: /name 1$/ }).fill('x-user');
    await workbench.composer.getByRole('textbox', { name: /value 1$/ }).fill('maria');
    await workbench.composer.getByRole('tab', { name: 'Message' }).click();
    await field(workbench, 'user').fill('Maria');
    await field(workbench, 'text').fill('Hello');
    await expect(workbench.composer.getByTestId('composer-editor')).toContainText('"user": "Maria"');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/SendMessage 0 OK .*↑1 ↓1/)).toBeVisible();
    await expect(workbench.composer.getByRole('status', { name: 'Call' })).toContainText('0 OK');
  });

  await test.step('the call as a conversation', async () => {
    await workbench.select(workbench.rows(/SendMessage/));
    const talk = workbench.inspector.getByRole('list', { name: 'Conversation' });
    await expect(talk.getByRole('button', { name: /^Client:/ })).toContainText('user: "Maria"');
    await expect(talk.getByRole('button', { name: /^Server:/ })).toContainText('message: "Got: Hello"');
    await expect(workbench.inspector.getByText('maria', { exact: true })).toBeVisible();
    await expect(talk.getByText('cost')).toBeVisible();
    await talk.getByRole('button', { name: /^Server:/ }).click();
    await expect(workbench.timeline.getByRole('row', { selected: true })).toContainText('Got: Hello');
    await workbench.timeline.press('ArrowLeft');
    await expect(workbench.timeline.getByRole('row', { selected: true })).toHaveAttribute('aria-expanded', 'true');
    await workbench.timeline.press('ArrowLeft');
    await expect(workbench.rows(/Got: Hello/)).toHaveCount(0);
  });

  await test.step('an error says its code, name and text', async () => {
    await field(workbench, 'text').fill('fail');
    await page.keyboard.press('Control+Enter');
    const row = workbench.rows(/SendMessage 5 NOT_FOUND/);
    await expect(row).toBeVisible();
    await workbench.select(row);
    await expect(workbench.inspector.getByText('no such room: café')).toBeVisible();
  });

  await test.step('bidirectional: unfolded by itself while it goes on, ended by hand', async () => {
    await chooseMethod(workbench, 'stream', STREAM);
    const call = workbench.composer.getByRole('status', { name: 'Call' });
    await workbench.follow();
    await field(workbench, 'text').fill('one');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/Streamed: one/)).toBeVisible();
    await expect(call).toContainText('open');
    await field(workbench, 'text').fill('two');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/Streamed: two/)).toBeVisible();
    await workbench.composer.getByRole('button', { name: 'End streaming' }).click();
    await expect(workbench.rows(/StreamMessages 0 OK .*↑2 ↓2/)).toBeVisible();
    await expect(call).toContainText('0 OK');
  });

  await test.step('cancelled', async () => {
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/StreamMessages open/)).toBeVisible();
    await workbench.composer.getByRole('button', { name: 'Cancel the call' }).click();
    await expect(workbench.composer.getByRole('status', { name: 'Call' })).toContainText('1 CANCELLED');
  });

  await test.step('lines of JSON, one after the other, each after its wait', async () => {
    await workbench.command('Send a list or an NDJSON file');
    const dialog = page.getByRole('dialog', { name: 'Send a list' });
    const lines = dialog.getByRole('textbox', { name: 'Messages, one a line' });
    await lines.fill('{"text": "a"}\nwait 2x\n{"text": "b"}');
    await expect(dialog.getByRole('status')).toContainText('Line 2: Not JSON');
    await lines.fill('{"text": "a"}\nwait 20ms\n{"text": "b"}\n{"text": "c"}');
    await dialog.getByRole('textbox', { name: 'Pause between' }).fill('5');
    await dialog.getByRole('button', { name: 'Send 3 messages' }).click();
    await expect(dialog).toBeHidden();
    await expect(workbench.rows(/StreamMessages 0 OK .*↑3 ↓3/)).toBeVisible();
  });

  await test.step('saved messages as a list, with waits; stopped on the way', async () => {
    await field(workbench, 'text').fill('saved');
    await workbench.command('Save message');
    await page.keyboard.press('Enter');
    await workbench.command('Send a list or an NDJSON file');
    const dialog = page.getByRole('dialog', { name: 'Send a list' });
    await dialog.getByRole('radio', { name: 'Saved messages' }).click();
    await dialog.getByRole('button', { name: 'Add message' }).click();
    await dialog.getByRole('textbox', { name: 'Wait before message 2' }).fill('1m');
    await dialog.getByRole('button', { name: 'Send 2 messages' }).click();
    await expect(workbench.rows(/StreamMessages open .*↑1 ↓1/)).toBeVisible();
    await expect(workbench.composer.getByText('1/2')).toBeVisible();
    await workbench.composer.getByRole('button', { name: 'Stop sending' }).click();
    await expect(workbench.composer.getByText('1/2')).toBeHidden();
    await workbench.composer.getByRole('button', { name: 'Cancel the call' }).click();
    await expect(workbench.composer.getByRole('status', { name: 'Call' })).toContainText('1 CANCELLED');
  });

  await test.step('the list as steps of a script', async () => {
    await workbench.command('Send a list or an NDJSON file');
    const dialog = page.getByRole('dialog', { name: 'Send a list' });
    await dialog.getByRole('textbox', { name: 'Wait before message 2' }).fill('30ms');
    await dialog.getByRole('button', { name: 'Add to script' }).click();
    await expect(workbench.step(/^Step 2: Wait 30ms$/)).toBeVisible();
    await expect(workbench.step(/^Step 4: End streaming$/)).toBeVisible();
    await page.keyboard.press('F5');
    await expect(workbench.scriptResult).toHaveText(/^Passed, 4 steps/);
    await expect(workbench.rows(/StreamMessages 0 OK .*↑2 ↓2/).last()).toBeVisible();
    await workbench.composer.getByRole('tab', { name: 'Message' }).click();
  });

  await test.step('its capture opened, without types and with them', async () => {
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await expect(workbench.state).toHaveText(/Closed|Not connected|Disconnected/);
    await workbench.drop(await workbench.capturePath());
    await expect(workbench.composer).toHaveCount(0);
    await expect(workbench.rows(/SendMessage 0 OK/)).toBeVisible();
    await workbench.command('Unfold all calls');
    await expect(workbench.rows(/\{1: "Maria", 2: "Hello"\}/)).toBeVisible();
    await nameFiles(workbench, 'chat.proto');
    await expect(workbench.rows(/\{user: "Maria", text: "Hello"\}/)).toBeVisible();
    await workbench.command('Fold all calls');
    await expect(workbench.rows(/ message /)).toHaveCount(0);
  });
});

test('types of .proto files: completion, faults in their place, the form in step', async ({
  workbench,
  peers,
  page,
}) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS).port();
  await workbench.newClient('gRPC', `grpc://127.0.0.1:${port}`);
  await nameFiles(workbench, 'lab.proto');
  await chooseMethod(workbench, 'echo', 'lab.Lab/Echo');
  const editor = workbench.composer.getByTestId('composer-editor');

  await test.step('completion knows fields and enum values', async () => {
    await editor.click();
    await page.keyboard.type('{');
    await page.keyboard.press('Control+Space');
    await expect(page.getByRole('option', { name: 'doubleValue, Field' })).toBeVisible();
    await page.keyboard.type('optionalL');
    await page.keyboard.press('Enter');
    await expect(editor).toContainText('"optionalLevel": "LEVEL_UNSPECIFIED"');
    await page.keyboard.press('Escape');
  });

  await test.step('a value that does not fit is said and underlined', async () => {
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText('{"int32Value": "x", "int64Value": 12345678901234567}');
    await expect(workbench.composer.getByRole('status')).toContainText(/int32/);
    await expect(editor.locator('.squiggly-error')).toHaveCount(1);
  });

  await test.step('the form changes its place in the text and nothing else', async () => {
    await field(workbench, 'int32_value').fill('42');
    await expect(editor).toContainText('{"int32Value": 42, "int64Value": 12345678901234567}');
    await page.keyboard.press('Tab');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText('{"int32Value": 7}');
    await expect(field(workbench, 'int32_value')).toHaveValue('7');
    await workbench.composer.getByRole('radio', { name: 'chosen_number' }).check();
    await field(workbench, 'chosen_number').fill('9007199254740993');
    await expect(editor).toContainText('"chosenNumber": "9007199254740993"');
    await workbench.composer.getByRole('radio', { name: 'chosen_text' }).check();
    await expect(editor).not.toContainText('chosenNumber');
  });

  await test.step('times, maps, lists, and an Any whose type is searched', async () => {
    await workbench.composer.getByRole('button', { name: 'Now: created_at' }).click();
    await field(workbench, 'timeout').fill('1.5s');
    await workbench.composer.getByRole('button', { name: 'Add to labels' }).click();
    await field(workbench, 'labels: key 1').fill('colour');
    await page.keyboard.press('Tab');
    await field(workbench, 'labels["colour"]').fill('red');
    await workbench.composer.getByRole('button', { name: 'Add to tags' }).click();
    await field(workbench, 'tags[0]').fill('first');
    await workbench.composer.getByRole('button', { name: 'Set any' }).click();
    const type = workbench.composer.getByRole('combobox', { name: 'any: type' });
    await type.fill('Poi');
    await expect(workbench.composer.locator('datalist option[value="lab.Sample.Point"]')).toHaveCount(1);
    await type.fill('lab.Sample.Point');
    await page.keyboard.press('Enter');
    await field(workbench, 'any.x').fill('2.5');
    await page.keyboard.press('Control+Enter');
    const call = workbench.rows(/lab\.Lab\/ ?Echo 0 OK/);
    await expect(call).toBeVisible();
    await workbench.select(call);
    const answer = workbench.inspector
      .getByRole('list', { name: 'Conversation' })
      .getByRole('button', { name: /^Server:/ });
    for (const words of ['tags[0]: "first"', '"red"', '"colour"', 'x: 2.5']) await expect(answer).toContainText(words);
  });

  await test.step('an example goes there and back', async () => {
    await workbench.command('Generate example message');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/lab\.Lab\/ ?Echo 0 OK .*↑1 ↓1/)).toHaveCount(2);
  });
});

test('a mock answers with examples, by rules and by hand', async ({ workbench, peers }) => {
  const { page } = workbench;
  await workbench.newServer('gRPC');
  await nameFiles(workbench, 'chat.proto', 'greeter.proto');
  await workbench.settings('Methods', async (drawer) => {
    await workbench.choose(drawer.getByRole('combobox', { name: 'Method' }), 'Greeter/SayHello');
    await workbench.choose(drawer.getByRole('combobox', { name: 'Behaviour' }), /^By hand/);
    await workbench.choose(drawer.getByRole('combobox', { name: 'Method' }), STREAM);
    await workbench.choose(drawer.getByRole('combobox', { name: 'Behaviour' }), /^Scripted/);
    await drawer.getByRole('button', { name: 'Add rule' }).click();
    await workbench.choose(drawer.getByRole('combobox', { name: 'Rule 1: match' }), 'its JSON has');
    await drawer.getByRole('textbox', { name: 'Rule 1: what to match' }).fill('{"user": "ada"}');
    await drawer.getByRole('textbox', { name: 'Rule 1: message 1' }).fill('{"status": "ok", "message": "for ada"}');
    await drawer.getByRole('button', { name: 'Wait' }).click();
    await drawer.getByRole('textbox', { name: 'Rule 1: wait 2' }).fill('20ms');
    await drawer.getByRole('button', { name: 'Send another' }).click();
    await drawer.getByRole('textbox', { name: 'Rule 1: message 3' }).fill('{"message": "after a wait"}');
    await drawer.getByRole('switch', { name: 'Then end the call' }).click();
    await workbench.choose(drawer.getByRole('combobox', { name: 'Rule 1: status' }), /^RESOURCE_EXHAUSTED/);
    await drawer.getByRole('textbox', { name: 'Message', exact: true }).fill('enough');
  });
  const address = await workbench.startListening();
  const port = address.slice(address.lastIndexOf(':') + 1);
  const call = (method: string, ...lines: string[]) =>
    peers.python('grpc_peer.py', 'call', PROTOS, port, `/${method}`, ...lines);

  await test.step('an example of the type', async () => {
    expect(await call(SEND, '{"user": "bob"}').ended()).toMatch(/"status": .*\nstatus 0/);
  });

  await test.step('a rule that fits, with a status', async () => {
    const answer = await call(STREAM, '{"user": "bob"}', '{"user": "ada"}').ended();
    expect(answer).toMatch(/"message": "for ada"\}\n\{"message": "after a wait"\}\nstatus 8 enough/);
    await expect(workbench.rows(/StreamMessages 8 RESOURCE_EXHAUSTED/)).toBeVisible();
  });

  await test.step('a call that waits is answered by hand', async () => {
    const waiting = call('Greeter/SayHello', '{"name": "Eve"}');
    await workbench.composer.getByRole('tab', { name: /^Calls .*1 waiting/ }).click();
    await workbench.composer
      .getByRole('row', { name: /SayHello .*waits for you/ })
      .getByRole('button', { name: 'Answer' })
      .click();
    await field(workbench, 'message').fill('Hello by hand');
    await page.keyboard.press('Control+Enter');
    expect(await waiting.ended()).toContain('{"message": "Hello by hand"}\nstatus 0');
  });

  await test.step('or ended with a status', async () => {
    const waiting = call('Greeter/SayHello', '{"name": "Mallory"}');
    // By its number: on a busy machine the button still names the call before for a moment.
    await expect(workbench.composer.getByRole('button', { name: 'To call #4' })).toBeVisible();
    await workbench.composer.getByRole('button', { name: 'Finish…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Finish the call' });
    await workbench.choose(dialog.getByRole('combobox', { name: 'Status' }), /^PERMISSION_DENIED/);
    await dialog.getByRole('textbox', { name: 'Message', exact: true }).fill('not you');
    await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
    expect(await waiting.ended()).toContain('status 7 not you');
    await workbench.composer.getByRole('tab', { name: /^Calls/ }).click();
    await expect(workbench.composer.getByRole('row', { name: /SayHello .*7 PERMISSION_DENIED/ })).toBeVisible();
  });
});

test('a grpcurl command line becomes a session, and a session one', async ({ workbench, peers, page, app }) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS).port();
  await workbench.newClient('WebSocket', '');
  const target = page.getByRole('textbox', { name: 'Target' });
  const command = [
    `grpcurl -plaintext -import-path ${PROTOS} -proto chat.proto`,
    "-H 'x-user: maria'",
    `-d '{"user": "Maria", "text": "Hi"}' 127.0.0.1:${port} ${SEND}`,
  ].join(' \\\n  ');
  // As a clipboard gives it: typed into the field it would lose its line breaks.
  await target.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, command);
  await expect(target).toHaveValue(`grpc://127.0.0.1:${port}`);
  await expect(page.getByRole('region', { name: 'Method' })).toContainText(SEND);
  await expect(field(workbench, 'user')).toHaveValue('Maria');
  await workbench.composer.getByTestId('composer-editor').click();
  await page.keyboard.press('Control+Enter');
  await expect(workbench.rows(/SendMessage 0 OK/)).toBeVisible();

  if (!app.electron) await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await workbench.command('Copy as grpcurl');
  await expect(page.getByText('Copied the grpcurl command.')).toBeVisible();
  const copied = app.electron
    ? await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    : await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('grpcurl');
  expect(copied).toContain(SEND);
});

test('from the address to the status by keyboard alone', async ({ workbench, peers, page, app }) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS, 'reflection').port();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press(app.electron ? 'Control+n' : 'Alt+n');
  const entry = page.getByRole('menuitem', { name: 'gRPC', exact: true });
  await expect(entry).toBeVisible();
  await press('Home', 'ArrowDown');
  await expect(entry).toBeFocused();
  await press('Enter');
  await expect(page.getByRole('tab', { name: /gRPC client/ })).toBeVisible();
  await press('Control+l');
  await page.keyboard.type(`grpc://127.0.0.1:${port}`);
  await press('Enter');
  await expect(workbench.state).toHaveText(/Connected$/);
  await press('Control+Shift+o');
  await expect(page.getByRole('option', { name: /SayHello/ })).toBeVisible();
  await page.keyboard.type('hello');
  await press('Enter');
  await expect(page.getByRole('region', { name: 'Method' })).toContainText('SayHello');
  await expect(workbench.composer.getByRole('textbox', { name: 'Message to send' })).toBeAttached();
  await press('Control+Shift+e');
  await expect(workbench.composer.getByRole('textbox', { name: 'Message to send' })).toBeFocused();
  await page.keyboard.type('{"na');
  await expect(page.getByRole('option', { name: 'name, Field' })).toBeVisible();
  await press('Enter');
  await page.keyboard.type('Ada');
  await press('Escape', 'Control+Enter');
  await expect(workbench.rows(/SayHello 0 OK/)).toBeVisible();
  for (
    let step = 0;
    step < 10 && !(await workbench.timeline.evaluate((grid) => grid === document.activeElement));
    step += 1
  ) {
    await press('F6');
  }
  await press('End', 'ArrowRight');
  await expect(workbench.rows(/message: "Hello, Ada"/)).toBeVisible();
  await press('ArrowRight', 'ArrowLeft');
  await expect(workbench.timeline.getByRole('row', { selected: true })).toHaveAttribute('aria-expanded', 'true');
  await press('ArrowLeft');
  await expect(workbench.rows(/message: "Hello, Ada"/)).toHaveCount(0);
});

test('a call waits for a server that is not there yet', async ({ workbench, page }) => {
  // A free port: whoever had it has closed it again.
  const address = await workbench.listen('TCP');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await workbench.newClient('gRPC', `grpc://${address}`);
  await nameFiles(workbench, 'chat.proto');
  await chooseMethod(workbench, 'send', SEND);
  await workbench.settings('Calls', (drawer) => drawer.getByRole('switch', { name: 'Wait for ready' }).click());
  await field(workbench, 'text').fill('early');
  await page.keyboard.press('Control+Enter');
  await expect(workbench.state).toHaveText(/Waiting to reconnect, attempt \d+$/);
  await page.keyboard.press('Control+Enter');
  const call = workbench.composer.getByRole('status', { name: 'Call' });
  await expect(call).toContainText('open');

  await workbench.newServer('gRPC');
  await nameFiles(workbench, 'chat.proto');
  await page.getByRole('textbox', { name: 'Address' }).fill(address);
  await workbench.startListening();
  await page.getByRole('tab', { name: /gRPC client/ }).click();
  await expect(call).toContainText('0 OK', { timeout: 20_000 });
  await expect(workbench.rows(/SendMessage 0 OK/)).toHaveCount(2);
});
