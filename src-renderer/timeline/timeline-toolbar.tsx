// What is shown and how: filter, level, connection, time, mark, following.
import { ArrowDownToLine, Cable, ChevronDown, Clock, X } from 'lucide-react';
import { memo, type RefObject, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { usePreferences } from '../stores/preferences.ts';
import { IconButton } from '../ui/button.tsx';
import { formatCount, recordNumber } from '../ui/format.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { Segments } from '../ui/tabs.tsx';
import { CHOICES, type ColumnName } from './columns.ts';
import { FilterInput } from './filter-input.tsx';
import './timeline-toolbar.css';
import {
  changeQuery,
  changeView,
  type LevelChoice,
  selectRecord,
  type TimelineView,
  type TimeMode,
} from './timeline-store.ts';

/** Connections listed in the menu; any other can be chosen from a row of its own. */
const LISTED_CONNECTIONS = 100;

const LEVELS: { value: LevelChoice; long: string; short: string }[] = [
  { value: 'messages', long: 'Messages', short: 'Msg' },
  { value: 'frames', long: 'Frames', short: 'Frm' },
  { value: 'everything', long: 'Everything', short: 'All' },
];

const TIMES: { mode: TimeMode; text: string; hint: string }[] = [
  { mode: 'absolute', text: 'Time of day', hint: '14:03:07.004211' },
  { mode: 'relative', text: 'Since the first record', hint: '0.004211' },
  { mode: 'delta', text: 'Since the row before', hint: '0.000691' },
];

export interface TimelineToolbarProps {
  id: string;
  view: TimelineView;
  /** For the empty field. */
  exampleFilter: string;
  showConnections: boolean;
  filterInput: RefObject<HTMLInputElement | null>;
  /** Back to the rows. */
  onLeave(): void;
}

/** Not drawn again when only the session's counters change. */
export const TimelineToolbar = memo(function TimelineToolbar(props: TimelineToolbarProps) {
  const { id, view, exampleFilter, showConnections, filterInput, onLeave } = props;
  const { mark } = view;
  const hidden = usePreferences((state) => state.hiddenColumns);
  const levels = LEVELS.map(({ value, long, short }) => ({
    value,
    label: (
      <>
        <span className="tl-long">{long}</span>
        <abbr className="tl-short" title={long}>
          {short}
        </abbr>
      </>
    ),
  }));
  const times = TIMES.map(({ mode, text, hint }) => ({
    text: mode === 'delta' && mark ? 'Since the marked row' : text,
    hint,
    checked: view.timeMode === mode,
    run: () => changeView(id, { timeMode: mode }),
  }));
  const columns = CHOICES.map(({ name, text }) => ({
    text,
    checked: !hidden.includes(name),
    run: () => toggleColumn(name),
  }));
  return (
    <div className="tl-toolbar" role="toolbar" aria-label="Timeline">
      <FilterInput
        key={id}
        filter={view.filter}
        example={exampleFilter}
        input={filterInput}
        onChange={(filter) => {
          if (filter !== view.filter) changeQuery(id, { filter });
        }}
        onLeave={onLeave}
      />
      <Segments label="Level" options={levels} value={view.level} onChange={(level) => changeQuery(id, { level })} />
      {(showConnections || view.connection !== undefined) && <ConnectionMenu id={id} view={view} />}
      {mark && (
        <span className="tl-chip">
          <button type="button" onClick={() => selectRecord(id, mark.seq)} title="Go to the marked row">
            Δ <span className="tl-long">from</span> <span className="data">#{recordNumber(mark.seq)}</span>
          </button>
          <button
            type="button"
            aria-label="Clear mark"
            title="Clear mark"
            onClick={() => changeView(id, { mark: undefined })}
          >
            <X size={12} strokeWidth={2} aria-hidden />
          </button>
        </span>
      )}
      <Menu
        entries={[{ type: 'label', text: 'Time' }, ...times, { type: 'label', text: 'Columns' }, ...columns]}
        align="end"
      >
        <IconButton label="Times and columns" icon={Clock} />
      </Menu>
      <IconButton
        label={view.follow ? 'Stop following' : 'Follow new records'}
        icon={ArrowDownToLine}
        shortcut="End"
        pressed={view.follow}
        onClick={() => changeView(id, { follow: !view.follow })}
      />
    </div>
  );
});

function toggleColumn(name: ColumnName): void {
  usePreferences.setState(({ hiddenColumns }) => ({
    hiddenColumns: hiddenColumns.includes(name)
      ? hiddenColumns.filter((each) => each !== name)
      : [...hiddenColumns, name],
  }));
}

type Connections = {
  total: number;
  connections: { connection: number; peer: string; label: string; closedAt?: number }[];
};

/** All connections or one; the list is asked for when the menu opens. */
function ConnectionMenu({ id, view }: { id: string; view: TimelineView }) {
  const [known, setKnown] = useState<Connections>();
  const load = (open: boolean): void => {
    if (!open) return;
    bridge
      .call('sessions.connections', { session: id, from: 0, count: LISTED_CONNECTIONS })
      .then(setKnown, () => setKnown({ total: 0, connections: [] }));
  };
  const choose = (connection: number | undefined) => () => changeQuery(id, { connection });
  const entries: MenuEntry[] = [
    { text: 'All connections', checked: view.connection === undefined, run: choose(undefined) },
    { type: 'separator' },
    ...(known?.connections ?? []).map(({ connection, peer, label, closedAt }) => ({
      text: `${connection}  ${peer}`,
      hint: closedAt === undefined ? label : 'closed',
      checked: view.connection === connection,
      run: choose(connection),
    })),
  ];
  const more = known ? known.total - known.connections.length : 0;
  if (more > 0) entries.push({ type: 'label', text: `${formatCount(more)} more: choose one from its row` });
  return (
    <Menu entries={entries} align="end" onOpenChange={load}>
      <button
        type="button"
        className="tl-menu-button"
        title="Connection shown"
        aria-label={view.connection === undefined ? 'All connections' : `Connection ${view.connection}`}
        data-active={view.connection !== undefined}
      >
        <Cable size={14} strokeWidth={1.75} aria-hidden />
        {view.connection !== undefined && <span className="data">{view.connection}</span>}
        <ChevronDown size={12} strokeWidth={1.75} aria-hidden />
      </button>
    </Menu>
  );
}
