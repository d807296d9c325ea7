// Sidebar beside the tabs with the chosen session or comparison, or the welcome when none is chosen.
import { Group, Panel } from 'react-resizable-panels';
import { ComparisonView } from '../comparison/comparison-view.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { useComparisons } from '../stores/comparisons.ts';
import { usePreferences } from '../stores/preferences.ts';
import { activeSession, useSessions } from '../stores/sessions.ts';
import { readTabs } from '../stores/tab-memory.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { useRememberedLayout } from './remembered-layout.ts';
import { SessionView } from './session-view.tsx';
import { Splitter } from './splitter.tsx';
import { TabBar } from './tab-bar.tsx';
import { Welcome } from './welcome.tsx';
import './workbench.css';

export function Workbench() {
  const sidebar = usePreferences((state) => state.sidebar);
  const panelIds = sidebar ? ['sidebar', 'main'] : ['main'];
  const layout = useRememberedLayout('workbench', panelIds);
  return (
    <Group className="workbench" {...layout}>
      {sidebar && (
        <>
          <Panel
            id="sidebar"
            defaultSize="220px"
            minSize="160px"
            maxSize="420px"
            groupResizeBehavior="preserve-pixel-size"
          >
            <Sidebar />
          </Panel>
          <Splitter label="Width of the sidebar" />
        </>
      )}
      <Panel id="main" minSize="420px">
        <main className="workbench-main">
          <TabBar />
          <Main />
        </main>
      </Panel>
    </Group>
  );
}

function Main() {
  const session = useSessions(activeSession);
  const active = useSessions((state) => state.active);
  const comparison = useComparisons(({ byId }) => (active === null ? undefined : byId[active]));
  const loading = useSessions((state) => state.loading);
  if (comparison) return <ComparisonView key={comparison.id} comparison={comparison} />;
  if (session) return <SessionView key={session.id} session={session} />;
  // Without tabs to reopen it is the welcome that comes: it need not wait for the engine, and calls do by themselves.
  if (loading === 'loading' && readTabs().tabs.length > 0) return <EmptyState title="Loading sessions" />;
  if (typeof loading === 'object') return <ProblemView problem={loading} />;
  return <Welcome />;
}
