// Orders of the composer: send once or repeatedly, save the draft as a message.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SavedMessage } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { freeName } from '../stores/config-edit.ts';
import { reportProblem } from '../stores/problem.ts';
import { saveEdits, saveMessages, startSession } from '../stores/session-actions.ts';
import { configOf, isRunning, useSessions } from '../stores/sessions.ts';
import { showToast } from '../ui/toast.tsx';
import { readContent, shownMessage } from './content.ts';
import { type Draft, draftOf, editDraft, type Recipients } from './draft-store.ts';

export interface SendOptions {
  repeat?: Draft['repeat'];
  /** Absent: as the draft says, for servers; everybody for clients. */
  to?: Recipients;
  /** Makes the connection first if there is none. */
  connect?: boolean;
}

/** Sends the draft; without a connection it says so and offers one. */
export async function sendDraft(session: SessionState, options: SendOptions = {}): Promise<void> {
  const draft = draftOf(session.id);
  const isEmptyMessage = session.config.protocol === 'grpc' && draft.mode === 'json' && draft.text.trim() === '';
  const reading = readContent(draft.mode, isEmptyMessage ? '{}' : draft.text);
  if (!reading.ok) return showToast({ text: reading.error, severity: 'error' });
  if (session.phase !== 'open' && !canWait(session) && !(options.connect && (await connect(session))))
    return offerConnection(session);
  try {
    // Saved messages and variables are used as typed last, never as they were when the connection was made.
    await saveEdits(session.id);
    const to = options.to ?? (session.config.role === 'server' ? draft.to : 'all');
    const { recipients } = await bridge.call('sessions.send', {
      session: session.id,
      content: reading.content,
      to,
      ...(options.repeat ? { repeat: options.repeat } : {}),
    });
    if (recipients === 0) {
      const what = session.config.protocol === 'grpc' ? 'call' : 'connection';
      showToast({ text: `Sent to nobody: no ${what} is open.` });
    }
  } catch (error) {
    reportProblem(error);
  }
}

/** Whether a call may be begun for a connection that is still to come. */
function canWait({ id, phase }: SessionState): boolean {
  const waits = configOf(useSessions.getState(), id)?.grpc?.waitForReady === true;
  return waits && (phase === 'connecting' || phase === 'waiting');
}

/** True when it is open. What kept it from opening stands under the address. */
async function connect(session: SessionState): Promise<boolean> {
  return !isRunning(session) && (await startSession(session.id));
}

function offerConnection(session: SessionState): void {
  const server = session.config.role === 'server';
  if (useSessions.getState().startProblems[session.id]) return;
  if (session.phase === 'connecting' || session.phase === 'waiting') {
    showToast({ text: 'Not sent: still connecting.' });
    return;
  }
  showToast({
    text: server ? 'Not sent: the server is not listening.' : 'Not sent: there is no connection.',
    action: { label: server ? 'Listen' : 'Connect', run: () => void startSession(session.id) },
  });
}

export async function stopSending(session: SessionState): Promise<void> {
  try {
    await bridge.call('sessions.stopSending', { session: session.id });
  } catch (error) {
    reportProblem(error);
  }
}

/**
 * Saves under the name it came from; under a new one if it came from none or with `asNew`. Answers the name, or
 * undefined if it cannot be saved.
 */
export async function saveDraft(session: SessionState, asNew: boolean): Promise<string | undefined> {
  const draft = draftOf(session.id);
  const reading = readContent(draft.mode, draft.text);
  if (!reading.ok) {
    showToast({ text: `Not saved. ${reading.error}`, severity: 'error' });
    return undefined;
  }
  let name = asNew ? undefined : draft.savedAs;
  await saveMessages(session.id, (messages) => {
    const known = name !== undefined && messages.some((message) => message.name === name);
    if (!known)
      name = freeName(
        'Message 1',
        messages.map((message) => message.name),
      );
    const saved = { name, ...reading.content } as SavedMessage;
    return known ? messages.map((message) => (message.name === name ? saved : message)) : [...messages, saved];
  });
  if (name !== undefined) editDraft(session.id, { savedAs: name });
  return name;
}

/** Whether the draft says something else than the saved message it came from. */
export function isModified(draft: Draft, messages: readonly SavedMessage[]): boolean {
  const saved = messages.find((message) => message.name === draft.savedAs);
  if (!saved) return false;
  const shown = shownMessage(saved);
  if (shown.mode !== draft.mode) return true;
  if (draft.mode !== 'json') return shown.text !== draft.text;
  const reading = readContent('json', draft.text);
  return (
    !reading.ok ||
    !('json' in reading.content) ||
    JSON.stringify(reading.content.json) !== JSON.stringify(JSON.parse(shown.text))
  );
}
