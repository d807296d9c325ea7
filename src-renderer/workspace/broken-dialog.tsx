// What is wrong with a file of the workspace that cannot be used.
import { desktop } from '../bridge/host.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';

const close = () => useDialogs.setState({ broken: null });

export function BrokenDialog() {
  const broken = useDialogs((state) => state.broken);
  const folder = useWorkspace(({ state }) => state.folder);
  if (!broken) return null;
  return (
    <Dialog title={`${broken.path} cannot be used`} open onClose={close}>
      <div className="dialog-body">
        <p className="selectable data">{broken.problem}</p>
        <p>Nothing in it is changed. It is read again as soon as it is saved.</p>
      </div>
      <DialogActions>
        {desktop && folder !== null && (
          <Button onClick={() => void desktop?.reveal(`${folder}/${broken.path}`)}>Show in its folder</Button>
        )}
        <Button variant="primary" data-dialog-entry onClick={close}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
