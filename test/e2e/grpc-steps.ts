// What a person does with gRPC in more than one test.
import { join } from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { root } from './app.ts';
import type { Workbench } from './workbench.ts';

export const PROTOS = join(root, 'protos');
export const SEND = 'chat.ChatService/SendMessage';
export const STREAM = 'chat.ChatService/StreamMessages';

/** Names files of protos/ as those of a session's message types. */
export async function nameFiles(workbench: Workbench, ...files: string[]): Promise<void> {
  await workbench.settings('Schema', async (drawer) => {
    for (const file of files) await addFile(drawer, join(PROTOS, file));
    await expect(drawer.getByText(`${files.length} service`)).toBeVisible();
  });
}

/** Names one more file in the settings of the schema. */
export async function addFile(drawer: Locator, path: string): Promise<void> {
  await drawer.getByRole('textbox', { name: 'Files' }).fill(path);
  await drawer.getByRole('textbox', { name: 'Files' }).press('Enter');
}

/** Chooses a method in the service browser, by what is typed. */
export async function chooseMethod(workbench: Workbench, typed: string, path: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('Control+Shift+o');
  const search = page.getByRole('combobox', { name: 'Search services and methods' });
  await search.fill(typed);
  await expect(page.getByRole('option', { name: path.split('/').at(-1)! }).first()).toBeVisible();
  await search.press('Enter');
  await expect(page.getByRole('region', { name: 'Method' })).toContainText(path);
}

/** A field of the message's form. */
export function field(workbench: Workbench, name: string): Locator {
  return workbench.composer.getByRole('textbox', { name, exact: true });
}
