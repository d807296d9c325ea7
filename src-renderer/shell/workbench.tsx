// Sidebar beside the tabs with the chosen session or comparison, or the welcome when none is chosen. In a narrow window
// the sidebar lies over them when it is called.
import { Group, Panel } from 'react-resizable-panels';
import { ComparisonView } from '../comparison/comparison-view.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { useComparisons } from '../stores/comparisons.ts';
import { activeSession, useSessions } from '../stores/sessions.ts';
import { useSidebarPlace } from '../stores/sidebar.ts';
import { readTabs } from '../stores/tab-memory.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { useRememberedLayout } from './remembered-layout.ts';
import { SessionView } from './session-view.tsx';
import { SidebarOverlay } from './sidebar-overlay.tsx';
import { Splitter } from './splitter.tsx';
import { TabBar } from './tab-bar.tsx';
import { Welcome } from './welcome.tsx';
import './workbench.css';

export function Workbench() {
  const sidebar = useSidebarPlace();
  const panelIds = sidebar === 'beside' ? ['sidebar', 'main'] : ['main'];
  const layout = useRememberedLayout('workbench', panelIds);
  return (
    <div className="workbench">
      {sidebar === 'over' && <SidebarOverlay />}
      <Group {...layout}>
        {sidebar === 'beside' && (
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
        <Panel id="main" minSize="520px">
          <main className="workbench-main">
            <TabBar />
            <Main />
          </main>
        </Panel>
      </Group>
    </div>
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
