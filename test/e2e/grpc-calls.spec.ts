// gRPC calls as they are out there, against Python's gRPC: encrypted, compressed, large, late, cancelled, refused with
// details; and .proto files with faults.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { addFile, chooseMethod, field, nameFiles, PROTOS, SEND } from './grpc-steps.ts';

/** A CA and, signed by it, certificates for `localhost` and for a client. Answers the path of a file by its name. */
function makeCertificates(folder: string): (name: string) => string {
  const path = (name: string) => join(folder, name);
  const openssl = (args: string) => {
    const { status, stderr } = spawnSync('openssl', args.split(' '));
    expect(status, `openssl ${args}: ${stderr}`).toBe(0);
  };
  const key = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  openssl(`${key} -x509 -days 2 -subj /CN=Authority -keyout ${path('ca.key')} -out ${path('ca.pem')}`);
  for (const name of ['localhost', 'client']) {
    openssl(`${key} -subj /CN=${name} -keyout ${path(`${name}.key`)} -out ${path(`${name}.csr`)}`);
    writeFileSync(path(`${name}.ext`), `subjectAltName=DNS:${name}\n`);
    const signed = `-CA ${path('ca.pem')} -CAkey ${path('ca.key')} -extfile ${path(`${name}.ext`)} -out ${path(`${name}.pem`)}`;
    openssl(`x509 -req -days 2 -in ${path(`${name}.csr`)} ${signed}`);
  }
  return path;
}

test('over TLS by a named authority, and with a certificate of our own', async ({ workbench, peers, page, app }) => {
  const file = makeCertificates(app.dataFolder);
  const own = [file('localhost.pem'), file('localhost.key')];
  const server = peers.python('grpc_peer.py', 'server', PROTOS, 'reflection', 'tls', ...own);
  const strict = peers.python('grpc_peer.py', 'server', PROTOS, 'reflection', 'tls', ...own, file('ca.pem'));
  const connect = page.getByRole('button', { name: 'Connect', exact: true }).first();
  const problem = page.getByRole('main').getByRole('alert');

  await test.step('a certificate that nobody vouches for is refused by name', async () => {
    await workbench.newClient('gRPC', `grpcs://localhost:${await server.port()}`);
    await connect.click();
    await expect(problem).toContainText(/The certificate of localhost:\d+ was not accepted/);
  });

  await test.step('named authority: methods by reflection, a call', async () => {
    await workbench.settings('TLS', (drawer) =>
      drawer.getByRole('textbox', { name: 'Authorities (CA)' }).fill(file('ca.pem')),
    );
    await chooseMethod(workbench, 'send', SEND);
    await field(workbench, 'text').fill('sealed');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/SendMessage 0 OK/)).toBeVisible();
    await expect(page.getByRole('img', { name: /^Certificate of CN=localhost verified/ })).toBeVisible();
  });

  await test.step('a server that wants a certificate, without and with one', async () => {
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('textbox', { name: 'Target' }).fill(`grpcs://localhost:${await strict.port()}`);
    await page.keyboard.press('Enter');
    await expect(problem).toContainText(/certificate/);
    await workbench.settings('TLS', async (drawer) => {
      await drawer.getByRole('textbox', { name: 'Certificate', exact: true }).fill(file('client.pem'));
      await drawer.getByRole('textbox', { name: 'Private key' }).fill(file('client.key'));
    });
    await connect.click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await field(workbench, 'text').fill('both known');
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/SendMessage 0 OK/)).toBeVisible();
  });
});

test('compressed, five megabytes, late, cancelled, refused with details', async ({ workbench, peers, page, app }) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS, 'reflection').port();
  await workbench.newClient('gRPC', `grpc://127.0.0.1:${port}`);
  await workbench.settings('Calls', async (drawer) => {
    await workbench.choose(drawer.getByRole('combobox', { name: 'Compression' }), 'gzip');
  });
  await chooseMethod(workbench, 'send', SEND);
  const say = async (text: string) => {
    await field(workbench, 'text').fill(text);
    await page.keyboard.press('Control+Enter');
  };
  const state = workbench.composer.getByRole('status', { name: 'Call' });
  const talk = workbench.inspector.getByRole('list', { name: 'Conversation' });

  const fold = async () => {
    await workbench.command('Fold all calls');
    await expect(workbench.rows(/ (message|answer|status) /)).toHaveCount(0);
  };
  /** From the last call, in which the client said `words`, to the message of one side. Unfolds it. */
  const goTo = async (side: 'Client' | 'Server', words: string) => {
    await workbench.select(workbench.rows(/SendMessage 0 OK/).last());
    await expect(talk.getByRole('button', { name: /^Client: / })).toContainText(words);
    await talk.getByRole('button', { name: new RegExp(`^${side}: `) }).click();
    await expect(workbench.inspector.getByText(/^[↑↓] message$/)).toBeVisible();
  };

  await test.step('binary metadata goes there and back; initial metadata is told from trailers', async () => {
    await workbench.composer.getByRole('tab', { name: 'Metadata' }).click();
    await workbench.composer.getByRole('textbox', { name: /name 1$/ }).fill('trace-bin');
    await workbench.composer.getByRole('textbox', { name: /value 1$/ }).fill('AAEC/w==');
    await workbench.composer.getByRole('tab', { name: 'Message' }).click();
    await say('traced');
    const call = workbench.rows(/SendMessage 0 OK/);
    await workbench.select(call);
    const initial = talk.getByLabel('Initial metadata', { exact: true });
    await expect(initial).toContainText('served-by');
    await expect(initial).toContainText('python');
    await expect(talk.getByLabel('Trailers')).toContainText('trace-bin');
    await expect(talk.getByLabel('Trailers')).toContainText('00 01 02 ff');
    await expect(workbench.rows(/ answer /)).toHaveCount(0);
    await talk.getByRole('button', { name: /^Server, initial metadata/ }).click();
    await expect(workbench.timeline.getByRole('row', { selected: true })).toContainText('served-by: python');
    await expect(workbench.inspector.getByText('↓ answer')).toBeVisible();
    const number = await workbench.inspector.getByTitle(/^Go to the record this one answers/).textContent();
    await workbench.inspector.getByRole('tab', { name: 'Fields' }).click();
    await expect(workbench.field(`Call in record ${number?.replace('#', '')}`)).toBeVisible();
    await fold();
  });

  await test.step('gzip, both ways', async () => {
    await say('again '.repeat(200));
    await expect(workbench.rows(/SendMessage 0 OK .*↑1 ↓1/)).toHaveCount(2);
    for (const side of ['Client', 'Server'] as const) {
      await goTo(side, 'again again');
      await workbench.inspector.getByRole('tab', { name: 'Fields' }).click();
      await expect(workbench.field('Compressed 1')).toBeVisible();
      await fold();
    }
  });

  await test.step('five megabytes, there and back', async () => {
    const large = join(app.dataFolder, 'large.bin');
    const text = Buffer.alloc(5_000_000, 'large ');
    writeFileSync(large, Buffer.concat([Buffer.from([0x12, 0xc0, 0x96, 0xb1, 0x02]), text]));
    await workbench.composer.getByRole('radio', { name: 'File', exact: true }).click();
    await workbench.composer.getByRole('textbox', { name: 'Path of the file to send' }).fill(large);
    await page.keyboard.press('Control+Enter');
    await expect(workbench.rows(/SendMessage 0 OK .*↑1 ↓1/)).toHaveCount(3);
    await expect(state).toContainText('0 OK');
    for (const side of ['Client', 'Server'] as const) {
      await goTo(side, 'large large');
      await workbench.inspector.getByRole('tab', { name: 'Fields' }).click();
      await expect(workbench.field(/^Inflated length 50000\d\d$/)).toBeVisible();
      await workbench.inspector.getByRole('tab', { name: 'Decoded' }).click();
      const decoded = workbench.inspector.getByRole('tree', { name: 'Decoded payload' });
      await expect(decoded.getByText(/^first 1\sMB of 5\sMB$/)).toBeVisible();
      await fold();
    }
    await workbench.composer.getByRole('radio', { name: 'Both', exact: true }).click();
  });

  await test.step('refused, with details by their types', async () => {
    await say('reject');
    await expect(state).toContainText('9 FAILED_PRECONDITION');
    await workbench.select(workbench.rows(/SendMessage 9 FAILED_PRECONDITION/));
    const details = talk.getByLabel('Status details');
    for (const words of ['google.rpc.ErrorInfo', 'reason: "QUIET_HOURS"', 'chat.Message', 'user: "ada"']) {
      await expect(details).toContainText(words);
    }
    await expect(talk).toContainText('not in this room');
    await expect(talk).not.toContainText('grpc-status-details-bin');
  });

  await test.step('cancelled', async () => {
    await say('slow');
    await expect(workbench.rows(/SendMessage open/)).toBeVisible();
    await workbench.composer.getByRole('button', { name: 'Cancel the call' }).click();
    await expect(state).toContainText('1 CANCELLED');
    await expect(workbench.rows(/SendMessage 1 CANCELLED/)).toBeVisible();
  });

  await test.step('a deadline that passes', async () => {
    await workbench.settings('Calls', (drawer) => drawer.getByRole('textbox', { name: 'Deadline' }).fill('200'));
    await say('slow');
    await expect(state).toContainText('4 DEADLINE_EXCEEDED');
    // Both sides know the deadline: either the server says so first, or the call is cancelled here.
    const late = /SendMessage 4 DEADLINE_EXCEEDED|The deadline of \S+\/SendMessage \(200 ms\) ran out here/;
    await expect(workbench.rows(late).first()).toBeVisible();
  });

  await test.step('a limit that is set bites, and names itself', async () => {
    await workbench.settings('Calls', async (drawer) => {
      await drawer.getByRole('textbox', { name: 'Deadline' }).fill('');
      await drawer.getByRole('textbox', { name: 'Largest message received' }).fill('10');
    });
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(workbench.state).toHaveText(/Connected$/);
    await say('more than ten bytes');
    await expect(state).toContainText('8 RESOURCE_EXHAUSTED');
    await expect(workbench.rows(/given up here: .*raise grpc.maxReceiveBytes/)).toBeVisible();
  });
});

test('the HTTP/2 frames of a call below its row, as it comes and from its capture', async ({
  workbench,
  peers,
  page,
}) => {
  const port = await peers.python('grpc_peer.py', 'server', PROTOS).port();
  await workbench.newClient('gRPC', `grpc://127.0.0.1:${port}`);
  await nameFiles(workbench, 'chat.proto');
  await chooseMethod(workbench, 'send', SEND);
  await workbench.showLevel('Frames');
  const say = async (text: string) => {
    await field(workbench, 'text').fill(text);
    await page.keyboard.press('Control+Enter');
  };
  const selected = workbench.timeline.getByRole('row', { selected: true });
  const parts = workbench.timeline.locator('[role="row"][aria-level="2"]');
  /** Kinds of frames whose order is the same every time. */
  const ordered = ['HEADERS', 'DATA', 'HEADERS', 'answer', 'DATA', 'HEADERS', 'status'];
  const kinds = () =>
    parts.evaluateAll(
      (rows, known) =>
        rows.flatMap((row) =>
          [...row.children].map((cell) => cell.textContent ?? '').filter((text) => known.includes(text)),
        ),
      ordered,
    );
  await say('one');
  const calls = workbench.rows(/ call .*SendMessage 0 OK .*↑1 ↓1/);

  await test.step('a call is one row among the frames of its connection', async () => {
    await expect(calls).toHaveCount(1);
    await expect(workbench.rows(/ SETTINGS /).first()).toHaveAttribute('aria-level', '1');
    await expect(parts).toHaveCount(0);
    await expect(workbench.rows(/ (HEADERS|DATA) /)).toHaveCount(0);
  });

  await test.step('unfolded by key it shows its frames, and those of the next call stay in its row', async () => {
    await workbench.select(calls);
    await workbench.timeline.press('ArrowRight');
    await expect(calls).toHaveAttribute('aria-expanded', 'true');
    await expect.poll(kinds).toEqual(ordered);
    await say('two');
    await expect(calls).toHaveCount(2);
    await expect(calls.last()).toHaveAttribute('aria-expanded', 'false');
    expect(await kinds()).toEqual(ordered);
  });

  await test.step('a frame leads to its call, and back by its number', async () => {
    const data = workbench.rows(/client to server DATA /);
    await workbench.select(data);
    await expect(workbench.inspector.getByText('↑ DATA')).toBeVisible();
    const frame = await selected.getByRole('gridcell').first().textContent();
    await workbench.inspector.getByRole('tab', { name: 'Fields' }).click();
    const link = workbench.inspector.getByTitle(/^Go to the record this one answers/);
    const number = (await link.textContent())?.replace('#', '');
    await expect(workbench.field(`Call in record ${number}`)).toBeVisible();
    await link.click();
    await expect(selected).toContainText('SendMessage');
    await workbench.timeline.press('ArrowLeft');
    await expect(parts).toHaveCount(0);
    await workbench.timeline.press('Control+f');
    await page.getByRole('textbox', { name: 'Find in rows' }).fill(`#${frame}`);
    await page.keyboard.press('Enter');
    await expect(selected).toHaveAttribute('aria-level', '2');
    await expect(selected).toContainText('DATA');
    await page.keyboard.press('Escape');
  });

  await test.step('filtered, calls stand for the frames in them', async () => {
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await filter.fill('http2.type == 0 && http2.flags == 1');
    await expect(workbench.rows(/ SETTINGS /)).toHaveCount(0);
    await expect(calls).toHaveCount(2);
    await expect.poll(kinds).toEqual(['DATA']);
    await filter.fill('');
  });

  await test.step('everything stays as it was on the wire', async () => {
    await workbench.showLevel('Everything');
    await expect(workbench.rows(/ HEADERS /).first()).not.toHaveAttribute('aria-level');
    await expect(parts).toHaveCount(0);
    await workbench.showLevel('Frames');
    await expect.poll(kinds).toEqual(ordered);
  });

  await test.step('the same from the capture', async () => {
    const path = await workbench.capturePath();
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await workbench.drop(path);
    await expect(page.getByRole('main').getByRole('tab', { name: basename(path) })).toBeVisible();
    await workbench.showLevel('Frames');
    await expect(calls).toHaveCount(2);
    await workbench.command('Unfold all calls');
    await expect.poll(kinds).toEqual([...ordered, ...ordered]);
  });
});

test('a fault of a .proto file is shown in its place, and is gone when it was saved', async ({
  workbench,
  page,
  app,
}) => {
  const path = join(app.dataFolder, 'faulty.proto');
  const proto = (type: string) =>
    `syntax = "proto3";\n\n// What is said.\nmessage Note {\n  ${type} text = 1;\n}\n\nservice Notes {\n  rpc Put(Note) returns (Note);\n}\n`;
  writeFileSync(path, proto('strin'));
  await workbench.newServer('gRPC');
  await workbench.settings('Schema', (drawer) => addFile(drawer, path));
  await page.keyboard.press('Control+Shift+o');
  const place = page.getByRole('button', { name: /faulty\.proto:5:3$/ });
  await place.focus();
  await page.keyboard.press('Enter');

  const source = page.getByRole('dialog', { name: /faulty\.proto$/ });
  const viewer = source.getByTestId('proto-viewer');
  await expect(viewer).toContainText('message Note');
  await expect(viewer.locator('.squiggly-error')).toHaveCount(1);
  await expect(source.getByRole('list', { name: 'Problems of the file' })).toContainText(/5:3.*there is no type strin/);
  await viewer.click();
  await page.keyboard.type('nothing is written');
  await expect(viewer).not.toContainText('nothing is written');

  writeFileSync(path, proto('string'));
  await expect(source).toContainText('Nothing is wrong with it any more.');
  await expect(viewer).toContainText('string text = 1;');
  await expect(viewer.locator('.squiggly-error')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(source).toBeHidden();
  await expect(place).toHaveCount(0);
});
