// Orders to the engine about scripts: run, stop, record.
import type { Step } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { showComposerPane } from '../stores/composer-pane.ts';
import { withValue } from '../stores/config-edit.ts';
import { usePreferences } from '../stores/preferences.ts';
import { attempt } from '../stores/problem.ts';
import { editConfig, saveEdits } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { showToast } from '../ui/toast.tsx';
import { useScripts } from './script-store.ts';
import { settleText } from './script-text.ts';
import { withRecording, withScript } from './step-edit.ts';

const NONE: readonly Step[] = [];

/** The steps as they were edited last. */
export function scriptOf(id: string): readonly Step[] {
  return configOf(useSessions.getState(), id)?.script ?? NONE;
}

export function editScript(id: string, change: (script: readonly Step[]) => readonly Step[]): void {
  editConfig(id, (config) => withScript(config, change(config.script ?? NONE)));
}

/** undefined: the script runs once. */
export function editData(id: string, file: string | undefined): void {
  editConfig(id, (config) => withValue(config, 'data', file));
}

/** Takes a file that was chosen, named as the engine would have it: in a workspace relative to the session. */
export async function takeDataFile(id: string, path: string): Promise<void> {
  const found = await bridge.call('script.data', { session: id, file: path });
  editData(id, found.ok ? found.file : path);
}

export function showScript(id: string): void {
  usePreferences.setState({ composer: true });
  showComposerPane(id, 'script');
}

/** Runs what was typed last. */
export async function runScript(id: string): Promise<void> {
  showScript(id);
  if (!(await settleText(id))) {
    showToast({ text: 'The YAML says no script yet: nothing was run.', severity: 'error' });
    return;
  }
  if (!(await saveEdits(id))) return;
  useScripts.setState(({ ran }) => ({ ran: { ...ran, [id]: scriptOf(id) } }));
  await attempt(() => bridge.call('script.run', { session: id }));
}

export async function stopScript(id: string): Promise<void> {
  await attempt(() => bridge.call('script.stop', { session: id }));
}

/** Makes a script of what the session has captured; it is shown before it takes the place of the session's own. */
export async function recordScript(id: string): Promise<void> {
  const recording = await attempt(async () => {
    const { script, messages } = await bridge.call('script.record', { session: id });
    const { text } = await bridge.call('script.format', { script });
    return { session: id, script, messages, text };
  });
  if (!recording) return;
  if (recording.script.length === 0) {
    showToast({ text: 'Nothing was sent or received that a script could repeat.' });
    return;
  }
  showScript(id);
  useScripts.setState({ recording });
}

/** Takes the recorded script over. It can be undone. */
export function acceptRecording(): void {
  const { recording } = useScripts.getState();
  if (!recording) return;
  const { session: id } = recording;
  useScripts.setState({ recording: null });
  const before = configOf(useSessions.getState(), id);
  editConfig(id, (config) => withRecording(config, recording));
  void saveEdits(id);
  if (!before?.script) return;
  const { script } = before;
  showToast({
    text: 'The recording replaced the script.',
    action: { label: 'Undo', run: () => editScript(id, () => script) },
  });
}
