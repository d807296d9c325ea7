import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Capture, CaptureError, createCapture } from '../../src-main/capture/capture.ts';
import type { DissectAs } from '../../src-main/core/protocol.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionInfo, ConnectionRecorder } from '../../src-main/core/recorder.ts';
import { liveCapture, loadedCapture, recordsOf, summariesOf, temporaryFolder, wireBytes, wireText } from './files.ts';
import { bytesOf } from './packets.ts';
import { ANSWER, frame, REQUEST } from './websocket.ts';

const START = 1_700_000_000_000_000;
const TO_SERVER = Direction.clientToServer;
const TO_CLIENT = Direction.serverToClient;

function info(options: Partial<ConnectionInfo> = {}): ConnectionInfo {
  return {
    transport: 'tcp',
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: 9001 },
    decrypted: false,
    dissectAs: { protocol: 'auto' },
    ...options,
  };
}

function webSocket(capture: Capture, options: Partial<ConnectionInfo> = {}): ConnectionRecorder {
  const connection = capture.recorder.connection(info(options), START);
  connection.event({ type: 'connected', severity: 'info', text: 'Connected.', fields: { port: 9001 } }, START + 1);
  connection.chunk(TO_SERVER, REQUEST, START + 2.25);
  connection.chunk(TO_CLIENT, ANSWER, START + 3.5);
  return connection;
}

/** A session in which everything happens once. */
function recordEverything(capture: Capture): void {
  const { recorder } = capture;
  recorder.event({ type: 'listening', severity: 'info', text: 'Listening.' }, START);
  const one = webSocket(capture, {
    server: { address: '::1', port: 443 },
    client: { address: '::1', port: 50_001 },
    decrypted: true,
  });
  const two = webSocket(capture);
  one.chunk(TO_CLIENT, frame(2, new Uint8Array(200_000).fill(7)), START + 4);
  const hello = frame(1, 'hello');
  two.chunk(TO_CLIENT, hello.subarray(0, 3), START + 5);
  one.chunk(TO_CLIENT, frame(9, 'ping'), START + 6);
  two.chunk(TO_CLIENT, hello.subarray(3), START + 7);
  const udp = recorder.connection(info({ transport: 'udp', dissectAs: { protocol: 'udp' } }), START + 8);
  udp.chunk(TO_SERVER, bytesOf('question'), START + 9);
  udp.chunk(TO_CLIENT, bytesOf(''), START + 10);
  udp.close(START + 11);
  const again = recorder.connection(info({ transport: 'udp', dissectAs: { protocol: 'udp' } }), START + 12);
  again.chunk(TO_SERVER, bytesOf('another conversation'), START + 13);
  one.end(TO_CLIENT, START + 14);
  one.event({ type: 'closed', severity: 'warning', text: 'Half closed.' }, START + 15);
  one.close(START + 16);
  two.close(START + 17, true);
  two.event(
    { type: 'failed', severity: 'error', text: 'Reset.', problem: { what: 'W', why: 'Y', next: 'N' } },
    START + 18,
  );
  const lines: DissectAs = { protocol: 'tcp', framing: { kind: 'delimiter', delimiter: bytesOf('\0') } };
  const three = recorder.connection(info({ dissectAs: lines }), START + 19);
  three.chunk(TO_SERVER, bytesOf('one\0two\0thr'), START + 20);
  recorder.event({ type: 'ended', severity: 'info', text: 'Over.' }, START + 21);
}

function contents(capture: Capture): unknown {
  const { counts, traffic, count, sizeBytes } = capture;
  const connections = [1, 2, 3, 4, 5, 6].map((number) => capture.connection(number));
  const bytes = [1, 2, 3, 4, 5].map((number) => [wireBytes(capture, number, 1), wireBytes(capture, number, 2)]);
  return {
    records: recordsOf(capture),
    summaries: summariesOf(capture),
    counts,
    traffic,
    count,
    sizeBytes,
    connections,
    bytes,
  };
}

describe('a live capture', () => {
  test('has the records at once, with their bytes', () => {
    const capture = liveCapture();
    const connection = webSocket(capture);
    connection.chunk(TO_CLIENT, frame(1, 'hello'), START + 4);
    const last = capture.record(capture.count - 1);
    expect(last).toMatchObject({
      connection: 1,
      direction: TO_CLIENT,
      size: 5,
      length: 7,
      start: ANSWER.length,
      at: START + 4,
    });
    expect(capture.summary(last.seq)).toBe('hello');
    expect(new TextDecoder().decode(capture.payload(last.seq, 100)!.bytes)).toBe('hello');
    expect(capture.detail(last.seq, 100).fields.length).toBeGreaterThan(0);
    expect([...capture.view(last.seq).bytes(3)]).toEqual([0x81, 5, 104]);
    expect(capture.view(last.seq).at(99)).toBeUndefined();
    expect(wireText(capture, 1, TO_SERVER)).toBe(new TextDecoder().decode(REQUEST));
    expect(capture.counts).toMatchObject({ records: 4, messages: 1, errors: 0 });
    expect(capture.traffic.serverToClient).toEqual({ messages: 1, bytes: ANSWER.length + 7 });
    expect(capture.connection(1)).toEqual({ client: '127.0.0.1:50000', server: '127.0.0.1:9001' });
  });

  test('does not keep or change the chunk', () => {
    const capture = liveCapture();
    const connection = webSocket(capture);
    const bytes = frame(1, 'hello');
    connection.chunk(TO_CLIENT, bytes, START + 4);
    expect(bytes).toEqual(frame(1, 'hello'));
    bytes.fill(0);
    expect(capture.summary(capture.count - 1)).toBe('hello');
  });

  test('is the same when it is read again, from the file alone and through its sidecar', async () => {
    const capture = liveCapture();
    recordEverything(capture);
    await capture.finish();
    const live = contents(capture);
    expect(contents(await loadedCapture(capture.path, { recordedHere: true }))).toEqual(live);
    for (const sidecar of ['index', 'derived']) rmSync(`${capture.path}.${sidecar}`);
    expect(contents(await loadedCapture(capture.path))).toEqual(live);
  });

  test('is the same when it was never finished', async () => {
    const capture = liveCapture();
    recordEverything(capture);
    await capture.flush();
    const opened = await loadedCapture(capture.path);
    await capture.finish();
    expect(contents(opened)).toEqual(contents(capture));
  });

  test('stays readable after finish, takes nothing more, and can be finished twice', async () => {
    const capture = liveCapture();
    const connection = webSocket(capture);
    await Promise.all([capture.finish(), capture.finish()]);
    const { count, sizeBytes } = capture;
    connection.chunk(TO_CLIENT, frame(1, 'late'), START + 9);
    connection.event({ type: 'info', severity: 'info', text: 'late' }, START + 9);
    connection.close(START + 9);
    capture.recorder.event({ type: 'info', severity: 'info', text: 'late' }, START + 9);
    capture.recorder.connection(info(), START + 9).chunk(TO_SERVER, REQUEST, START + 9);
    expect([capture.count, capture.sizeBytes]).toEqual([count, sizeBytes]);
    expect(capture.summary(1)).toMatch(/GET \/chat/);
  });

  test('tells of growth until told not to', () => {
    const capture = liveCapture();
    let told = 0;
    const stop = capture.onGrowth(() => told++);
    const connection = webSocket(capture);
    const { revision } = capture;
    expect(told).toBeGreaterThan(0);
    stop();
    told = 0;
    connection.chunk(TO_CLIENT, frame(1, 'more'), START + 9);
    expect(told).toBe(0);
    expect(capture.revision).not.toBe(revision);
  });

  test('a half that has ended takes no more bytes, the other does', () => {
    const capture = liveCapture();
    const connection = webSocket(capture);
    connection.end(TO_SERVER, START + 4);
    const { count } = capture;
    connection.chunk(TO_SERVER, bytesOf('late'), START + 5);
    expect(capture.count).toBe(count);
    connection.chunk(TO_CLIENT, frame(1, 'still'), START + 6);
    expect(capture.count).toBe(count + 1);
  });

  test('many records in many segments are all found again', async () => {
    const capture = liveCapture();
    const connection = webSocket(capture);
    const frames = frame(1, 'x'.repeat(20));
    const chunk = new Uint8Array(frames.length * 1000);
    for (let i = 0; i < 1000; i++) chunk.set(frames, i * frames.length);
    for (let i = 0; i < 40; i++) connection.chunk(TO_CLIENT, chunk, START + 10 + i);
    expect(capture.query({ level: 'messages' }).total).toBe(40_003);
    expect(capture.record(40_003)).toMatchObject({ connection: 0, length: 0 });
    await capture.finish();
    const reopened = await loadedCapture(capture.path);
    for (const subject of [capture, reopened]) {
      expect(subject.count).toBe(40_003);
      for (const seq of [3, 16_383, 16_384, 16_385, 32_767, 32_768, 40_002]) {
        const number = seq - 3;
        const at = START + 10 + Math.floor(number / 1000);
        expect(subject.record(seq)).toMatchObject({ seq, start: ANSWER.length + number * 22, length: 22, at });
        expect(subject.summary(seq)).toBe('x'.repeat(20));
      }
    }
  });

  test('a dissector never sees more than a packet at once, so an unframed stream reads the same again', async () => {
    const capture = liveCapture();
    const dissectAs: DissectAs = { protocol: 'tcp', framing: { kind: 'none' } };
    capture.recorder.connection(info({ dissectAs }), START).chunk(TO_SERVER, new Uint8Array(150_000), START + 1);
    await capture.finish();
    expect(recordsOf(capture).map((record) => record.length)).toEqual([65_495, 65_495, 19_010]);
    rmSync(`${capture.path}.index`);
    expect(recordsOf(await loadedCapture(capture.path))).toEqual(recordsOf(capture));
  });

  test('a huge event is shortened in the file, and whole while live', async () => {
    const capture = liveCapture();
    const fields = { blob: 'x'.repeat(100_000) };
    capture.recorder.event({ type: 'info', severity: 'info', text: 'Big.', fields }, START);
    await capture.finish();
    rmSync(`${capture.path}.index`);
    const opened = await loadedCapture(capture.path);
    expect(summariesOf(opened)).toEqual(['Big.']);
  });
});

test('a chunk that takes long lets others have their turn before the next', async () => {
  const capture = liveCapture();
  const connection = webSocket(capture);
  connection.chunk(TO_CLIENT, frame(1, 'at once'), START + 4);
  expect(capture.recorder.congested).toBe(false);
  let others = false;
  setImmediate(() => {
    others = true;
  });
  const now = vi.spyOn(performance, 'now').mockReturnValueOnce(1000).mockReturnValueOnce(1100);
  connection.chunk(TO_CLIENT, frame(1, 'after a tenth of a second'), START + 5);
  now.mockRestore();
  expect([capture.recorder.congested, others]).toEqual([true, false]);
  await capture.recorder.drained();
  expect(others).toBe(true);
  expect(capture.recorder.congested).toBe(false);
});

describe('the sidecar', () => {
  async function finished(): Promise<Capture> {
    const capture = liveCapture();
    recordEverything(capture);
    await capture.finish();
    return capture;
  }

  /** Whether a capture is opened by its sidecar: to be read anew it needs a folder. */
  async function isBelieved({ path }: Capture): Promise<boolean> {
    try {
      await loadedCapture(path, { recordedHere: true, cacheFolder: join(temporaryFolder(), 'missing') });
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(CaptureError);
      return false;
    }
  }

  function changeHeader({ path }: Capture, change: (header: string) => string): void {
    const bytes = readFileSync(`${path}.index`);
    const header = change(bytes.subarray(0, 512).toString('latin1')).padEnd(512).slice(0, 512);
    writeFileSync(`${path}.index`, Buffer.concat([Buffer.from(header, 'latin1'), bytes.subarray(512)]));
  }

  test('is believed as it was written', async () => {
    const capture = await finished();
    expect(await isBelieved(capture)).toBe(true);
    expect(contents(await loadedCapture(capture.path, { recordedHere: true }))).toEqual(contents(capture));
  });

  test('of a capture that was recorded elsewhere is not believed, however well it fits', async () => {
    const told = async (word: string): Promise<Capture> => {
      const capture = liveCapture();
      const connection = webSocket(capture);
      // Longer than what the proof looks at, at both ends.
      for (const text of ['a'.repeat(6000), word, 'z'.repeat(6000)]) {
        connection.chunk(TO_CLIENT, frame(1, text), START + 4);
      }
      await capture.finish();
      return capture;
    };
    const honest = await told('was said');
    const forged = await told('is a lie');
    utimesSync(forged.path, 1_700_000_000, 1_700_000_000);
    utimesSync(honest.path, 1_700_000_000, 1_700_000_000);
    const { mtimeMs } = statSync(forged.path);
    // An index of another file, made to fit this one.
    for (const extension of ['.index', '.derived']) copyFileSync(honest.path + extension, forged.path + extension);
    changeHeader(forged, (header) => header.replace(/"captureModifiedMs":[\d.]+/, `"captureModifiedMs":${mtimeMs}`));
    expect(await isBelieved(forged)).toBe(true);
    const anew = await loadedCapture(forged.path);
    expect(summariesOf(anew)).toContain('is a lie');
  });

  test.each<[string, (header: string) => string]>([
    ['another version', (header) => header.replace(/"version":\d/, '"version":9')],
    ['another size', (header) => header.replace(/"captureBytes":\d/, '"captureBytes":9')],
    ['another time', (header) => header.replace(/"captureModifiedMs":\d/, '"captureModifiedMs":9')],
    ['another hash', (header) => header.replace(/"contentsHash":"./, '"contentsHash":"_')],
    ['never finished', () => ''],
    ['garbage', () => '\0{[}]'],
  ])('is not believed with %s', async (_name, change) => {
    const capture = await finished();
    changeHeader(capture, change);
    expect(await isBelieved(capture)).toBe(false);
  });

  test('is not believed for a file that has changed', async () => {
    const capture = await finished();
    const bytes = readFileSync(capture.path);
    writeFileSync(capture.path, Buffer.concat([bytes, bytes.subarray(0, 28)]));
    const opened = await loadedCapture(capture.path, { recordedHere: true });
    expect(opened.count).toBe(capture.count + 1);
    expect(summariesOf(opened)).toContainEqual(expect.stringMatching(/^The file is cut off at byte \d+/));
  });

  test.each(['.index', '.derived'])(
    'of which a bit is another in %s is not believed, and nothing else is shown',
    async (extension) => {
      const capture = await finished();
      const whole = contents(capture);
      const bytes = readFileSync(capture.path + extension);
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
        const spoilt = Buffer.from(bytes);
        spoilt[at]! ^= 1 << (at % 8);
        writeFileSync(capture.path + extension, spoilt);
        expect(contents(await loadedCapture(capture.path, { recordedHere: true }))).toEqual(whole);
      }
    },
  );

  test.each(['.index', '.derived'])('cut off anywhere in %s is not believed', async (extension) => {
    const capture = await finished();
    const bytes = readFileSync(capture.path + extension);
    for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 40)) {
      writeFileSync(capture.path + extension, bytes.subarray(0, length));
      expect(await isBelieved(capture)).toBe(false);
    }
  });
});

describe('a disk that refuses', () => {
  test('ends the recording with an event, and nothing else', async () => {
    const path = join(temporaryFolder(), 'full.pcapng');
    symlinkSync('/dev/full', path);
    const capture = liveCapture(path);
    const connection = webSocket(capture);
    await capture.flush();
    const last = capture.count - 1;
    expect(capture.summary(last)).toMatch(/^Recording stopped: .*The disk is full\.$/);
    expect(capture.counts.errors).toBe(1);
    expect(capture.summary(1)).toMatch(/GET \/chat/);
    connection.chunk(TO_CLIENT, frame(1, 'late'), START + 9);
    connection.close(START + 9);
    expect(capture.count).toBe(last + 1);
    expect(capture.recorder.congested).toBe(false);
    await capture.recorder.drained();
    await capture.finish();
    expect(capture.summary(1)).toMatch(/GET \/chat/);
  });

  test('a capture that cannot be created says what to do', () => {
    const path = join(temporaryFolder(), 'missing', 'x.pcapng');
    expect(() => createCapture(path)).toThrow(CaptureError);
    expect(existsSync(path)).toBe(false);
  });
});
