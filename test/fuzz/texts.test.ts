// Texts that people write or are given: whatever is in them, each parser gives an answer or its own error, in which a person
// is told what is wrong, and takes no time to speak of.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ContentError } from '../../src-main/core/compose/content-error.ts';
import { parseGrpcurl } from '../../src-main/core/compose/grpcurl.ts';
import { splitShell } from '../../src-main/core/compose/shell-words.ts';
import { JsonPathError, parseJsonPath } from '../../src-main/core/json-path.ts';
import { sessionConfigSchema } from '../../src-main/core/session-config.ts';
import { parseListen, parseTarget } from '../../src-main/endpoints/address.ts';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { parseProxy } from '../../src-main/endpoints/proxy/outbound.ts';
import { parseCsvData, parseJsonData } from '../../src-main/workspace/data-file.ts';
import { parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { SessionFileError } from '../../src-main/workspace/session-file-error.ts';
import { parseSettings } from '../../src-main/workspace/settings-file.ts';
import { parseVariables } from '../../src-main/workspace/variable-file.ts';
import { FUZZ_RUNS, FUZZ_TIMEOUT_MS } from './laws.ts';

/** Runs a parser, and returns what it gave; undefined if it threw an error of this class, which says something. */
function parsed<T>(parse: () => T, errors: new (...of: never[]) => Error): T | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(errors);
    expect((error as Error).message).not.toBe('');
    return undefined;
  }
}

/** A text with some characters changed, repeated or taken out. */
function around(...samples: string[]): fc.Arbitrary<string> {
  const odd = fc.constantFrom(
    '',
    '\0',
    '"',
    "'",
    '\\',
    '\n',
    '\r',
    '\t',
    ' ',
    '{',
    '}',
    '[',
    ']',
    ':',
    '&a ',
    '*a',
    '<<',
    '%',
    '\u202e',
    '😀',
    '\ud800',
  );
  const change = fc.record({ at: fc.nat(), remove: fc.nat(12), insert: fc.oneof(odd, fc.string({ maxLength: 6 })) });
  const changed = fc.tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 5 })).map(([sample, changes]) => {
    let text = sample;
    for (const { at, remove, insert } of changes) {
      const place = at % (text.length + 1);
      text = text.slice(0, place) + insert + text.slice(place + remove);
    }
    return text;
  });
  return fc.oneof(
    { weight: 4, arbitrary: changed },
    fc.string({ maxLength: 60, size: 'max' }),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
}

const SESSION = `wirescope: 1
name: Chat # ours
role: client
protocol: websocket
target: ws://127.0.0.1:9001/chat
websocket: { headers: { X-Team: "{{team}}" }, subprotocols: [a, b] }
variables:
  team: red
messages:
  - name: hello
    text: |
      Hello
  - { name: json, json: { a: [1, 2.5, null, true], "b c": "\\u0041" } }
script:
  - send: hello
  - expect: { json: { "$.a[0]": 1 }, within: 2s }
`;
const SETTINGS = `wirescope: 1
environment: staging
defaults: { connectTimeoutMs: 100 }
variables: { a: 1, b: { secret: true } }
`;
const GRPCURL = [
  `grpcurl -plaintext -d '{"user":"a"}' -H 'X-Team: red' -proto chat.proto 127.0.0.1:50051 chat.ChatService/SendMessage`,
  `grpcurl -insecure -cacert ca.pem -max-time 2.5 -import-path "a b" -rpc-header=x:y localhost:1 list`,
  String.raw`grpcurl -d @ -H a:\"b\" $(x) \
  unix:///run/x.sock a.B.c`,
];

const runs = { numRuns: FUZZ_RUNS };

it('session files', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(around(SESSION), (text) => {
      const config = parsed(() => parseSessionFile(text, 'chat.yaml'), SessionFileError);
      if (config) expect(sessionConfigSchema.safeParse(config).success).toBe(true);
    }),
    runs,
  );
});

it('settings of folders, and environments', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(around(SETTINGS, 'a: 1\nb: { secret: true }\nc: "x"\n'), (text) => {
      parsed(() => parseSettings(text, 'wirescope.yaml'), SessionFileError);
      parsed(() => parseVariables(text, 'staging.yaml'), SessionFileError);
    }),
    runs,
  );
});

it('rows of data', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(
      around('user,text\na,"b ""c"""\r\nd,e\n', '[{"user":"a","n":1.5e3,"x":{"y":[null]}}, {"user":""}]'),
      (text) => {
        for (const parse of [parseCsvData, parseJsonData]) {
          for (const row of parsed(() => parse(text, 'data'), SessionFileError) ?? []) {
            expect(Object.values(row).every((value) => typeof value === 'string')).toBe(true);
          }
        }
      },
    ),
    runs,
  );
});

it('grpcurl command lines', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(around(...GRPCURL), (text) => {
      parsed(() => splitShell(text), ContentError);
      const found = parsed(() => parseGrpcurl(text), ContentError);
      if (found) structuredClone(found);
    }),
    runs,
  );
});

it('addresses, and paths into JSON', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const addresses = around(
    'wss://user@example.test:8443/chat?a=b#c',
    '[fe80::1%eth0]:7000',
    'unix:///run/x.sock',
    'http://u:p%20q@[::1]:8080',
    ':9001',
    'bücher.example:1',
  );
  fc.assert(
    fc.property(addresses, around('$.a[0]["b c"].d', '$'), (address, path) => {
      for (const protocol of ['websocket', 'tcp', 'udp', 'grpc'] as const) {
        const target = parsed(() => parseTarget(address, protocol), EndpointError);
        if (target) expect([target.port >= 0, target.port <= 65_535]).toEqual([true, true]);
      }
      parsed(() => parseListen(address), EndpointError);
      parsed(() => parseProxy(address), EndpointError);
      parsed(() => parseJsonPath(path), JsonPathError);
    }),
    runs,
  );
});

it.each<[string, string]>([
  ['lists in lists without end', '['.repeat(100_000)],
  ['lists in lists that end', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['mappings in mappings without end', '{a: '.repeat(50_000)],
  ['mappings by their indentation', Array.from({ length: 2000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  [
    'a billion laughs',
    [
      'a0: &a0 [x]',
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`),
    ].join('\n'),
  ],
  ['an alias of itself', 'wirescope: 1\nname: &a [*a]'],
  ['keys that objects have anyway', 'wirescope: 1\n__proto__: { polluted: true }\nconstructor: 1\n'],
  ['merges', 'wirescope: 1\n<<: { name: x }\n<<: [*a]\n'],
  ['tags', 'wirescope: !!binary aGk=\nname: !!js/function x\nrole: !<tag:yaml.org,2002:set> {a}\n'],
  ['a key of 100,000 characters', `${'k'.repeat(100_000)}: 1`],
  ['quotes, each of which is a fault', '"'.repeat(30_001)],
  ['30,000 keys', Array.from({ length: 30_000 }, (_, n) => `k${n}: ${n}`).join('\n')],
  ['10,000 documents', '---\na: 1\n'.repeat(10_000)],
])('YAML of %s', (_name, text) => {
  for (const parse of [parseSessionFile, parseSettings, parseVariables]) {
    parsed<unknown>(() => parse(text, 'hostile.yaml'), SessionFileError);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
