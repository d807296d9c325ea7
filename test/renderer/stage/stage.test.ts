// Drives the timeline and the inspector in a real browser over the fake bridge: what only a layout, a scroller and a
// keyboard can show. The whole app over a real engine is end-to-end's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumExecutable } from '../../../scripts/executables.mjs';
import type { FakeBridge } from './fake-bridge.ts';

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const TEN_MILLION = 10_000_000;

declare global {
  interface Window {
    stage: FakeBridge;
  }
}

const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url));
let folder: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirescope-stage-'));
  const common = { configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } } as const;
  await build(common);
  server = await preview({ ...common, preview: { port: 0, host: '127.0.0.1' } });
  const bound = server.httpServer.address();
  address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : '';
  const executablePath = chromiumExecutable();
  browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ARGS });
});
afterEach(() => page.close());
afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

async function open(query: string): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  await page.goto(`${address}/?${query}`);
  await page.locator('.tl-grid').focus();
}

const drawnNumbers = async (): Promise<number[]> =>
  (await page.locator('.tl-row .tl-number').allTextContents()).map(Number);
const selected = (): Promise<string | null> => page.locator('.tl-current .tl-number').textContent();

/** Numbers of the rows wholly inside the viewport. */
const seenNumbers = (): Promise<number[]> =>
  page.evaluate(() => {
    const frame = document.querySelector('.tl-rows')!.getBoundingClientRect();
    return [...document.querySelectorAll('.tl-row')]
      .filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top >= frame.top - 1 && bottom <= frame.bottom + 1;
      })
      .map((row) => Number(row.querySelector('.tl-number')?.textContent));
  });

describe('timeline', () => {
  it('reaches every one of ten million rows by key, wheel and thumb, with a screenful of elements', async () => {
    await open(`records=${TEN_MILLION}&role=capture`);
    await page.keyboard.press('Home');
    await expect.poll(selected).toBe('1');
    await page.keyboard.press('End');
    await expect.poll(selected).toBe(String(TEN_MILLION));
    expect((await seenNumbers()).at(-1)).toBe(TEN_MILLION);
    await page.keyboard.press('ArrowUp');
    await expect.poll(selected).toBe(String(TEN_MILLION - 1));

    await page.locator('.tl-rows').hover();
    const before = (await seenNumbers())[0]!;
    await page.mouse.wheel(0, -240);
    await expect.poll(async () => (await seenNumbers())[0]).toBe(before - 10);

    await page.evaluate(() => {
      const scroller = document.querySelector('.tl-rows')!;
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) / 2;
    });
    await expect.poll(async () => Math.round((await seenNumbers())[0]! / 100_000)).toBe(50);
    expect((await drawnNumbers()).length).toBeLessThan(60);
  });

  it('stays at the end while it follows, and where one reads while it does not', async () => {
    await open('records=500');
    await expect.poll(async () => (await seenNumbers()).at(-1)).toBe(500);
    await page.evaluate(() => window.stage.grow('stage', 800));
    await expect.poll(async () => (await seenNumbers()).at(-1)).toBe(800);

    await page.locator('.tl-rows').hover();
    await page.mouse.wheel(0, -1200);
    await expect.poll(async () => (await seenNumbers()).at(-1)).toBe(750);
    const reading = await seenNumbers();
    await page.evaluate(() => window.stage.grow('stage', 5000));
    await expect.poll(() => page.locator('.tl-pill').textContent()).toContain('4,200 new');
    expect(await seenNumbers()).toEqual(reading);

    await page.locator('.tl-pill').click();
    await expect.poll(async () => (await seenNumbers()).at(-1)).toBe(5000);
    expect(await page.locator('.tl-pill').count()).toBe(0);
  });

  it('asks no more than once a frame while 100,000 records come at full speed, and shows the last', async () => {
    await open('records=10');
    const { frames, requests, drawn } = await page.evaluate(async () => {
      const { stage } = window;
      let frames = 0;
      const count = (): void => {
        frames += 1;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      let records = 10;
      await new Promise<void>((resolve) => {
        const flood = setInterval(() => {
          records = Math.min(100_000, records + 400);
          stage.grow('stage', records);
          if (records < 100_000) return;
          clearInterval(flood);
          resolve();
        }, 2);
      });
      const requests = stage.calls.filter((call) => call.method === 'timeline.rows').length;
      return { frames, requests, drawn: document.querySelectorAll('.tl-row').length };
    });
    // Two more: the first screen and the time of the first record.
    expect(requests).toBeLessThanOrEqual(frames + 2);
    expect(drawn).toBeLessThan(60);
    await expect.poll(async () => (await seenNumbers()).at(-1)).toBe(100_000);
  });

  it('selects, extends, marks and copies by keyboard', async () => {
    await open('records=100&role=capture');
    await page.keyboard.press('Home');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('m');
    await expect.poll(() => page.locator('.tl-chip').textContent()).toContain('Δ from #5');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => page.locator('.tl-row[aria-selected="true"]').count()).toBe(3);
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => page.evaluate(() => window.stage.calls.find((call) => call.method === 'timeline.copy')?.input))
      .toMatchObject({ from: 4, count: 3, format: 'text' });
  });

  it('finds text forwards and backwards, and says when there is none', async () => {
    await open('records=100&role=capture');
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+f');
    await page.getByRole('textbox', { name: 'Find in rows' }).fill('AFTER THE');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.tl-current .tl-kind').textContent()).toBe('pong');
    const first = Number(await selected());
    await page.keyboard.press('F3');
    await expect.poll(selected).toBe(String(first + 8));
    await page.keyboard.press('Shift+F3');
    await expect.poll(selected).toBe(String(first));
    await page.getByRole('textbox', { name: 'Find in rows' }).fill('nowhere to be found');
    await expect.poll(() => page.locator('.tl-find-state').textContent()).toBe('No match');
  });

  it('keeps the selected record through a filter, and refuses a wrong one with its place', async () => {
    await open('records=1000&role=capture');
    await page.keyboard.press('Home');
    for (let step = 0; step < 6; step += 1) await page.keyboard.press('ArrowDown');
    await expect.poll(selected).toBe('7');
    const filter = page.getByRole('combobox', { name: 'Filter' });
    await filter.fill('websocket');
    await expect.poll(async () => (await seenNumbers()).slice(0, 3)).toEqual([1, 3, 5]);
    await expect.poll(selected).toBe('7');
    await filter.fill('websocket.opcode === 1');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('Expected a value');
    expect((await seenNumbers()).slice(0, 3)).toEqual([1, 3, 5]);
  });

  it.each(['Messages', 'Frames'])(
    'at the level of %s unfolds a call by key, and the one a record is part of',
    async (level) => {
      await open('records=40&recordsPerCall=4&role=capture&inspector=200');
      const outline = () =>
        page.locator('.tl-row').evaluateAll((rows) =>
          rows.map((row) => {
            const depth = '  '.repeat(Number(row.getAttribute('aria-level')) - 1);
            const mark = { true: '▾', false: '▸' }[row.getAttribute('aria-expanded') ?? ''] ?? '';
            return `${depth}${mark}${row.querySelector('.tl-number')?.textContent}`;
          }),
        );
      const folded = Array.from({ length: 10 }, (_, call) => `▸${call * 4 + 1}`);
      await page.getByRole('radio', { name: level, exact: true }).click();
      await page.locator('.tl-grid').focus();
      await expect.poll(outline).toEqual(folded);

      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await expect.poll(outline).toEqual(['▾1', '  2', '  3', '  4', ...folded.slice(1)]);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      await expect.poll(selected).toBe('3');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(selected).toBe('1');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(outline).toEqual(folded);

      await page.keyboard.press('Control+f');
      await page.getByRole('textbox', { name: 'Find in rows' }).fill('#11');
      await page.keyboard.press('Enter');
      await expect.poll(selected).toBe('11');
      const unfolded = [...folded.slice(0, 2), '▾9', '  10', '  11', '  12', ...folded.slice(3)];
      await expect.poll(outline).toEqual(unfolded);

      await page.getByRole('radio', { name: 'Everything', exact: true }).click();
      await expect.poll(async () => (await drawnNumbers()).slice(0, 3)).toEqual([1, 2, 3]);
      expect(
        await page
          .locator('[aria-expanded], [aria-level]')
          .filter({ has: page.locator('.tl-number') })
          .count(),
      ).toBe(0);
      await page.getByRole('radio', { name: level, exact: true }).click();
      await expect.poll(outline).toEqual(unfolded);
    },
  );
});

describe('inspector', () => {
  it('shows a field’s bytes, and the innermost field of bytes', async () => {
    await open('records=100&role=capture');
    await page.keyboard.press('Home');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowDown');
    await page.getByRole('treeitem', { name: 'Masking key' }).click();
    await expect
      .poll(() => page.locator('.in-byte.in-selected').evaluateAll((cells) => cells.map((cell) => cell.textContent)))
      .toEqual(['8f', '1c', '22', '41']);
    await page.locator('.in-byte[data-offset="1"]').click();
    await expect
      .poll(() => page.locator('.in-tree-row[aria-selected="true"]').textContent())
      .toContain('Payload length');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => page.locator('.in-readout-values').textContent()).toContain('u16 36636');
  });

  it('pages through a megabyte and reads the last byte', async () => {
    await open('records=100&role=capture');
    await page.keyboard.press('Home');
    for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowDown');
    await page.getByRole('tab', { name: 'Hex' }).click();
    await page.locator('.in-hex-grid').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+End');
    await expect.poll(() => page.locator('.in-readout-values').textContent()).toContain('u8 227');
    expect(await page.locator('.in-hex-row').count()).toBeLessThan(60);
  });
});
