// One measured run over a capture file:
//   node capture-file.ts make FILE COUNT   writes one of small WebSocket frames, through the product's own recorder
//   node capture-file.ts load FILE         opens it whole: {frames, perSecond, peakBytes}
//   node capture-file.ts rows FILE         windows of 50 rows anywhere: {p50Ms, p99Ms, maxMs}
import { createCapture, openCapture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';

const [action, file = '', countText = '0'] = process.argv.slice(2);
const ROWS = 50;

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function make(count: number): Promise<void> {
  const capture = createCapture(file);
  const connection = capture.recorder.connection(
    {
      transport: 'tcp',
      client: { address: '127.0.0.1', port: 50_000 },
      server: { address: '127.0.0.1', port: 8080 },
      decrypted: false,
      dissectAs: { protocol: 'auto' },
    },
    capture.recorder.now(),
  );
  const say = (direction: Direction, bytes: Uint8Array) => connection.chunk(direction, bytes, capture.recorder.now());
  say(
    Direction.clientToServer,
    Buffer.from(
      'GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ),
  );
  say(
    Direction.serverToClient,
    Buffer.from(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    ),
  );
  // What a socket hands over at full speed: many frames a chunk.
  const perChunk = 250;
  for (let made = 0; made < count; made += perChunk) {
    const frames = Array.from({ length: Math.min(perChunk, count - made) }, (_, i) => {
      const text = `{"n":${made + i},"say":"hello"}`.padEnd(64, ' ');
      return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
    });
    say(Direction.serverToClient, Buffer.concat(frames));
    if (capture.recorder.congested) await capture.recorder.drained();
  }
  connection.close(capture.recorder.now());
  await capture.finish();
  print({ sizeBytes: capture.sizeBytes });
  await capture.dispose();
}

async function load(): Promise<void> {
  const started = performance.now();
  const capture = await openCapture(file);
  await capture.loaded;
  const seconds = (performance.now() - started) / 1000;
  print({
    frames: capture.counts.frames,
    perSecond: capture.counts.frames / seconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  });
  await capture.dispose();
}

async function rows(): Promise<void> {
  const capture = await openCapture(file);
  await capture.loaded;
  const view = capture.query({ level: 'messages' });
  const times: number[] = [];
  let state = 1;
  for (let i = 0; i < 2000; i++) {
    // A fixed sequence of far jumps (Lehmer), so that every run looks at the same places.
    state = (state * 48_271) % 2_147_483_647;
    const from = state % Math.max(1, view.total - ROWS);
    const started = performance.now();
    for (const seq of view.seqs(from, ROWS)) {
      capture.record(seq);
      capture.summary(seq);
    }
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  print({ p50Ms: at(0.5), p99Ms: at(0.99), maxMs: times.at(-1) });
  view.dispose();
  await capture.dispose();
}

if (action === 'make') await make(Number(countText));
else if (action === 'load') await load();
else if (action === 'rows') await rows();
else throw new Error(`no such measurement: ${action}`);
