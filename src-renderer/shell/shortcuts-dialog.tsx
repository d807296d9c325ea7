// All keys at a glance.

import { isMac } from '../bridge/host.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Dialog } from '../ui/dialog.tsx';
import { commandIds, commands } from './commands.ts';
import { shownShortcut } from './shortcuts.ts';
import './shortcuts-dialog.css';

export function ShortcutsDialog() {
  const open = useDialogs((state) => state.shortcuts);
  return (
    <Dialog title="Keyboard shortcuts" open={open} onClose={() => useDialogs.setState({ shortcuts: false })}>
      <div className="dialog-body">
        <table className="shortcuts">
          <tbody>
            {commandIds.map((id) => {
              const { shortcuts, title } = commands[id];
              if (!shortcuts) return null;
              return (
                <tr key={id}>
                  <th scope="row">{title}</th>
                  <td>{shortcuts.map((shortcut) => shownShortcut(shortcut, isMac)).join('  or  ')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
