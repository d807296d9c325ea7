// Asks before a workspace is left whose sessions run.

import { useWorkspace } from '../stores/workspace.ts';
import { useLeaving } from '../stores/workspace-leaving.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';

export function LeaveDialog() {
  const { running, answer } = useLeaving();
  const name = useWorkspace(({ state }) => state.name);
  if (!running) return null;
  const isOne = running.length === 1;
  return (
    <Dialog title={`Leave “${name}”?`} open onClose={() => answer(false)}>
      <div className="dialog-body">
        <p>{isOne ? `“${running[0]}” is running.` : `${running.length} sessions are running.`}</p>
        <p>
          {isOne
            ? 'Leaving the workspace ends it. Its capture is kept.'
            : 'Leaving the workspace ends them. Their captures are kept.'}
        </p>
      </div>
      <DialogActions>
        <Button onClick={() => answer(false)}>Stay</Button>
        <Button variant="primary" data-dialog-entry onClick={() => answer(true)}>
          {isOne ? 'End it and leave' : 'End them and leave'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
