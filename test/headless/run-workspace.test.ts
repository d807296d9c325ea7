// `wirescope run` in a workspace: what is inherited, which variables count, rows of data.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRun } from '../../src-main/headless/command-line.ts';
import { run } from '../../src-main/headless/run.ts';
import { planRuns } from '../../src-main/headless/run-plan.ts';
import { webSocketServer } from '../endpoints/loopback.ts';
import { scratchFolder } from '../engine/fakes.ts';

let root: string;
let heard: { path: string; team: string | undefined; messages: string[] }[];
let port: number;

beforeEach(async () => {
  root = scratchFolder();
  heard = [];
  port = await webSocketServer((socket, request) => {
    const guest = {
      path: request.url ?? '',
      team: request.headers['x-team'] as string | undefined,
      messages: [] as string[],
    };
    heard.push(guest);
    socket.on('message', (data) => {
      guest.messages.push(String(data));
      socket.send(String(data));
    });
  });
  write('wirescope.yaml', `wirescope: 1\nvariables: { port: ${port}, who: workspace, path: w }\n`);
  write(
    'folder/wirescope.yaml',
    'wirescope: 1\nvariables: { path: f }\ndefaults: { websocket: { headers: { X-Team: "{{who}}" } } }\n',
  );
  write('environments/local.yaml', 'who: environment\n');
});

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function session(script: string, more = ''): string {
  return write(
    'folder/echo.yaml',
    `wirescope: 1
name: Echo
role: client
protocol: websocket
target: ws://127.0.0.1:{{port}}/{{path}}
${more}script:
${script}`,
  );
}

async function runs(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const output = {
    async write(text: string) {
      out += text;
      return true;
    },
  };
  const surroundings = { parts: realParts, output, log: () => {}, signal: new AbortController().signal };
  return { code: await run(parseRun(args), surroundings), out };
}

const SAY_WHO = '  - send: { text: "{{who}}" }\n  - expect: { text: "{{who}}" }\n';

describe('variables', () => {
  test('come from the workspace, its folders, the environment, the session and the command line', async () => {
    const file = session(SAY_WHO);
    await runs(file);
    await runs(file, '--env', 'local');
    session(SAY_WHO, 'variables: { who: session }\n');
    await runs(file, '--env', 'local');
    await runs(file, '--env', 'local', '--var', 'who=asked');
    expect(heard.map(({ messages }) => messages)).toEqual([['workspace'], ['environment'], ['session'], ['asked']]);
    expect(new Set(heard.map(({ path }) => path))).toEqual(new Set(['/f']));
    expect(heard.map(({ team }) => team)).toEqual(['workspace', 'environment', 'session', 'asked']);
  });

  test('of an environment beside the file count where the workspace has none of that name', async () => {
    write('folder/environments/other.yaml', 'who: beside\n');
    expect((await runs(session(SAY_WHO), '--env', 'other')).code).toBe(0);
    expect(heard[0]!.messages).toEqual(['beside']);
    await expect(runs(session(SAY_WHO), '--env', 'nowhere')).rejects.toThrow('"nowhere" cannot be used');
  });

  test('are made anew at each send, beginning with the first', async () => {
    const twice = '  - send: { text: "{{$counter}} {{$uuid}}" }\n'.repeat(2);
    expect((await runs(session(`${twice}  - expect: { count: 2 }\n`))).code).toBe(0);
    const [one, two] = heard[0]!.messages.map((message) => message.split(' '));
    expect([one![0], two![0]]).toEqual(['1', '2']);
    expect(one![1]).not.toBe(two![1]);
  });

  test('are captured from an answer', async () => {
    const { code, out } = await runs(
      session(`  - send: { json: { auth: { token: abc } } }
  - expect: { capture: { token: $.auth.token } }
  - send: { text: "token {{token}}" }
  - expect: { text: token abc }
`),
    );
    expect([code, out]).toEqual([0, expect.stringContaining('passed')]);
    expect(heard[0]!.messages[1]).toBe('token abc');
  });

  test.each([
    ['  - send: { text: first }\n  - send: { text: "{{nobody}}" }\n', 'Echo: The variable {{nobody}} has no value.'],
    ['  - expect: { capture: { a: auth } }\n', 'echo.yaml, line 7: script.0.expect.capture.a: a path begins with $'],
  ])('that cannot be are found before anything is sent %#', async (script, message) => {
    await expect(runs(session(script))).rejects.toThrow(message);
    expect(heard).toEqual([]);
  });
});

test('what a server captures from one client is nothing to another', async () => {
  const file = write(
    'greeter.yaml',
    `wirescope: 1
name: Greeter
role: server
protocol: websocket
listen: 127.0.0.1:0
script:
  - expect: { capture: { guest: $.name } }
  - expect: { text: both are here }
  - send: { text: "Hello, {{guest}}" }
  - expect: { status: closed }
`,
  );
  const clients: WebSocket[] = [];
  const answers: string[] = [];
  const log = (line: string) => {
    const address = /listening on (\S+)/.exec(line)?.[1];
    for (const name of ['Maria', 'John']) {
      const client = new WebSocket(`ws://${address}/`);
      clients.push(client);
      client.on('open', () => {
        client.send(JSON.stringify({ name }));
        if (clients.every(({ readyState }) => readyState === WebSocket.OPEN))
          for (const each of clients) each.send('both are here');
      });
      client.on('message', (data) => {
        answers.push(`${name}: ${data}`);
        client.close();
      });
    }
  };
  const surroundings = { parts: realParts, output: { write: async () => true }, signal: new AbortController().signal };
  expect(await run(parseRun([file, '--connections', '2']), { ...surroundings, log })).toBe(0);
  expect(answers.sort()).toEqual(['John: Hello, John', 'Maria: Hello, Maria']);
});

describe('data', () => {
  test('runs the session for each row, and reports name it', async () => {
    const data = write('people.csv', 'who,n\nMaria,1\n"Smith, John",2\n');
    const file = session('  - send: { text: "{{who}} {{n}}" }\n  - expect: { count: 1 }\n');
    const { code, out } = await runs(file, '--data', data, '--report', 'json', '--var', 'n=7');
    expect(code).toBe(0);
    expect(heard.map(({ messages }) => messages)).toEqual([['Maria 7'], ['Smith, John 7']]);
    expect(JSON.parse(out).sessions).toMatchObject([
      { session: 'Echo', iteration: { at: 1, of: 2 } },
      { session: 'Echo', iteration: { at: 2, of: 2 } },
    ]);
    expect((await runs(file, '--data', data)).out).toContain('Echo [2 of 2]');
    expect((await runs(file, '--data', data, '--report', 'junit')).out).toContain('<testsuite name="Echo [1 of 2]"');
  });

  test('may be named by the session itself, beside its file; the command line wins', async () => {
    write('folder/data/people.csv', 'who,n\nMaria,1\nJohn,2\n');
    const file = session(
      '  - send: { text: "{{who}} {{n}}" }\n  - expect: { count: 1 }\n',
      'data: "data/{{list}}.csv"\n',
    );
    expect((await runs(file, '--var', 'list=people', '--quiet')).code).toBe(0);
    expect(heard.map(({ messages }) => messages)).toEqual([['Maria 1'], ['John 2']]);
    expect((await runs(file, '--data', write('one.csv', 'who,n\nEve,3\n'), '--quiet')).code).toBe(0);
    expect(heard.at(-1)?.messages).toEqual(['Eve 3']);
    await expect(runs(file, '--var', 'list=nobody')).rejects.toThrow('nobody.csv');
  });

  test('that lacks what a row needs is refused before anything is sent', async () => {
    const file = session('  - send: { text: "{{item}}" }\n');
    const data = write('items.json', '[{"item": "tea"}, {"other": 1}]');
    await expect(runs(file, '--data', data)).rejects.toThrow(
      'items.json, row 2: Echo: The variable {{item}} has no value.',
    );
    await expect(runs(file, '--data', write('x.csv', 'item\n"'))).rejects.toThrow('x.csv: line 2');
    await expect(runs(file, '--data', data, '--var', 'item=x', '--capture', 'x.pcapng')).rejects.toThrow('one row');
    expect(heard).toEqual([]);
  });
});

test('schema files are found from the folder whose defaults name them', async () => {
  write(
    'wirescope.yaml',
    'wirescope: 1\ndefaults: { grpc: { schema: { files: ["{{name}}.proto", protos/x.proto] } } }\n',
  );
  write('protos/x.proto', 'syntax = "proto3";\nservice Greeter { rpc SayHello(M) returns (M); }\nmessage M {}\n');
  const file = write(
    'a/b/call.yaml',
    'wirescope: 1\nname: Call\nrole: client\nprotocol: grpc\ntarget: grpc://127.0.0.1:1\n',
  );
  write('a/b/there.proto', 'syntax = "proto3";\nmessage N {}\n');
  const plans = await planRuns({ files: [file], variables: new Map([['name', 'there']]) }, realParts);
  expect(plans[0]!.config.grpc?.schema?.files).toEqual(['{{name}}.proto', join('..', '..', 'protos', 'x.proto')]);
});
