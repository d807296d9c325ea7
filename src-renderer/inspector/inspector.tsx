// The inspector of the selected record: its fields, its bytes and its payload, each lighting up the others.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useTimelineView } from '../timeline/timeline-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import './inspector.css';
import { RecordView } from './record-view.tsx';
import { useRecordDetail } from './use-record.ts';

export function Inspector({ session }: { session: SessionState }) {
  const { seq } = useTimelineView(session.id).selection;
  const { value, stale, problem } = useRecordDetail(session.id, session.capture?.path ?? '', seq);
  return (
    <div className="in" aria-busy={stale}>
      {problem && !stale ? (
        <ProblemView problem={problem} />
      ) : value ? (
        <RecordView session={session.id} canSend={session.config.role !== 'capture'} detail={value} />
      ) : (
        seq === undefined && (
          <EmptyState title="No record selected" text="Select a row to see its fields, its bytes and its payload." />
        )
      )}
    </div>
  );
}
