// One session: address, what went wrong, timeline beside inspector, composer below. Captures have no composer.
import { Group, Panel } from 'react-resizable-panels';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { ProtocolName } from '../../src-main/core/session-config.ts';
import { AddressBar } from '../address/address-bar.tsx';
import { DiskStrip } from '../address/disk-strip.tsx';
import { ProblemStrip } from '../address/problem-strip.tsx';
import { Composer } from '../composer/composer.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { MethodBar } from '../schema/method-bar.tsx';
import { usePreferences } from '../stores/preferences.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { VariableSession } from '../variables/variable-session.ts';
import { useRememberedLayout } from './remembered-layout.ts';
import { Splitter } from './splitter.tsx';
import './session-view.css';

export function SessionView({ session }: { session: SessionState }) {
  const composer = usePreferences((state) => state.composer) && session.config.role !== 'capture';
  const layout = useRememberedLayout('session', composer ? ['records', 'composer'] : ['records']);
  return (
    <VariableSession value={session.id}>
      <AddressBar session={session} />
      {session.config.protocol === 'grpc' && session.config.role !== 'capture' && <MethodBar session={session} />}
      <DiskStrip session={session} />
      <ProblemStrip session={session} />
      <Group className="session-view" orientation="vertical" {...layout}>
        <Panel id="records" minSize="180px">
          <Records session={session} />
        </Panel>
        {composer && (
          <>
            <Splitter label="Height of the composer" />
            <Panel
              id="composer"
              defaultSize={composerHeight(session.config.protocol)}
              minSize="140px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <ErrorBoundary name="The composer">
                <Composer session={session} />
              </ErrorBoundary>
            </Panel>
          </>
        )}
      </Group>
    </VariableSession>
  );
}

/** A form beside its JSON wants more room than a line to send; in a low window the rows keep most of it. */
function composerHeight(protocol: ProtocolName): string {
  const [share, mostPx] = protocol === 'grpc' ? [0.35, 280] : [0.28, 220];
  return `${Math.round(Math.min(mostPx, share * window.innerHeight))}px`;
}

function Records({ session }: { session: SessionState }) {
  const inspector = usePreferences((state) => state.inspector);
  const layout = useRememberedLayout('records', inspector ? ['timeline', 'inspector'] : ['timeline']);
  return (
    <Group {...layout}>
      <Panel id="timeline" minSize="260px">
        <section className="pane" data-pane="timeline" aria-label="Timeline">
          <ErrorBoundary name="The timeline">
            <Timeline session={session} />
          </ErrorBoundary>
        </section>
      </Panel>
      {inspector && (
        <>
          <Splitter label="Width of the inspector" />
          <Panel id="inspector" defaultSize="39%" minSize="220px">
            <section className="pane" data-pane="inspector" aria-label="Inspector">
              <ErrorBoundary name="The inspector">
                <Inspector session={session} />
              </ErrorBoundary>
            </section>
          </Panel>
        </>
      )}
    </Group>
  );
}
