// All keys at a glance: those of commands as the palette groups them, then those that count in one place.
import { isMac } from '../bridge/host.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Dialog } from '../ui/dialog.tsx';
import { COMMAND_GROUPS, commandIds, commands } from './commands.ts';
import { PANE_KEYS } from './pane-keys.ts';
import { shownShortcut } from './shortcuts.ts';
import './shortcuts-dialog.css';

export function ShortcutsDialog() {
  const open = useDialogs((state) => state.shortcuts);
  return (
    <Dialog
      title="Keyboard shortcuts"
      open={open}
      onClose={() => useDialogs.setState({ shortcuts: false })}
      className="shortcuts"
    >
      <div className="dialog-body shortcuts-body" tabIndex={-1} data-dialog-entry>
        {COMMAND_GROUPS.map((group) => (
          <Keys key={group} title={group} keys={keysOf(group)} />
        ))}
        {PANE_KEYS.map(({ pane, keys }) => (
          <Keys key={pane} title={pane} keys={keys} />
        ))}
      </div>
    </Dialog>
  );
}

function keysOf(group: string): [string, string][] {
  return commandIds.flatMap((id) => {
    const { shortcuts, title, group: own } = commands[id];
    if (!shortcuts || own !== group) return [];
    return [[shortcuts.map((shortcut) => shownShortcut(shortcut, isMac)).join(' or '), title]];
  });
}

function Keys({ title, keys }: { title: string; keys: readonly (readonly [keys: string, does: string])[] }) {
  if (keys.length === 0) return null;
  return (
    <section className="shortcuts-group">
      <h3>{title}</h3>
      <dl>
        {keys.map(([pressed, does]) => (
          <div key={pressed + does}>
            <dt>{does}</dt>
            <dd>{pressed}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
