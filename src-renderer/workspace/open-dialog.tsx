// A workspace's folder by its path, where no dialog of the system can ask: in a browser, whose engine may run elsewhere.
import { type FormEvent, useState } from 'react';
import { useDialogs } from '../stores/dialogs.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { openWorkspace } from '../stores/workspace-actions.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

const close = () => useDialogs.setState({ workspace: null });

export function OpenDialog() {
  const asked = useDialogs((state) => state.workspace);
  if (asked === null) return null;
  return <Asking create={asked === 'create'} />;
}

function Asking({ create }: { create: boolean }) {
  const newest = useWorkspace(({ state }) => state.recent[0]?.folder);
  const [folder, setFolder] = useState('');
  const [busy, setBusy] = useState(false);
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const isOpen = await openWorkspace(folder.trim(), create);
    setBusy(false);
    if (isOpen) close();
  };
  return (
    <Dialog title={create ? 'New workspace' : 'Open workspace'} open onClose={close}>
      <form onSubmit={(event) => void open(event)}>
        <div className="dialog-body">
          <TextField
            label="Folder"
            data
            value={folder}
            placeholder={newest ?? '/home/me/service/wirescope'}
            hint={
              create
                ? 'Full path on the machine that runs Wirescope. The folder is made if there is none, with a wirescope.yaml in it.'
                : 'Full path on the machine that runs Wirescope. Every session file below it is shown.'
            }
            onChange={(value) => setFolder(value ?? '')}
          />
        </div>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={folder.trim() === '' || busy}>
            {create ? 'Create' : 'Open'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
