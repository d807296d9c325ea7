// What can be done with a payload as a whole: copy it, save it, compose it again.
import type { PayloadView } from '../../src-main/bridge/contract.ts';
import type { Mode } from '../composer/content.ts';
import { draftOf, editDraft, replaceDraft } from '../composer/draft-store.ts';
import { runCommand } from '../shell/commands.ts';
import { usePreferences } from '../stores/preferences.ts';
import { reportProblem } from '../stores/problem.ts';
import { formatBytes } from '../ui/format.ts';
import { showToast } from '../ui/toast.tsx';
import { base64, hexText } from './byte-copy.ts';
import type { ByteSource } from './byte-source.ts';

/** More would not go through a clipboard or an editor. */
const MAX_COPY_BYTES = 16 * 1024 * 1024;
/** What a page can hold on its way to a file. */
const MAX_SAVE_BYTES = 512 * 1024 * 1024;
/** Bytes the composer shows as hex; more goes as base64. */
const MAX_HEX_BYTES = 4096;

/** Copies the whole payload: text if that is how it is read, else hex. */
export async function copyPayload(source: ByteSource, view: PayloadView): Promise<void> {
  try {
    const bytes = await source.range(0, source.sizeBytes, MAX_COPY_BYTES);
    const text = view.text === undefined ? undefined : utf8(bytes);
    await navigator.clipboard.writeText(text ?? hexText(bytes));
    const cut = bytes.length < source.sizeBytes ? `the first ${formatBytes(bytes.length)}` : formatBytes(bytes.length);
    showToast({ text: `Copied ${cut} as ${text === undefined ? 'hex' : 'text'}.` });
  } catch (error) {
    reportProblem(error);
  }
}

/** Hands the payload's bytes to the browser as a file. */
export async function savePayload(source: ByteSource): Promise<void> {
  try {
    const bytes = await source.range(0, source.sizeBytes, MAX_SAVE_BYTES);
    const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'payload.bin';
    link.click();
    URL.revokeObjectURL(url);
  } catch (error) {
    reportProblem(error);
  }
}

/** Puts the payload into the composer, to be sent again; what was written there comes back with Undo. */
export async function composeAgain(session: string, source: ByteSource): Promise<void> {
  try {
    const bytes = await source.range(0, source.sizeBytes, MAX_COPY_BYTES);
    if (bytes.length < source.sizeBytes) throw new Error('The payload is too large for the composer.');
    const before = draftOf(session);
    replaceDraft(session, draftContent(bytes));
    usePreferences.setState({ composer: true });
    runCommand('composer.focus');
    if (before.text === '') return;
    showToast({
      text: 'The payload replaced what stood in the composer.',
      action: { label: 'Undo', run: () => editDraft(session, before) },
    });
  } catch (error) {
    reportProblem(error);
  }
}

function draftContent(bytes: Uint8Array): { mode: Mode; text: string } {
  const text = utf8(bytes);
  if (text !== undefined) return { mode: 'text', text };
  return bytes.length <= MAX_HEX_BYTES
    ? { mode: 'hex', text: hexText(bytes) }
    : { mode: 'base64', text: base64(bytes) };
}

/** Bytes as text if they are UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
