// What was recorded, before it takes the place of the script.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { formatPlural } from '../ui/format.ts';
import { acceptRecording, scriptOf } from './script-actions.ts';
import { useScripts } from './script-store.ts';

export function RecordDialog({ session }: { session: SessionState }) {
  const recording = useScripts((state) => (state.recording?.session === session.id ? state.recording : null));
  if (!recording) return null;
  const { script, messages, text } = recording;
  const close = () => useScripts.setState({ recording: null });
  const before = scriptOf(session.id).length;
  const added = messages.length > 0 ? ` and ${formatPlural(messages.length, 'saved message')}` : '';
  return (
    <Dialog
      title="Record as script"
      description={`${formatPlural(script.length, 'step')}${added}, made from what this session sent and received.`}
      open
      onClose={close}
      className="record-dialog"
    >
      <div className="dialog-body">
        <textarea
          className="input data record-text"
          aria-label="Recorded script"
          readOnly
          rows={Math.min(18, Math.max(4, text.split('\n').length))}
          value={text.trimEnd()}
        />
      </div>
      <DialogActions>
        {before > 0 && <span className="record-note">Replaces {formatPlural(before, 'step')}.</span>}
        <Button onClick={close}>Cancel</Button>
        <Button variant="primary" data-dialog-entry onClick={acceptRecording}>
          {before > 0 ? 'Replace script' : 'Use as script'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
