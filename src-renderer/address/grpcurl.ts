// grpcurl command lines: pasted into an address they become the session; copied they make the session's call.
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { readContent, shownMessage } from '../composer/content.ts';
import { draftOf, replaceDraft } from '../composer/draft-store.ts';
import { reportProblem } from '../stores/problem.ts';
import { editConfig, saveEdits } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { showToast } from '../ui/toast.tsx';

/** Whether somebody pasted a command line where an address is wanted. */
export function isGrpcurl(text: string): boolean {
  return /^\s*(\$\s*)?(\S*[\\/])?grpcurl(\.exe)?\s+\S/.test(text);
}

/** Makes the session what the command line says, under its own name; what it was comes back with Undo. */
export async function applyGrpcurl(session: string, text: string): Promise<void> {
  try {
    const { config, warnings } = await bridge.call('grpcurl.parse', { text: text.replace(/^\s*\$\s*/, '') });
    const before = configOf(useSessions.getState(), session);
    if (!before) return;
    const draft = draftOf(session);
    editConfig(session, (old) => fromGrpcurl(old, config));
    const [message] = config.messages ?? [];
    if (message) replaceDraft(session, { ...shownMessage(message), mode: 'json', savedAs: message.name });
    await saveEdits(session);
    showToast({
      text: warnings.length > 0 ? `From grpcurl, but: ${warnings.join(' ')}` : 'Set up from the grpcurl command.',
      action: {
        label: 'Undo',
        run: () => {
          editConfig(session, () => before);
          replaceDraft(session, draft);
        },
      },
    });
  } catch (error) {
    reportProblem(error);
  }
}

/** `parsed` in place of `old`, whose name and saved messages stay. */
export function fromGrpcurl(old: SessionConfig, parsed: SessionConfig): SessionConfig {
  const taken = new Set((parsed.messages ?? []).map(({ name }) => name));
  const messages = [...(old.messages ?? []).filter(({ name }) => !taken.has(name)), ...(parsed.messages ?? [])];
  return { ...parsed, name: old.name, ...(messages.length > 0 ? { messages } : {}) };
}

/** Copies the command line that makes the session's call with what stands in the composer. */
export async function copyAsGrpcurl(session: string): Promise<void> {
  const draft = draftOf(session);
  const reading = readContent(draft.mode, draft.text.trim() === '' && draft.mode === 'json' ? '{}' : draft.text);
  if (!reading.ok) {
    showToast({ text: reading.error, severity: 'error' });
    return;
  }
  try {
    await saveEdits(session);
    const { text } = await bridge.call('grpcurl.format', { session, content: reading.content });
    await navigator.clipboard.writeText(text);
    showToast({ text: 'Copied the grpcurl command.' });
  } catch (error) {
    reportProblem(error);
  }
}
