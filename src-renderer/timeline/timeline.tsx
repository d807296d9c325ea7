// The timeline pane of one session: toolbar, find bar, rows, and what stands there while there are none. Wires the
// parts together; holds no rows.
import { useCallback, useEffect, useRef } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useInspectorStore } from '../inspector/inspector-store.ts';
import { useCommand } from '../shell/commands.ts';
import { reportProblem } from '../stores/problem.ts';
import { setUnfolded, unfoldAll } from './call-folds.ts';
import { exampleFilter } from './filter-completion.ts';
import { FindBar, focusFind, RECORD_SIGN } from './find-bar.tsx';
import './timeline.css';
import { TimelineGrid, type TimelineGridHandle } from './timeline-grid.tsx';
import {
  changeQuery,
  changeView,
  foldsCalls,
  queryOf,
  timelineView,
  useTimelineStore,
  useTimelineView,
} from './timeline-store.ts';
import { TimelineToolbar } from './timeline-toolbar.tsx';
import { useRowSource } from './use-row-source.ts';

export function Timeline({ session }: { session: SessionState }) {
  const view = useTimelineView(session.id);
  const { source, current } = useRowSource(session, queryOf(view), view.follow);
  const grid = useRef<TimelineGridHandle>(null);
  const filterInput = useRef<HTMLInputElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  const { id } = session;
  const isFile = session.config.role === 'capture';

  // Whoever opens a file reads it from its beginning.
  useEffect(() => {
    if (isFile && !useTimelineStore.getState().views[id]) changeView(id, { follow: false });
  }, [id, isFile]);

  const openFind = useCallback(
    (text?: string) => {
      changeView(id, { find: { text: text ?? timelineView(id).find.text, open: true } });
      if (findInput.current) focusFind(findInput.current);
    },
    [id],
  );
  const focusGrid = useCallback(() => grid.current?.focus(), []);
  const closeFind = useCallback(() => {
    changeView(id, { find: { ...timelineView(id).find, open: false } });
    grid.current?.focus();
  }, [id]);

  useCommand('timeline.find', () => {
    const inText = document.activeElement?.closest('[data-payload-text="true"]');
    if (inText) useInspectorStore.getState().change({ finding: true });
    else openFind();
  });
  useCommand('timeline.goTo', () => openFind(RECORD_SIGN));
  useCommand('timeline.filter', () => filterInput.current?.select());
  useCommand('timeline.follow', () => changeView(id, { follow: !timelineView(id).follow }));
  useCommand('timeline.level.messages', () => changeQuery(id, { level: 'messages' }));
  useCommand('timeline.level.frames', () => changeQuery(id, { level: 'frames' }));
  useCommand('timeline.level.everything', () => changeQuery(id, { level: 'everything' }));
  const isFolding = foldsCalls(view.level);
  useCommand('timeline.unfoldAll', () => void unfoldAll(id).catch(reportProblem), isFolding);
  useCommand('timeline.foldAll', () => setUnfolded(id, []), isFolding && view.unfolded.length > 0);
  useCommand('timeline.nextNote', () => void grid.current?.goToNote(false));
  useCommand('timeline.previousNote', () => void grid.current?.goToNote(true));

  return (
    <div className="tl">
      <TimelineToolbar
        id={id}
        view={view}
        exampleFilter={exampleFilter(session.config)}
        showConnections={(source?.maxConnection ?? 0) > 1}
        filterInput={filterInput}
        onLeave={focusGrid}
      />
      {view.find.open && (
        <FindBar
          session={session}
          view={view}
          input={findInput}
          onFound={(index, seq) => grid.current?.goTo(index, seq)}
          onClose={closeFind}
        />
      )}
      <TimelineGrid ref={grid} session={session} view={view} source={source} current={current} />
    </div>
  );
}
