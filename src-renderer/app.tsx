// The window: title bar, sidebar, tabs, the chosen session, status bar; and what floats over them.

import { RunPicker } from './comparison/run-picker.tsx';
import { RecoveryStrip } from './history/recovery-strip.tsx';
import { SettingsDrawer } from './settings/settings-drawer.tsx';
import { EngineBanner } from './shell/engine-banner.tsx';
import { FileDrop } from './shell/file-drop.tsx';
import { Palette } from './shell/palette.tsx';
import { ShortcutsDialog } from './shell/shortcuts-dialog.tsx';
import { StatusBar } from './shell/status-bar.tsx';
import { TitleBar } from './shell/title-bar.tsx';
import { Workbench } from './shell/workbench.tsx';
import { usePreferences } from './stores/preferences.ts';
import { Toasts } from './ui/toast.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';
import { BrokenDialog } from './workspace/broken-dialog.tsx';
import { EnvironmentEditor } from './workspace/environment-editor.tsx';
import { LeaveDialog } from './workspace/leave-dialog.tsx';
import { MoveDialog } from './workspace/move-dialog.tsx';
import { OpenDialog } from './workspace/open-dialog.tsx';
import './app.css';

export function App() {
  const layoutGeneration = usePreferences((state) => state.layoutGeneration);
  return (
    <TooltipProvider>
      <div className="app">
        <TitleBar />
        <EngineBanner />
        <RecoveryStrip />
        <Workbench key={layoutGeneration} />
        <StatusBar />
      </div>
      <Palette />
      <ShortcutsDialog />
      <SettingsDrawer />
      <OpenDialog />
      <EnvironmentEditor />
      <MoveDialog />
      <RunPicker />
      <BrokenDialog />
      <LeaveDialog />
      <FileDrop />
      <Toasts />
    </TooltipProvider>
  );
}
