import { describe, expect, it } from 'vitest';
import type { CallSummary, Row } from '../../../src-main/bridge/contract.ts';
import { MAX_PAGES, PAGE_ROWS, type RowAnswer, RowSource } from '../../../src-renderer/timeline/row-source.ts';

function rowOf(seq: number): Row {
  const row = { seq, at: seq * 1000, connection: 1 + (seq % 3), direction: 1 as const, protocol: 'websocket' };
  return { ...row, kind: 'text', levels: ['frame', 'message'], size: 5, length: 7, summary: `row ${seq}`, notes: 0 };
}

/** An engine and an animation clock that both move only when told. */
class Scene {
  records = 0;
  scanning: number | undefined;
  /** Calls by the seq of their row. */
  readonly calls = new Map<number, CallSummary>();
  requests: { from: number; count: number; answer: () => void; fail: (error: Error) => void }[] = [];
  frames: (() => void)[] = [];
  pauses: (() => void)[] = [];
  readonly source: RowSource;

  constructor(records: number, follow: boolean) {
    this.records = records;
    this.source = new RowSource({
      follow,
      onFrame: (callback) => this.frames.push(callback),
      onPause: (callback) => this.pauses.push(callback),
      fetchRows: (from, count) =>
        new Promise<RowAnswer>((resolve, reject) => {
          const answer = (): void => {
            const end = Math.min(this.records, from + count);
            const rows = Array.from({ length: Math.max(0, end - from) }, (_, at) => {
              const call = this.calls.get(from + at);
              return { ...rowOf(from + at), ...(call ? { call } : {}) };
            });
            const { scanning } = this;
            resolve({ total: this.records, revision: 1, rows, ...(scanning === undefined ? {} : { scanning }) });
          };
          this.requests.push({ from, count, answer, fail: reject });
        }),
    });
  }

  frame(): void {
    for (const callback of this.frames.splice(0)) callback();
  }

  pause(): void {
    for (const callback of this.pauses.splice(0)) callback();
  }

  async answer(): Promise<void> {
    this.requests.at(-1)?.answer();
    await Promise.resolve();
    await Promise.resolve();
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 20 && this.frames.length + this.pauses.length > 0; turn += 1) {
      const before = this.requests.length;
      this.frame();
      this.pause();
      if (this.requests.length > before) await this.answer();
    }
  }
}

describe('row source', () => {
  it('asks with the next frame for the rows on the screen, once', async () => {
    const scene = new Scene(10_000, false);
    expect(scene.requests).toHaveLength(0);
    scene.frame();
    scene.frame();
    expect(scene.requests).toHaveLength(1);
    await scene.answer();
    expect(scene.source.total).toBe(10_000);
    expect(scene.source.at(0)?.summary).toBe('row 0');
    expect(scene.source.maxConnection).toBe(3);
    await scene.settle();
    expect(scene.requests).toHaveLength(1);
  });

  it('has one request in flight and skips what was scrolled past meanwhile', async () => {
    const scene = new Scene(1_000_000, false);
    await scene.settle();
    const before = scene.requests.length;
    scene.source.show({ first: 5000, end: 5060 }, false);
    scene.frame();
    for (const first of [200_000, 400_000, 600_000]) {
      scene.source.show({ first, end: first + 60 }, false);
      scene.frame();
    }
    expect(scene.requests).toHaveLength(before + 1);
    await scene.answer();
    await scene.settle();
    expect(scene.requests.map((request) => request.from).slice(before)).toEqual([5000, 600_000]);
    expect(scene.source.at(600_030)?.seq).toBe(600_030);
    expect(scene.source.at(200_000)).toBeUndefined();
  });

  it('pauses between requests while rows rush by, and not for somebody who stops to look', async () => {
    const scene = new Scene(100, true);
    await scene.settle();
    scene.records = 5000;
    scene.source.grew();
    scene.frame();
    await scene.answer();
    expect(scene.frames).toHaveLength(0);
    expect(scene.pauses).toHaveLength(1);
    scene.source.show({ first: 440, end: 500 }, false);
    scene.source.grew();
    expect(scene.frames).toHaveLength(1);
    const before = scene.requests.length;
    scene.pause();
    expect(scene.requests).toHaveLength(before);
    scene.frame();
    expect(scene.requests).toHaveLength(before + 1);
  });

  it('asks again for all it has when rows say something else, those off the screen when they are looked at', async () => {
    const scene = new Scene(1000, false);
    await scene.settle();
    scene.source.show({ first: 500, end: 560 }, false);
    await scene.settle();
    const before = scene.requests.length;
    scene.source.explained();
    await scene.settle();
    expect(scene.requests.map(({ from }) => from).slice(before)).toEqual([500]);
    scene.source.show({ first: 0, end: 60 }, false);
    await scene.settle();
    expect(scene.requests.map(({ from }) => from).slice(before)).toEqual([500, 0]);
    await scene.settle();
    expect(scene.requests).toHaveLength(before + 2);
  });

  it('keeps a few screens of rows however far one scrolls', async () => {
    const scene = new Scene(1_000_000, false);
    for (let first = 0; first < 100_000; first += 500) {
      scene.source.show({ first, end: first + 60 }, false);
      await scene.settle();
    }
    let kept = 0;
    for (let index = 0; index < 101_000; index += 1) if (scene.source.at(index)) kept += 1;
    expect(kept).toBeLessThanOrEqual(MAX_PAGES * PAGE_ROWS);
    expect(scene.source.at(99_500)?.seq).toBe(99_500);
  });

  it('asks only for the number of rows when a capture grows below what is read', async () => {
    const scene = new Scene(10_000, false);
    await scene.settle();
    scene.records = 12_000;
    scene.source.grew();
    scene.source.grew();
    scene.frame();
    expect(scene.requests.at(-1)).toMatchObject({ count: 0 });
    await scene.answer();
    expect(scene.source.total).toBe(12_000);
    expect(scene.source.at(5)?.seq).toBe(5);
  });

  it('lays out only complete screens while it follows', async () => {
    const scene = new Scene(50, true);
    scene.source.show({ first: 0, end: 40 }, true);
    await scene.settle();
    expect(scene.source.total).toBe(50);
    for (let turn = 0; turn < 50; turn += 1) {
      scene.records += turn * 137;
      scene.source.grew();
      scene.frame();
      await scene.answer();
      const { total } = scene.source;
      for (let row = Math.max(0, total - 40); row < total; row += 1) expect(scene.source.at(row)?.seq).toBe(row);
    }
    await scene.settle();
    expect(scene.source.total).toBe(scene.records);
  });

  it('reads again the page that was not full', async () => {
    const scene = new Scene(130, false);
    scene.source.show({ first: 100, end: 150 }, false);
    await scene.settle();
    expect(scene.source.at(129)?.seq).toBe(129);
    scene.records = 180;
    scene.source.grew();
    await scene.settle();
    expect(scene.source.at(149)?.seq).toBe(149);
  });

  it('starts again when a new capture takes the place of the old one', async () => {
    const scene = new Scene(500, false);
    await scene.settle();
    scene.records = 3;
    scene.source.grew();
    await scene.settle();
    expect(scene.source.total).toBe(3);
    expect(scene.source.at(40)).toBeUndefined();
    expect(scene.source.at(2)?.seq).toBe(2);
  });

  it('says why asking failed, does not ask again by itself, and does when there is news', async () => {
    const scene = new Scene(10, false);
    scene.frame();
    scene.requests[0]?.fail(new Error('gone'));
    await Promise.resolve();
    await Promise.resolve();
    expect(scene.source.failure).toBeInstanceOf(Error);
    scene.source.show({ first: 0, end: 10 }, false);
    scene.frame();
    expect(scene.requests).toHaveLength(1);
    scene.source.grew();
    scene.frame();
    expect(scene.requests).toHaveLength(2);
  });

  it('asks again by itself while a filter is still reading the capture', async () => {
    const scene = new Scene(0, false);
    scene.scanning = 0.2;
    scene.frame();
    await scene.answer();
    expect(scene.source.scanning).toBe(0.2);
    scene.records = 30;
    scene.scanning = undefined;
    await scene.settle();
    expect(scene.source.total).toBe(30);
    expect(scene.source.scanning).toBeUndefined();
    expect(scene.requests).toHaveLength(2);
  });

  it('ignores answers that arrive after it was disposed of', async () => {
    const scene = new Scene(10, false);
    scene.frame();
    let told = 0;
    scene.source.subscribe(() => {
      told += 1;
    });
    scene.source.dispose();
    await scene.answer();
    expect(told).toBe(0);
    expect(scene.source.total).toBe(0);
  });

  it('asks again for rows of calls that go on, and no more once they have ended', async () => {
    const scene = new Scene(500, false);
    scene.calls.set(3, { clientMessages: 1, serverMessages: 0 });
    await scene.settle();
    const before = scene.requests.length;
    scene.calls.set(3, { clientMessages: 1, serverMessages: 1, durationMicroseconds: 4200, status: 0 });
    scene.source.grew();
    await scene.settle();
    expect(scene.source.at(3)?.call?.status).toBe(0);
    expect(scene.requests[before]).toMatchObject({ from: 0 });
    const after = scene.requests.length;
    scene.source.grew();
    await scene.settle();
    expect(scene.requests.slice(after).every(({ count }) => count === 0)).toBe(true);
  });

  it('asks again for what changed while it was being asked', async () => {
    const scene = new Scene(50, false);
    scene.calls.set(3, { clientMessages: 1, serverMessages: 0 });
    await scene.settle();
    scene.source.grew();
    scene.frame();
    const asked = scene.requests.at(-1);
    scene.source.grew();
    asked?.answer();
    await Promise.resolve();
    await Promise.resolve();
    const before = scene.requests.length;
    scene.calls.set(3, { clientMessages: 9, serverMessages: 0 });
    await scene.settle();
    expect(scene.requests.length).toBeGreaterThan(before);
    expect(scene.source.at(3)?.call?.clientMessages).toBe(9);
  });
});
