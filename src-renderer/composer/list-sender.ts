// Sends messages one after the other with a pause between them, and can be stopped. One list a session.
import { create } from 'zustand';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { Content } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { reportProblem } from '../stores/problem.ts';
import { without } from '../stores/sessions.ts';
import { sendControl } from './control-menu.ts';

export interface ListOptions {
  contents: readonly Content[];
  pauseMs: number;
  /** Says at the end that no more comes. */
  endStreaming: boolean;
}

interface Running {
  sent: number;
  of: number;
}

/** Lists that are being sent, by session. */
export const useListSending = create<{ bySession: { readonly [session: string]: Running } }>(() => ({ bySession: {} }));

/** Answers when all are sent, or one could not be, or it was stopped. */
export async function sendList(session: SessionState, options: ListOptions): Promise<void> {
  const { id } = session;
  const run: Running = { sent: 0, of: options.contents.length };
  const show = (running: Running) =>
    useListSending.setState(({ bySession }) => ({ bySession: { ...bySession, [id]: running } }));
  const isRunning = () => useListSending.getState().bySession[id] !== undefined;
  show(run);
  try {
    for (const [index, content] of options.contents.entries()) {
      if (index > 0 && options.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
      if (!isRunning()) return;
      await bridge.call('sessions.send', { session: id, content, to: 'last' });
      if (!isRunning()) return;
      show({ ...run, sent: index + 1 });
    }
    if (options.endStreaming) await sendControl(session, { type: 'halfClose' }, 'last');
  } catch (error) {
    reportProblem(error);
  } finally {
    stopList(id);
  }
}

export function stopList(session: string): void {
  useListSending.setState(({ bySession }) => ({ bySession: without(bySession, session) }));
}
