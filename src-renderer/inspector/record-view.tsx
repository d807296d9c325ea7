// One record: what it is, what is odd about it, and its tabs. Owns what is selected and hovered in its bytes, which
// fields, hex and payload share.
import { CornerDownRight, MessageSquare, Send } from 'lucide-react';
import { memo, type ReactNode, useMemo, useState } from 'react';
import { Group, Panel, useDefaultLayout } from 'react-resizable-panels';
import type { PayloadViewName, RecordDetail } from '../../src-main/bridge/contract.ts';
import { Splitter } from '../shell/splitter.tsx';
import { useSessions } from '../stores/sessions.ts';
import { selectRecord } from '../timeline/timeline-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatBytesExact, recordNumber } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CallView } from './call-view.tsx';
import { withoutEchoes } from './field-text.ts';
import { FieldTree, rangeOf } from './field-tree.tsx';
import type { SourceRange } from './hex-layout.ts';
import { HexView } from './hex-view.tsx';
import { type CallTab, type InspectorTab, useInspectorStore } from './inspector-store.ts';
import { NoteList } from './note-list.tsx';
import { composeAgain } from './payload-actions.ts';
import { PayloadPane } from './payload-pane.tsx';
import { SourcePane } from './source-pane.tsx';
import { innermost, nodeAt } from './tree-rows.ts';
import { useByteSources, usePayload } from './use-record.ts';

const GLYPHS = ['✦', '↑', '↓'] as const;
const CLASSES = ['in-event', 'in-up', 'in-down'] as const;

export interface RecordViewProps {
  session: string;
  /** There is a composer to send a payload again from. */
  canSend: boolean;
  detail: RecordDetail;
}

/** Not drawn again when only the session's counters change. */
export const RecordView = memo(function RecordView({ session, canSend, detail }: RecordViewProps) {
  const { row, payload: payloadSource, link, message } = detail;
  const fields = useMemo(() => withoutEchoes(detail.fields), [detail.fields]);
  const tab = useInspectorStore((state) => state.tab);
  const callTab = useInspectorStore((state) => state.callTab);
  const isCall = row.protocol === 'grpc' && row.kind === 'call';
  const change = useInspectorStore((state) => state.change);
  const sources = useByteSources(session, detail);
  const [asked, setAsked] = useState<PayloadViewName | 'auto'>('auto');
  const payload = usePayload(session, row.seq, asked);
  const [shown, setShown] = useState(0);
  const [selection, setSelection] = useState<SourceRange>();
  const [hover, setHover] = useState<SourceRange>();
  const [field, setField] = useState<string>();
  const [node, setNode] = useState<string>();
  const [of, setOf] = useState(detail);
  const layout = useDefaultLayout({ id: 'inspector' });
  // What stands under the address need not stand here too.
  const isTold = useSessions(({ byId }) => byId[session]?.problem?.what === detail.problem?.what);

  // The same field of the next record stays selected, with its bytes: so values are compared row by row.
  if (of !== detail) {
    const kept = field === undefined ? undefined : nodeAt(fields, field);
    setOf(detail);
    setSelection(kept && rangeOf(kept));
    setHover(undefined);
    setNode(undefined);
    if (shown >= detail.sources.length) setShown(0);
  }

  const payloadBytes = payloadSource === undefined ? undefined : sources[payloadSource];
  const tree = payload.stale ? undefined : payload.value?.tree;

  /** A range chosen in a tree: its bytes are brought into view. */
  const showRange = (range: SourceRange | undefined): void => {
    setSelection(range);
    if (range) setShown(range.source);
  };
  /** A range chosen in the bytes: the innermost field and value that hold it are. */
  const selectBytes = (range: SourceRange | undefined): void => {
    setSelection(range);
    if (!range) return;
    setField(innermost(fields, range, (candidate) => (candidate.source ?? 0) === range.source));
    if (tree && range.source === payloadSource) setNode(innermost(tree, range, () => true));
  };
  const inPayload = (range: { start: number; length: number } | undefined): SourceRange | undefined =>
    range && payloadSource !== undefined ? { ...range, source: payloadSource } : undefined;

  const chosen: InspectorTab | CallTab = isCall ? callTab : tab === 'decoded' && !payloadBytes ? 'fields' : tab;
  const hex = (
    <SourcePane
      labels={detail.sources.map((source) => source.label)}
      sources={sources}
      shown={chosen === 'decoded' && payloadSource !== undefined && tree ? payloadSource : shown}
      onShow={setShown}
      selection={selection}
      hover={hover}
      onSelect={selectBytes}
    />
  );
  const fieldTree = (
    <FieldTree
      session={session}
      fields={fields}
      selected={field}
      onSelect={(path, range) => {
        setField(path);
        showRange(range);
      }}
      onHover={setHover}
    />
  );
  const decoded = payloadBytes && (
    <PayloadPane
      payload={payload}
      source={payloadBytes}
      asked={asked}
      onView={setAsked}
      selected={node}
      onSelect={(path, range) => {
        setNode(path);
        showRange(inPayload(range));
      }}
      onHover={(range) => setHover(inPayload(range))}
    >
      <HexView
        label="Payload bytes"
        source={payloadBytes}
        selection={selection?.source === payloadSource ? selection : undefined}
        hover={hover?.source === payloadSource ? hover : undefined}
        onSelect={(range) => selectBytes(inPayload(range))}
      />
    </PayloadPane>
  );
  const aboveHex = (upper: ReactNode) =>
    sources.length === 0 ? (
      upper
    ) : (
      <Group orientation="vertical" defaultLayout={layout.defaultLayout} onLayoutChanged={layout.onLayoutChanged}>
        <Panel id="upper" defaultSize="58%" minSize="80px">
          {upper}
        </Panel>
        <Splitter label="Height of the bytes" />
        <Panel id="bytes" minSize="90px">
          {hex}
        </Panel>
      </Group>
    );

  return (
    <>
      <div className="in-head">
        <span className="in-title data">
          <span className="in-faint">#{recordNumber(row.seq)}</span>
          <span className={CLASSES[row.direction]}>
            {GLYPHS[row.direction]} {row.kind}
          </span>
          {row.direction !== 0 && <span className="in-faint">{formatBytesExact(row.length)}</span>}
        </span>
        <span className="in-fill" />
        {link !== undefined && (
          <Button
            variant="ghost"
            icon={CornerDownRight}
            title="Go to the record this one answers or is made from"
            onClick={() => selectRecord(session, link)}
          >
            <span className="data">#{recordNumber(link)}</span>
          </Button>
        )}
        {message !== undefined && (
          <Button
            variant="ghost"
            icon={MessageSquare}
            title="Go to the message that this frame carries"
            onClick={() => selectRecord(session, message)}
          >
            <span className="data">#{recordNumber(message)}</span>
          </Button>
        )}
        {payloadBytes && canSend && (
          <IconButton
            label="Send again: open in the composer"
            icon={Send}
            onClick={() => void composeAgain(session, payloadBytes)}
          />
        )}
      </div>
      <NoteList notes={detail.notes} />
      {detail.problem && !isTold && <ProblemView problem={detail.problem} />}
      <Tabs<InspectorTab | CallTab>
        label="Record"
        tabs={[
          ...(isCall ? [{ value: 'call' as const, label: 'Call' }] : []),
          { value: 'fields', label: 'Fields' },
          { value: 'hex', label: 'Hex', disabled: sources.length === 0 },
          ...(isCall ? [] : [{ value: 'decoded' as const, label: 'Decoded', disabled: !payloadBytes }]),
        ]}
        value={chosen}
        onChange={(next) => {
          if (isCall) change({ callTab: next as CallTab });
          else change({ tab: next as InspectorTab });
        }}
      >
        {chosen === 'call' && <CallView session={session} detail={detail} />}
        {chosen === 'fields' && (fields.length > 0 ? aboveHex(fieldTree) : <EmptyState title="No fields" />)}
        {chosen === 'hex' && hex}
        {chosen === 'decoded' && (tree && tree.length > 0 ? aboveHex(decoded) : decoded)}
      </Tabs>
    </>
  );
});
