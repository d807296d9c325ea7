// What strangers say outside of what is dissected: proxies, key logs, our comments in somebody's file, whoever calls the
// bridge. Any bytes get an answer or a refusal, and nothing that is not theirs is lost.

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Channel } from '../../src-main/bridge/channel.ts';
import { methods } from '../../src-main/bridge/contract.ts';
import { serve } from '../../src-main/bridge/serve.ts';
import { decodeRemark } from '../../src-main/capture/packets/remark.ts';
import { KeyLog } from '../../src-main/capture/tls/key-log.ts';
import { Direction } from '../../src-main/core/record.ts';
import { parseTarget } from '../../src-main/endpoints/address.ts';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { parseProxy, tunnel } from '../../src-main/endpoints/proxy/outbound.ts';
import type { Engine } from '../../src-main/engine/engine.ts';
import { FUZZ_RUNS, FUZZ_TIMEOUT_MS, pieceLengths, piecesOf } from './laws.ts';

const runs = { numRuns: FUZZ_RUNS };

/** The near end of a connection to a proxy, which sends these pieces and then hangs up. */
class ToProxy extends Duplex {
  readonly #pieces: Uint8Array[];

  constructor(pieces: readonly Uint8Array[]) {
    super({ allowHalfOpen: true });
    this.#pieces = [...pieces];
  }

  override _read(): void {
    this.push(this.#pieces.shift() ?? null);
  }

  override _write(_bytes: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

/** What was left in the socket for whoever comes next; the refusal if there is no tunnel. */
async function throughProxy(
  proxy: string,
  bytes: Uint8Array,
  lengths: readonly number[],
): Promise<Buffer | EndpointError> {
  // An empty piece is nothing that a socket would bring.
  const socket = new ToProxy(piecesOf(lengths)(bytes).filter((piece) => piece.length > 0));
  socket.on('error', () => {});
  try {
    await tunnel(socket as unknown as Socket, parseProxy(proxy), parseTarget('tcp://example.test:7000', 'tcp'));
  } catch (error) {
    expect(error).toBeInstanceOf(EndpointError);
    return error as EndpointError;
  }
  const rest: Buffer[] = [];
  for await (const piece of socket) rest.push(piece as Buffer);
  return Buffer.concat(rest);
}

const HTTP = 'http://127.0.0.1:8080';
const SOCKS = 'socks5://user:password@127.0.0.1:1080';
const ascii = (text: string) => new TextEncoder().encode(text);
const httpAnswer = fc
  .tuple(
    fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 299 x'),
    fc.array(fc.constantFrom('Via: x', 'A: b'), { maxLength: 3 }),
  )
  .map(([status, lines]) => ascii([status, ...lines, '', ''].join('\r\n')));
const socksAnswer = fc
  .tuple(
    fc.boolean(),
    fc.constantFrom([1, 1, 2, 3, 4], [4, ...new Array<number>(16).fill(7)], [3, 3, 65, 66, 67], [3, 0]),
  )
  .map(([signsIn, bound]) => Uint8Array.of(5, signsIn ? 2 : 0, ...(signsIn ? [1, 0] : []), 5, 0, 0, ...bound, 0, 80));
const rest = fc.uint8Array({ maxLength: 60 });

it.each([
  ['HTTP', HTTP, httpAnswer],
  ['SOCKS5', SOCKS, socksAnswer],
])(
  'a tunnel of %s loses nothing of what comes behind the answer, however it is cut',
  { timeout: FUZZ_TIMEOUT_MS },
  async (_kind, proxy, answer) => {
    await fc.assert(
      fc.asyncProperty(answer, rest, pieceLengths, async (head, tail, lengths) => {
        const left = await throughProxy(proxy, Buffer.concat([head, tail]), lengths);
        expect(left).toEqual(Buffer.from(tail));
      }),
      runs,
    );
  },
);

it.each([HTTP, SOCKS])(
  'any answer of the proxy %s is a tunnel or a refusal in words',
  { timeout: FUZZ_TIMEOUT_MS },
  async (proxy) => {
    const near = fc.tuple(fc.oneof(httpAnswer, socksAnswer), fc.nat(), fc.nat(255)).map(([bytes, at, to]) => {
      const changed = bytes.slice();
      changed[at % changed.length] = to;
      return changed;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(near, fc.uint8Array({ maxLength: 40 })), pieceLengths, async (bytes, lengths) => {
        const outcome = await throughProxy(proxy, bytes, lengths);
        if (outcome instanceof EndpointError) expect([outcome.problem.what, outcome.problem.next]).not.toContain('');
      }),
      runs,
    );
  },
);

it('a proxy that sends without end is a refusal', async () => {
  const endless = new Uint8Array(1_000_000).fill(65);
  expect(await throughProxy(HTTP, endless, [40])).toBeInstanceOf(EndpointError);
});

it('key logs', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const hex = (bytes: number) =>
    fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((of) => Buffer.from(of).toString('hex'));
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('CLIENT_RANDOM', 'SERVER_TRAFFIC_SECRET_0', 'EXPORTER_SECRET', 'client_random'),
        hex(32),
        fc.constantFrom(0, 16, 32, 48, 64).chain(hex),
      )
      .map((of) => of.join(' ')),
    fc.string({ maxLength: 40 }),
    fc.constantFrom('', '# comment', '\0', ' ', 'x'.repeat(2000)),
  );
  const text = fc.oneof(
    fc.array(line, { maxLength: 8 }).map((lines) => ascii(lines.join('\n'))),
    fc.uint8Array({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(
      text,
      fc.uint8Array({ minLength: 0, maxLength: 33 }),
      fc.constantFrom(0x1301, 0x1302, 0x1303, 0xc02f, 0, 0xffff),
      (bytes, random, suite) => {
        const log = new KeyLog();
        log.add(bytes);
        expect(log.size + log.strangeLines).toBeLessThanOrEqual(bytes.length + 1);
        for (const version of [0x0303, 0x0304, 0]) {
          const session = { version, suite, clientRandom: random, serverRandom: random };
          for (const direction of [Direction.clientToServer, Direction.serverToClient])
            log.keys(session, 'application', direction);
        }
      },
    ),
    runs,
  );
});

it('our comments in a capture', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const comment = fc.oneof(
    fc.json({ maxDepth: 4 }).map((json) => `wirescope ${json}`),
    fc.string({ maxLength: 60, unit: 'binary' }),
    fc
      .nat(70)
      .map((n) => `wirescope {"connection":1,"event":{"type":"info","severity":"info","text":"x"}}`.slice(0, n)),
  );
  fc.assert(
    fc.property(comment, (text) => {
      const remark = decodeRemark(text);
      if (remark) expect(Number.isInteger(remark.connection)).toBe(true);
    }),
    runs,
  );
});

it('whoever calls the bridge', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...Object.keys(methods)) },
    fc.constantFrom('constructor', '__proto__', 'toString', ''),
    fc.string(),
  );
  const key = fc.constantFrom(
    'session',
    'config',
    'from',
    'count',
    'query',
    'path',
    'upload',
    'bytes',
    'name',
    'seq',
    'content',
    'text',
    '__proto__',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.uint8Array({ maxLength: 8 }),
    fc.bigInt(),
    fc.constantFrom(-1, 1e300, Number.NaN, undefined, ''),
  );
  const input = fc.oneof(value, fc.dictionary(key, value, { maxKeys: 5 }));
  const message = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record(
        { id: fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, Number.NaN)), method: name, input },
        { requiredKeys: ['method'] },
      ),
    },
    value,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
      const answers: unknown[] = [];
      let hear: (message: unknown) => void = () => {};
      const channel: Channel = {
        send: (answer) => answers.push(answer),
        onMessage: (listener) => {
          hear = listener;
        },
        onClose: () => {},
        close: () => {},
      };
      const engine = {
        call: async (method: keyof typeof methods, checked: unknown) => {
          expect(methods[method].safeParse(checked).success).toBe(true);
          return null;
        },
        listen: () => () => {},
      };
      serve(engine as unknown as Engine, channel);
      for (const each of messages) hear(each);
      await setImmediate();
      const asked = messages.flatMap((each) => {
        const { id } = (each ?? {}) as { id?: unknown };
        return Number.isSafeInteger(id) && !Array.isArray(each) ? [id] : [];
      });
      expect(answers.map((answer) => (answer as { id: number }).id).sort()).toEqual(asked.sort());
    }),
    runs,
  );
});
