// Which folder is open, at the top left, and the way to another.
import { ChevronDown, FlaskConical, FolderOpen, FolderPlus, X } from 'lucide-react';
import { commandEntry } from '../shell/command-menu.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { openRecent } from '../stores/workspace-actions.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import './title-menu.css';

export function WorkspaceMenu() {
  const { folder, name, recent } = useWorkspace(({ state }) => state);
  const others = recent.filter((each) => each.folder !== folder);
  const entries: MenuEntry[] = [
    commandEntry('workspace.open', { text: 'Open folder…', icon: FolderOpen }),
    commandEntry('workspace.create', { icon: FolderPlus }),
    commandEntry('workspace.openSamples', { icon: FlaskConical }),
    ...(others.length > 0 ? [{ type: 'separator' as const }, { type: 'label' as const, text: 'Recent' }] : []),
    ...others.map(
      (each): MenuEntry => ({
        text: each.name,
        hint: shortFolder(each.folder),
        run: () => void openRecent(each.folder, each.name),
      }),
    ),
    ...(folder === null ? [] : [{ type: 'separator' as const }, commandEntry('workspace.close', { icon: X })]),
  ];
  return (
    <Menu entries={entries}>
      <button
        type="button"
        className="title-menu"
        aria-label={`Workspace: ${name || 'none'}`}
        title={folder ?? undefined}
      >
        <span className={folder === null ? 'title-menu-none' : 'title-menu-name'}>
          {folder === null ? 'No workspace' : name}
        </span>
        <ChevronDown size={12} strokeWidth={2} aria-hidden />
      </button>
    </Menu>
  );
}

/** The end of a path, which is what tells folders apart. */
function shortFolder(folder: string): string {
  const names = folder.split(/[\\/]/).filter(Boolean);
  return names.length > 2 ? `…/${names.slice(-2).join('/')}` : folder;
}
