// Capture files that other programs wrote: opened, filtered, refused with a reason.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from './app.ts';
import { expect, test } from './fixtures.ts';

/** Drops a file on the window, as from a file manager. Made in the page it has no path: its bytes are uploaded, on the desktop too. */
async function drop(page: Page, path: string): Promise<void> {
  const [bytes, name] = [readFileSync(path).toString('base64'), basename(path)];
  const transfer = await page.evaluateHandle(
    ([content, fileName]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], fileName));
      return data;
    },
    [bytes, name] as const,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await expect(page.getByText('Drop to open the capture')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('opens what dumpcap has captured, and filters it', async ({ workbench, page }) => {
  await drop(page, join(root, 'fixtures/captures/ethernet.pcap'));
  await expect(workbench.rows(/client to server request/).first()).toBeVisible();
  await expect(page.getByRole('main').getByRole('tab', { name: /ethernet/ })).toBeVisible();
  await expect(workbench.composer).toHaveCount(0);

  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.fill('websocket.opcode == 1');
  await expect(workbench.rows(/request/)).toHaveCount(0);
  const texts = workbench.rows(/ text /);
  await expect(texts.first()).toBeVisible();
  expect(await workbench.timeline.getByRole('row').count()).toBe(1 + (await texts.count()));
  await workbench.select(texts);
  await expect(workbench.field('Opcode 1 text')).toBeVisible();

  await test.step('a wrong filter says where, and the rows stay', async () => {
    await filter.fill('no.such.field == 1');
    await expect(page.getByRole('toolbar', { name: 'Timeline' }).getByRole('alert')).toContainText('no.such.field');
    await expect(texts.first()).toBeVisible();
  });

  await test.step('a filter that nothing meets offers the way back', async () => {
    await filter.fill('websocket.opcode == 9 && websocket.opcode == 1');
    await page.getByRole('button', { name: 'Clear filter' }).last().click();
    await expect(workbench.rows(/client to server request/).first()).toBeVisible();
    await expect(filter).toHaveValue('');
  });
});

test('opens what text2pcap makes', async ({ workbench, peers, page, app }) => {
  const capture = join(app.dataFolder, 'made.pcapng');
  const text2pcap = peers.start('text2pcap', '-q', '-u', '4000,5000', '-', capture);
  text2pcap.write('0000 63 61 66 c3 a9\n');
  text2pcap.endInput();
  await text2pcap.ended();
  await drop(page, capture);
  await workbench.select(workbench.rows(/ 5 café/));
  await expect(workbench.byte(3)).toHaveText('c3');
});

test('says what is wrong with a file that is no capture, and goes on', async ({ workbench, page, app }) => {
  const garbage = join(app.dataFolder, 'holiday.pcapng');
  writeFileSync(garbage, 'this is a diary, not a capture');
  await drop(page, garbage);
  await expect(page.getByRole('alert')).toContainText(/holiday\.pcapng|not a capture|pcap/i);
  await drop(page, join(root, 'fixtures/captures/linux-cooked-2.pcapng'));
  await expect(workbench.rows(/client to server request/).first()).toBeVisible();
});
