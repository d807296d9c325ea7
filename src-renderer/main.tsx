// The renderer's entry: theme, listening to the engine, the first render.
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/600.css';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { registerHistoryCommands } from './history/history-commands.ts';
import { followSchemas } from './schema/schema-store.ts';
import { registerScriptCommands } from './script/script-commands.ts';
import { registerActions } from './shell/actions.ts';
import { showOpenedFiles } from './shell/opened-files.ts';
import { listenForShortcuts } from './shell/shortcut-listener.ts';
import { followTitle } from './shell/window-title.ts';
import { saveBeforeLeaving } from './stores/leaving.ts';
import { followSessions } from './stores/sessions.ts';
import { followWindowWidth } from './stores/sidebar.ts';
import { followTheme } from './stores/theme.ts';
import { followUnsent } from './stores/unsent.ts';
import { followWorkspace } from './stores/workspace.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { followVariables } from './variables/variable-store.ts';

followTheme();
followWindowWidth();
followWorkspace();
followSessions();
followSchemas();
followVariables();
followUnsent();
saveBeforeLeaving();
registerActions();
registerHistoryCommands();
registerScriptCommands();
showOpenedFiles();
followTitle();
listenForShortcuts();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary name="Wirescope">
        <App />
      </ErrorBoundary>
    </StrictMode>,
  );
}
