// `npm run bench [-- --rounds N] [-- NAME…]`: each figure a ratio to a bare baseline in the same run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronExecutable, hasDisplay } from '../../scripts/executables.mjs';
import type { DesktopFigures } from './desktop-window.ts';
import { type Comparison, compare, inProcess, median } from './measure.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const chosen = (name: string) => positionals.length === 0 || positionals.some((part) => name.includes(part));

function traffic(
  title: string,
  scenario: string,
  count: number,
  unit: string,
  wanted?: number,
): Comparison & { name: string } {
  const run = (side: string) => () => inProcess<number>('traffic.ts', side, scenario, String(count));
  return { name: scenario, title, unit, wanted, baseline: run('baseline'), product: run('product') };
}

const comparisons = [
  traffic('WebSocket client receiving 100-byte messages / bare ws', 'websocket-receive', 400_000, 'messages/s', 0.75),
  traffic('The same, of frames made beforehand / bare ws', 'websocket-flood', 2_000_000, 'messages/s'),
  traffic('WebSocket client sending 100-byte messages / bare ws', 'websocket-send', 300_000, 'messages/s', 0.7),
  traffic('TCP client receiving 64 KiB chunks / bare net', 'tcp-receive', 8_000, 'bytes/s', 0.7),
  traffic('The same / bare net that writes the bytes to a file', 'tcp-written', 8_000, 'bytes/s'),
  traffic('gRPC client calling unary methods, 64 in flight / bare grpc-js', 'grpc-unary', 40_000, 'calls/s', 0.7),
  traffic('gRPC client receiving a server stream / bare grpc-js', 'grpc-server-stream', 400_000, 'messages/s', 0.6),
  traffic('gRPC client in a bidirectional stream / bare grpc-js', 'grpc-bidi', 200_000, 'messages/s', 0.45),
  traffic('gRPC mock server, unary echo of 100 bytes / bare grpc-js', 'grpc-mock-unary', 40_000, 'calls/s', 0.7),
  traffic('UDP client receiving 100-byte datagrams / bare dgram', 'udp-receive', 300_000, 'datagrams/s', 0.7),
];

const number = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

console.log(
  `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}, median of ${rounds}\n`,
);
for (const comparison of comparisons.filter(({ name }) => chosen(name))) {
  const { title, unit, wanted, baseline, product, ratio } = await compare(comparison, rounds);
  console.log(
    `${title}\n  ${number(product)} / ${number(baseline)} ${unit} = ${ratio.toFixed(2)}${wanted === undefined ? '' : ` (wanted ≥ ${wanted})`}`,
  );
}

interface FileBench {
  name: string;
  /** Frames of … */
  title: string;
  make: [script: string, ...args: string[]];
  /** Of tshark: how it is to decode the port, and the fields it prints. */
  tshark: { decodeAs: string; fields: string[] };
  wanted: string;
}

const files: FileBench[] = [
  {
    name: 'capture-file',
    title: 'WebSocket frames',
    make: ['capture-file.ts', '1000000'],
    tshark: {
      decodeAs: 'tcp.port==8080,http',
      fields: ['websocket.opcode', 'websocket.payload_length', 'websocket.payload.text'],
    },
    wanted: 'wanted ≥ 5, goal 15',
  },
  {
    name: 'grpc-file',
    title: 'HTTP/2 frames of gRPC',
    make: ['grpc-file.ts', '25000', '100000'],
    tshark: {
      decodeAs: 'tcp.port==50051,http2',
      fields: [
        ...['http2.type', 'http2.streamid', 'http2.length', 'http2.header.name', 'http2.header.value'],
        'grpc.message_length',
      ],
    },
    wanted: 'wanted ≥ 3, goal 10',
  },
];
for (const file of files.filter(({ name }) => chosen(name))) await benchFile(file);

if (chosen('desktop')) await benchDesktop();

/** Peak resident memory of tshark over a file, and its frames per second; /proc tells the peak of a finished child nowhere. */
function runTshark(
  file: string,
  { decodeAs, fields }: FileBench['tshark'],
  frames: number,
): { perSecond: number; peakBytes: number } {
  const started = performance.now();
  const tshark = spawnSync(
    'python3',
    [
      '-c',
      'import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)',
      ...['tshark', '-r', file, '-d', decodeAs, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
    ],
    { encoding: 'utf8' },
  );
  if (tshark.status !== 0) throw new Error(`tshark is needed here: ${tshark.stderr}`);
  return { perSecond: frames / ((performance.now() - started) / 1000), peakBytes: Number(tshark.stdout) * 1024 };
}

async function benchFile({ title, make, tshark, wanted }: FileBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-bench-'));
  const file = join(folder, 'bench.pcapng');
  const [script, ...args] = make;
  await inProcess(script, 'make', file, ...args);
  // Sidecars of our own recording would spare the dissection that is to be measured.
  for (const sidecar of ['.index', '.derived']) rmSync(file + sidecar, { force: true });
  const ratios: number[] = [];
  let last = { frames: 0, perSecond: 0, peakBytes: 0 };
  let judge = { perSecond: 0, peakBytes: 0 };
  for (let round = 0; round < rounds; round++) {
    last = await inProcess('capture-file.ts', 'load', file);
    for (const sidecar of ['.index', '.derived']) rmSync(file + sidecar, { force: true });
    // tshark takes long: twice is enough to see that it does not vary.
    if (round < 2) judge = runTshark(file, tshark, last.frames);
    ratios.push(last.perSecond / judge.perSecond);
  }
  console.log(
    `Dissecting a file of ${last.frames.toLocaleString('en')} ${title} (${number(statSync(file).size / 1e6)} MB) / tshark -T fields`,
  );
  console.log(
    `  ${number(last.perSecond)} / ${number(judge.perSecond)} frames/s = ${median(ratios).toFixed(1)} (${wanted})`,
  );
  console.log(`  peak memory ${number(last.peakBytes / 1e6)} / ${number(judge.peakBytes / 1e6)} MB (wanted below)`);
  const windows = await inProcess<{ p50Ms: number; p99Ms: number; maxMs: number }>('capture-file.ts', 'rows', file);
  console.log(
    `Any 50 rows of them: ${number(windows.p50Ms)} ms median, ${number(windows.p99Ms)} ms p99, ${number(windows.maxMs)} ms worst (wanted ≤ 5 ms)`,
  );
  rmSync(folder, { recursive: true, force: true });
}

/** The packed app's window beside a bare one of the same Electron. */
async function benchDesktop(): Promise<void> {
  const electron = electronExecutable();
  if (!electron || process.platform !== 'linux') {
    console.log(
      'Start and memory of the desktop: not measured, for they need Linux and an Electron (ELECTRON_EXECUTABLE).',
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-bench-'));
  const packing = spawnSync(process.execPath, [join(import.meta.dirname, '../../scripts/unpacked-app.mjs'), folder], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ELECTRON_EXECUTABLE: electron },
  });
  const packed = packing.stdout.trim().split('\n').at(-1) ?? '';
  if (packing.status !== 0) throw new Error(`The app could not be packed; is it built?\n${packing.stderr}`);
  const script = [process.execPath, join(import.meta.dirname, 'desktop-window.ts'), String(rounds), packed, electron];
  const wrapper = hasDisplay() ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1400x1000x24'];
  const [command, ...args] = [...wrapper, ...script] as [string, ...string[]];
  const run = spawnSync(command, args, { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`The windows could not be measured:\n${run.stderr}`);
  const { product, baseline } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as DesktopFigures;
  const compared = (value: (window: DesktopFigures['product'][number]) => number) => ({
    product: median(product.map(value)),
    baseline: median(baseline.map(value)),
    ratio: median(product.map((window, round) => value(window) / value(baseline[round]!))),
  });
  const start = compared(({ startMs }) => startMs);
  const memory = compared(({ memoryBytes }) => memoryBytes / 1e6);
  console.log('Window of the packed app, from exec to its content / a bare Electron window');
  console.log(`  ${number(start.product)} / ${number(start.baseline)} ms = ${start.ratio.toFixed(2)} (wanted ≤ 2.0)`);
  console.log(
    `  at rest ${number(memory.product)} / ${number(memory.baseline)} MB = ${memory.ratio.toFixed(2)} (wanted ≤ 1.6)`,
  );
}
