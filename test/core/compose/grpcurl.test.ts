import { describe, expect, test } from 'vitest';
import { formatGrpcurl, parseGrpcurl } from '../../../src-main/core/compose/grpcurl.ts';
import { quoteShell, splitShell } from '../../../src-main/core/compose/shell-words.ts';
import { type SessionConfig, sessionConfigSchema } from '../../../src-main/core/session-config.ts';

/** Deterministic, so that a failure can be had again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('words of a shell', () => {
  test.each([
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a\\ b 'it'\\''s' "x\\"y\\$z\\q"`, ['a b', "it's", 'x"y$z\\q']],
    [`$'tab\\there\\x41\\u00e9\\101\\'' $"t"`, ["tab\thereAéA'", 't']],
    ['a \\\n  b\\\nc', ['a', 'bc']],
    [`'' "" a''b`, ['', '', 'ab']],
    ['\'{"a": "b\nc"}\'', ['{"a": "b\nc"}']],
  ])('are split: %s', (text, words) => {
    expect(splitShell(text)).toEqual({ words, rest: '', expands: false });
  });

  test('end at an operator, and tell what a shell would put in', () => {
    expect(splitShell('a b | jq .')).toEqual({ words: ['a', 'b'], rest: '| jq .', expands: false });
    expect(splitShell('a "$TOKEN"').expands).toBe(true);
    expect(splitShell("a '$TOKEN'").expands).toBe(false);
    expect(splitShell('a `date`').expands).toBe(true);
  });

  test('need their quotes closed', () => {
    for (const text of ["a 'b", 'a "b', "a $'b"]) expect(() => splitShell(text)).toThrow('A quote is not closed');
  });

  test('that are quoted are split to what they were', () => {
    const next = random(1);
    const characters = ['a', "'", '"', '\\', '$', '`', ' ', '\n', '\t', '!', '~', '#', '{', 'é', '=', '|', '*', '-'];
    for (let i = 0; i < 500; i++) {
      const words = Array.from({ length: 1 + next(4) }, () =>
        Array.from({ length: next(8) }, () => characters[next(characters.length)]).join(''),
      );
      expect(splitShell(words.map(quoteShell).join(' ')).words).toEqual(words);
    }
  });
});

describe('a grpcurl command line', () => {
  test('becomes a config', () => {
    const { config, warnings } = parseGrpcurl(
      `grpcurl -plaintext -H 'x-user: User1' -H "X-Tag: a" -rpc-header 'x-tag: b' -import-path protos -proto chat.proto \\
         -max-time 2.5 -max-msg-sz=1000 -connect-timeout 3 -authority chat.test \\
         -d '{"user": "User1", "id": 12345678901234567890}' 127.0.0.1:50051 ChatService.SendMessage`,
    );
    expect(warnings).toEqual([]);
    expect(config).toEqual({
      wirescope: 1,
      name: 'ChatService/SendMessage',
      role: 'client',
      protocol: 'grpc',
      target: 'grpc://127.0.0.1:50051',
      connectTimeoutMs: 3000,
      grpc: {
        method: 'ChatService/SendMessage',
        authority: 'chat.test',
        deadlineMs: 2500,
        maxReceiveBytes: 1000,
        metadata: { 'x-user': 'User1', 'x-tag': ['a', 'b'] },
        schema: { files: ['chat.proto'], importPaths: ['protos'] },
      },
      messages: [{ name: 'Request', text: '{"user": "User1", "id": 12345678901234567890}' }],
    });
    expect(sessionConfigSchema.parse(config)).toEqual(config);
  });

  test('speaks TLS unless it says otherwise', () => {
    const line = 'grpcurl -cacert ca.pem -cert c.pem -key c.key -servername a.test -insecure example.test:443 a.B/C';
    expect(parseGrpcurl(line).config).toMatchObject({
      target: 'grpcs://example.test:443',
      tls: { ca: 'ca.pem', cert: 'c.pem', key: 'c.key', serverName: 'a.test', verify: false },
    });
    expect(parseGrpcurl('grpcurl --plaintext=false a:1 a.B/C').config.target).toBe('grpcs://a:1');
    expect(parseGrpcurl('grpcurl -plaintext -unix /tmp/x.sock a.B/C').config.target).toBe('unix:/tmp/x.sock');
    expect(parseGrpcurl('grpcurl -plaintext unix:///tmp/x.sock a.B/C').config.target).toBe('unix:///tmp/x.sock');
  });

  test('may have several messages', () => {
    const { config } = parseGrpcurl(`grpcurl -d '{"a":1}{"a":"}{"} {"a":3}' a:1 a.B/C`);
    expect(config.messages).toEqual([
      { name: 'Request 1', text: '{"a":1}' },
      { name: 'Request 2', text: '{"a":"}{"}' },
      { name: 'Request 3', text: '{"a":3}' },
    ]);
    expect(parseGrpcurl(`grpcurl -d '{"a": no}' a:1 a.B/C`).config.messages).toEqual([
      { name: 'Request', text: '{"a": no}' },
    ]);
  });

  test('is found behind a prompt, assignments or a pipe, and ends before the next command', () => {
    for (const line of ['$ grpcurl a:1 b.C/D', 'X=1 ./bin/grpcurl a:1 b.C/D', `echo '{}' | grpcurl a:1 b.C/D`]) {
      expect(parseGrpcurl(line).config).toMatchObject({ target: 'grpcs://a:1', grpc: { method: 'b.C/D' } });
    }
    const { config, warnings } = parseGrpcurl('grpcurl a:1 b.C/D | jq .');
    expect(config.grpc?.method).toBe('b.C/D');
    expect(warnings).toEqual(['What follows the command was left out: | jq .']);
  });

  test.each([
    ['grpcurl -emit-defaults a:1 b.C/D', '-emit-defaults'],
    ['grpcurl -reflect-header "a: b" a:1 b.C/D', '-reflect-header a: b'],
    ['grpcurl -frobnicate a:1 b.C/D', '-frobnicate is not known'],
    ['grpcurl -d @ a:1 b.C/D', 'standard input'],
    ['grpcurl -format text a:1 b.C/D', 'JSON'],
    ['grpcurl -max-time soon a:1 b.C/D', '-max-time soon'],
    ['grpcurl a:1 list', '“list” calls nothing'],
    ['grpcurl -H "authorization: Bearer $TOKEN" a:1 b.C/D', 'Variables'],
    ['grpcurl -proto a.proto list', 'no server'],
  ])('says what is left out: %s', (line, words) => {
    const { config, warnings } = parseGrpcurl(line);
    expect(warnings.join('\n')).toContain(words);
    expect(config.grpc?.method ?? 'b.C/D').toBe('b.C/D');
    sessionConfigSchema.parse(config);
  });

  test.each(['', 'curl http://a', 'grpcurl -H', "grpcurl -d '{ a:1 b.C/D"])('is refused if it is none: %s', (line) => {
    expect(() => parseGrpcurl(line)).toThrow();
  });

  test('is written so that it says the same again', () => {
    const next = random(7);
    const pick = <T>(...choices: T[]): T => choices[next(choices.length)]!;
    const word = (): string =>
      Array.from({ length: 1 + next(6) }, () => pick('a', "'", '"', '$', 'é', '\\', '=')).join('');
    for (let i = 0; i < 300; i++) {
      const method = pick('chat.ChatService/SendMessage', 'Greeter/SayHello');
      const data = pick(undefined, '{}', JSON.stringify({ text: word() }));
      const config: SessionConfig = {
        wirescope: 1,
        name: method,
        role: 'client',
        protocol: 'grpc',
        target: pick('grpc://127.0.0.1:50051', 'grpcs://[::1]:443', 'unix:/tmp/a b.sock', 'grpcs://example.test:1'),
        ...(next(2) && { tls: { ca: word(), verify: false } }),
        ...(next(2) && { connectTimeoutMs: 1 + next(100_000) }),
        grpc: {
          method,
          ...(next(2) && { metadata: { 'x-one': word(), 'x-two': [word(), word()], 'x-bin': 'AAEC' } }),
          ...(next(2) && { deadlineMs: 1 + next(100_000) }),
          ...(next(2) && { authority: 'a.test' }),
          ...(next(2) && { keepaliveSeconds: 1 + next(100) }),
          ...(next(2) && { maxReceiveBytes: next(1e9) }),
          ...(next(2) && { schema: { files: [`${word()}.proto`], importPaths: [word()], reflection: next(2) === 1 } }),
        },
        ...(data !== undefined && { messages: [{ name: 'Request', text: data }] }),
      };
      const { config: again, warnings } = parseGrpcurl(formatGrpcurl(config, data));
      expect(again).toEqual(config);
      expect(warnings.filter((text) => !text.startsWith('TLS over'))).toEqual([]);
    }
  });

  test('is safe to paste', () => {
    const config: SessionConfig = {
      ...{ wirescope: 1, name: 'x', role: 'client', protocol: 'grpc', target: '127.0.0.1:1' },
      grpc: { method: 'a.B/C', metadata: { x: '$(rm -rf /)' } },
    };
    expect(formatGrpcurl(config, `{"text": "it's"}`)).toBe(
      `grpcurl -plaintext -H 'x: $(rm -rf /)' -d '{"text": "it'\\''s"}' 127.0.0.1:1 a.B/C`,
    );
  });
});
