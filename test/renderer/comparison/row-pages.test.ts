import { expect, test, vi } from 'vitest';
import type { ComparedRow } from '../../../src-main/bridge/contract.ts';
import { PAGE_ROWS, RowPages } from '../../../src-renderer/comparison/row-pages.ts';

/** A row that can be told from others. */
const rowOf = (row: number) => ({ kind: 'same', lagMicroseconds: row }) as const satisfies ComparedRow;

function pagesOf(total: number) {
  const fetch = vi.fn(async (from: number, count: number) =>
    Array.from({ length: Math.min(count, total - from) }, (_, index) => rowOf(from + index)),
  );
  return { fetch, pages: new RowPages(fetch) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('asks for a page once, and tells when it has come', async () => {
  const { fetch, pages } = pagesOf(1000);
  const listener = vi.fn();
  pages.subscribe(listener);
  pages.show([5, 6, 250]);
  pages.show([5, 7]);
  expect(pages.at(5)).toBeUndefined();
  await settled();
  expect(fetch.mock.calls).toEqual([
    [0, PAGE_ROWS],
    [200, PAGE_ROWS],
  ]);
  expect([pages.at(5), pages.at(250), pages.at(100)]).toEqual([rowOf(5), rowOf(250), undefined]);
  expect(listener).toHaveBeenCalledTimes(2);
});

test('keeps the pages that were looked at last', async () => {
  const { fetch, pages } = pagesOf(100_000);
  for (let page = 0; page < 30; page += 1) {
    pages.show([page * PAGE_ROWS, 0]);
    await settled();
  }
  expect(pages.at(0)).toEqual(rowOf(0));
  expect(pages.at(PAGE_ROWS)).toBeUndefined();
  expect(pages.at(29 * PAGE_ROWS)).toEqual(rowOf(29 * PAGE_ROWS));
  const asked = fetch.mock.calls.length;
  pages.show([PAGE_ROWS]);
  await settled();
  expect(fetch.mock.calls.length).toBe(asked + 1);
  expect(pages.at(PAGE_ROWS)).toEqual(rowOf(PAGE_ROWS));
});

test('says what went wrong, and does not ask on and on', async () => {
  const fetch = vi.fn(() => Promise.reject(new Error('gone')));
  const pages = new RowPages(fetch);
  pages.subscribe(() => pages.show([0]));
  pages.show([0]);
  await settled();
  expect(pages.failure).toEqual(new Error('gone'));
  expect(fetch).toHaveBeenCalledTimes(1);
});
