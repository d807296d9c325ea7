// A dissector that breaks its promise and throws when its records are looked at: the others are still shown.
import { afterEach, expect, test, vi } from 'vitest';
import { tcpProtocol } from '../../src-main/core/dissect/tcp.ts';
import { Direction } from '../../src-main/core/record.ts';
import { eventually } from '../eventually.ts';
import { liveCapture, summariesOf } from './files.ts';
import { bytesOf } from './packets.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('its rows say so, and filters go on', async () => {
  const capture = liveCapture();
  const connection = capture.recorder.connection(
    {
      transport: 'tcp',
      client: { address: '127.0.0.1', port: 1 },
      server: { address: '127.0.0.1', port: 2 },
      decrypted: false,
      dissectAs: { protocol: 'tcp', framing: { kind: 'lines' } },
    },
    1,
  );
  connection.chunk(Direction.clientToServer, bytesOf('one\ntwo\nthree\n'), 2);
  const { summary, detail } = tcpProtocol;
  const isSecond = (seq: number): boolean => seq === 1;
  vi.spyOn(tcpProtocol, 'summary').mockImplementation((view) => {
    if (isSecond(view.record.seq)) throw new Error('oops');
    return summary(view);
  });
  vi.spyOn(tcpProtocol, 'detail').mockImplementation((view, limit) => {
    if (isSecond(view.record.seq)) throw new Error('oops');
    return detail(view, limit);
  });
  expect(summariesOf(capture)).toEqual(['one', 'The dissector failed: oops', 'three']);
  const view = capture.query({ level: 'everything', filter: 'tcp contains "o" or tcp contains "e"' });
  await eventually(() => expect(view.scanning).toBe(1));
  expect(view.seqs(0, 10)).toEqual([0, 2]);
});
