import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamMap } from '../../src-main/capture/index/stream-map.ts';
import { AppendFile } from '../../src-main/capture/storage/append-file.ts';
import { temporaryFile } from './files.ts';

test('any range of a stream is found, whatever lies between its packets and whatever is missing', async () => {
  const step = fc.record({ length: fc.nat(9), junk: fc.nat(4), gap: fc.boolean(), settle: fc.nat(20) });
  const steps = fc.array(step, { minLength: 1, maxLength: 700, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(4000), fc.nat(300), async (all, start, length) => {
      const capture = new AppendFile(temporaryFile('capture'), { bufferBytes: 4096 });
      const index = new AppendFile(temporaryFile('index'), { bufferBytes: 4096 });
      const map = new StreamMap(index);
      const stream: number[] = [];
      for (const { length: size, junk, gap, settle } of all) {
        if (settle === 0) map.settle();
        capture.append(new Uint8Array(junk).fill(255));
        if (gap) {
          map.skip(size);
          stream.push(...new Array<number>(size).fill(0));
        } else {
          const bytes = Uint8Array.from({ length: size }, (_, i) => 1 + ((stream.length + i) % 200));
          map.add(size, capture.append(bytes));
          stream.push(...bytes);
        }
      }
      const wanted = Uint8Array.from({ length }, (_, i) => stream[start + i] ?? 0);
      const got = new Uint8Array(length);
      map.read(capture, start, got);
      expect(got).toEqual(wanted);
      const reopened = new StreamMap(index, [...map.close()]);
      const again = new Uint8Array(length);
      reopened.read(capture, start, again);
      expect(again).toEqual(wanted);
      await capture.close();
      await index.close();
    }),
    { numRuns: 60 },
  );
});
