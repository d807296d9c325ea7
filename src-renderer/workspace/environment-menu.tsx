// Which environment's variables count, beside the workspace's name.
import { ChevronDown, Settings2 } from 'lucide-react';
import { commandEntry } from '../shell/command-menu.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { selectEnvironment } from '../stores/workspace-actions.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import './title-menu.css';

export function EnvironmentMenu() {
  const { folder, environments, environment } = useWorkspace(({ state }) => state);
  if (folder === null) return null;
  const choices = [null, ...environments].map(
    (name): MenuEntry => ({
      text: name ?? 'No environment',
      checked: name === environment,
      run: () => void selectEnvironment(name),
    }),
  );
  const entries: MenuEntry[] = [
    ...choices,
    { type: 'separator' },
    commandEntry('environments.edit', { text: 'Edit environments…', icon: Settings2 }),
  ];
  return (
    <>
      <span className="title-menu-divider" aria-hidden />
      <Menu entries={entries}>
        <button type="button" className="title-menu" aria-label={`Environment: ${environment ?? 'none'}`}>
          <span className={environment === null ? 'title-menu-none' : undefined}>
            {environment ?? 'No environment'}
          </span>
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </button>
      </Menu>
    </>
  );
}
