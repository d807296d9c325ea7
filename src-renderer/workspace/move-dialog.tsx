// Where to: the workspace's folders by name, for moving without a mouse.
import { Command } from 'cmdk';
import { Folder } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { foldersOf } from '../sidebar/tree-rows.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { canMove, type Movable } from '../stores/movable.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { moveInto } from '../stores/workspace-actions.ts';
import '../shell/palette.css';

const close = () => useDialogs.setState({ moving: null });

export function MoveDialog() {
  const moving = useDialogs((state) => state.moving);
  return (
    <Radix.Root open={moving !== null} onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          {moving && <Folders moving={moving} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Folders({ moving }: { moving: Movable }) {
  const { tree, name } = useWorkspace(({ state }) => state);
  const what = 'session' in moving ? moving.session.config.name : moving.name;
  const folders = foldersOf(tree).filter((folder) => canMove(moving, folder));
  return (
    <>
      <Radix.Title className="visually-hidden">Move “{what}” to</Radix.Title>
      <Command label="Folders" loop>
        <Command.Input className="palette-input" placeholder={`Move “${what}” to …`} />
        <Command.List className="palette-list">
          <Command.Empty className="palette-empty">No other folder by that name.</Command.Empty>
          {folders.map((folder) => (
            <Command.Item
              key={folder}
              value={`/${folder}`}
              keywords={folder === '' ? [name] : []}
              onSelect={() => {
                close();
                void moveInto(moving, folder);
              }}
            >
              <Folder size={13} strokeWidth={1.75} aria-hidden />
              <span className="palette-text">{folder === '' ? name : folder}</span>
              {folder === '' && <span className="palette-hint">the workspace itself</span>}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </>
  );
}
