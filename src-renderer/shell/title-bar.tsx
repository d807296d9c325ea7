// The top edge: workspace and environment, the way to every command, which panes are shown, and whether the engine lives.
import { PanelBottom, PanelLeft, PanelRight, Search } from 'lucide-react';
import { desktop } from '../bridge/host.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useSessions } from '../stores/sessions.ts';
import { useSidebarPlace } from '../stores/sidebar.ts';
import { classNames } from '../ui/class-names.ts';
import { Kbd } from '../ui/kbd.tsx';
import { EnvironmentMenu } from '../workspace/environment-menu.tsx';
import { WorkspaceMenu } from '../workspace/workspace-menu.tsx';
import { CommandIconButton } from './command-button.tsx';
import { commandShortcut, runCommand } from './commands.ts';
import './title-bar.css';

export function TitleBar() {
  const { composer, inspector } = usePreferences();
  const sidebar = useSidebarPlace();
  const engine = useSessions((state) => state.engine);
  return (
    <header className={classNames('title-bar', desktop?.platform === 'darwin' && 'title-bar-mac')}>
      <div className="title-bar-side">
        <CommandIconButton command="view.sidebar" icon={PanelLeft} pressed={sidebar !== 'hidden'} />
        <WorkspaceMenu />
        <EnvironmentMenu />
      </div>
      <button type="button" className="title-bar-search" onClick={() => runCommand('palette.open')}>
        <Search size={13} strokeWidth={1.75} aria-hidden />
        <span>Search or run a command</span>
        <Kbd keys={commandShortcut('palette.open') ?? ''} />
      </button>
      <div className="title-bar-side title-bar-end">
        <span className={`engine-state engine-${engine}`} role="status">
          {engine === 'open' ? 'Engine' : 'Engine stopped'}
        </span>
        <CommandIconButton command="view.composer" icon={PanelBottom} pressed={composer} />
        <CommandIconButton command="view.inspector" icon={PanelRight} pressed={inspector} />
      </div>
    </header>
  );
}
