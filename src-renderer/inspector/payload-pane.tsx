// The decoded payload: which view it is read in, and that view.
import { ChevronDown, Copy, Download, Search, WrapText } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { PayloadView, PayloadViewName } from '../../src-main/bridge/contract.ts';
import { commandShortcut } from '../shell/commands.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import type { ByteSource } from './byte-source.ts';
import type { ByteRange } from './hex-layout.ts';
import { useInspectorStore } from './inspector-store.ts';
import { jsonLines } from './json-text.ts';
import { copyPayload, savePayload } from './payload-actions.ts';
import { PayloadTree } from './payload-tree.tsx';
import './payload.css';
import { plainLines } from './text-lines.ts';
import { TextView } from './text-view.tsx';
import type { Loaded } from './use-record.ts';

/** Named as the field names them; the order when nothing suggests another. */
const VIEW_LABELS: Record<PayloadViewName, string> = {
  text: 'Text',
  json: 'JSON',
  hex: 'Hex',
  messagepack: 'MessagePack',
  cbor: 'CBOR',
  protobuf: 'Protobuf',
  'protobuf-wire': 'Protobuf without its type',
};
const VIEW_NAMES = Object.keys(VIEW_LABELS) as PayloadViewName[];

/** Remarks shown; the rest is counted. */
const SHOWN_REMARKS = 3;

export interface PayloadPaneProps {
  payload: Loaded<PayloadView>;
  source: ByteSource;
  /** What was asked for. */
  asked: PayloadViewName | 'auto';
  onView(view: PayloadViewName | 'auto'): void;
  selected: string | undefined;
  onSelect(path: string, range: ByteRange | undefined): void;
  onHover(range: ByteRange | undefined): void;
  /** The bytes, for the view that shows nothing else. */
  children: ReactNode;
}

export function PayloadPane(props: PayloadPaneProps) {
  const { payload, source, asked, onView } = props;
  const wrap = useInspectorStore((state) => state.wrap);
  const change = useInspectorStore((state) => state.change);
  const finding = useInspectorStore((state) => state.finding);
  const { value: view, problem } = payload;
  if (problem) return <ProblemView problem={problem} />;
  if (!view) return null;
  const isText = view.text !== undefined;
  return (
    <div className="in-pane" data-payload-text={isText}>
      <div className="in-bar">
        <Menu entries={viewEntries(view, asked, onView)}>
          <button type="button" className="in-view-button" aria-label={`Read as ${VIEW_LABELS[view.view]}`}>
            {VIEW_LABELS[view.view]}
            {asked === 'auto' && <span className="in-faint">guessed</span>}
            <ChevronDown size={12} strokeWidth={1.75} aria-hidden />
          </button>
        </Menu>
        <span className="in-fill" />
        {isText && (
          <>
            <IconButton
              label="Find in payload"
              icon={Search}
              shortcut={commandShortcut('timeline.find')}
              pressed={finding}
              onClick={() => change({ finding: !finding })}
            />
            <IconButton label="Wrap lines" icon={WrapText} pressed={wrap} onClick={() => change({ wrap: !wrap })} />
          </>
        )}
        <IconButton label="Copy payload" icon={Copy} onClick={() => void copyPayload(source, view)} />
        <IconButton label="Save payload" icon={Download} onClick={() => void savePayload(source)} />
      </div>
      <Remarks view={view} source={source} />
      <PayloadBody
        {...props}
        view={view}
        wrap={wrap}
        finding={finding}
        onCloseFind={() => change({ finding: false })}
      />
    </div>
  );
}

interface PayloadBodyProps extends PayloadPaneProps {
  view: PayloadView;
  wrap: boolean;
  finding: boolean;
  onCloseFind(): void;
}

function PayloadBody(props: PayloadBodyProps): ReactNode {
  const { view, wrap, finding, onCloseFind, selected, onSelect, onHover, children } = props;
  const { text } = view;
  const lines = useMemo(
    () => (text === undefined ? [] : view.view === 'json' ? jsonLines(text) : plainLines(text)),
    [text, view.view],
  );
  if (view.tree && view.tree.length > 0) {
    return <PayloadTree key={view.view} tree={view.tree} selected={selected} onSelect={onSelect} onHover={onHover} />;
  }
  if (text !== undefined && text !== '') {
    return <TextView label="Payload" lines={lines} wrap={wrap} finding={finding} onCloseFind={onCloseFind} />;
  }
  if (view.total === 0) return <EmptyState title="Empty payload" />;
  if (view.view === 'hex') return children;
  return view.error ? null : <EmptyState title="Nothing to show in this view" />;
}

/** What was cut, what does not fit, what is odd. */
function Remarks({ view, source }: { view: PayloadView; source: ByteSource }) {
  const remarks = view.remarks ?? [];
  // The bytes are read further as one scrolls: nothing is cut there.
  const cut = view.shown < view.total && view.view !== 'hex';
  if (!cut && !view.error && remarks.length === 0) return null;
  return (
    <div className="in-remarks">
      {view.error && <p className="in-remark-error">{view.error}</p>}
      {remarks.slice(0, SHOWN_REMARKS).map((remark) => (
        <p key={`${remark.at} ${remark.text}`}>
          <span className="in-faint">Byte {formatCount(remark.at)}</span> {remark.text}
        </p>
      ))}
      {remarks.length > SHOWN_REMARKS && <p className="in-faint">and {remarks.length - SHOWN_REMARKS} more</p>}
      {cut && (
        <p className="in-cut">
          <span>
            First {formatBytes(view.shown)} of {formatBytes(view.total)}.
          </span>
          <Button variant="ghost" onClick={() => void copyPayload(source, view)}>
            Copy all
          </Button>
          <Button variant="ghost" onClick={() => void savePayload(source)}>
            Save…
          </Button>
        </p>
      )}
    </div>
  );
}

/** Views that make sense first, then the others. */
function viewEntries(
  view: PayloadView,
  asked: PayloadViewName | 'auto',
  onView: (view: PayloadViewName | 'auto') => void,
): MenuEntry[] {
  const entry = (name: PayloadViewName): MenuEntry => ({
    text: VIEW_LABELS[name],
    checked: asked !== 'auto' && view.view === name,
    run: () => onView(name),
  });
  const fitting = view.error || view.alternatives.includes(view.view) ? [] : [view.view];
  const sensible = [...fitting, ...view.alternatives];
  const others = VIEW_NAMES.filter((name) => !sensible.includes(name));
  return [
    {
      text: 'Guess',
      ...(asked === 'auto' ? { hint: VIEW_LABELS[view.view] } : {}),
      checked: asked === 'auto',
      run: () => onView('auto'),
    },
    { type: 'separator' },
    ...sensible.map(entry),
    ...(others.length > 0 && sensible.length > 0 ? [{ type: 'separator' } as const] : []),
    ...others.map(entry),
  ];
}
