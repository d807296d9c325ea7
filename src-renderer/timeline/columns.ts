// The columns of the timeline: which are shown and how wide. Widths are remembered across sessions and starts.

export type ColumnName = 'number' | 'time' | 'delta' | 'connection' | 'direction' | 'kind' | 'size' | 'summary';

export interface Column {
  name: ColumnName;
  title: string;
  /** What the header says when asked. */
  hint: string;
  /** Figures stand flush right. */
  alignRight?: boolean;
  widthPx: number;
  minPx: number;
  /** Dragging its edge changes it. */
  resizable: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: 'number', title: '#', hint: 'Record number', alignRight: true, widthPx: 64, minPx: 40, resizable: true },
  { name: 'time', title: 'Time', hint: 'Time on the wire', alignRight: true, widthPx: 92, minPx: 72, resizable: true },
  {
    name: 'delta',
    title: 'Δ',
    hint: 'Since the row before',
    alignRight: true,
    widthPx: 72,
    minPx: 56,
    resizable: true,
  },
  { name: 'connection', title: 'Conn', hint: 'Connection', alignRight: true, widthPx: 48, minPx: 40, resizable: true },
  { name: 'direction', title: '⇅', hint: 'Direction', widthPx: 28, minPx: 28, resizable: false },
  { name: 'kind', title: 'Kind', hint: 'Type of record', widthPx: 92, minPx: 56, resizable: true },
  {
    name: 'size',
    title: 'Size',
    hint: 'Bytes for the application',
    alignRight: true,
    widthPx: 68,
    minPx: 48,
    resizable: true,
  },
  { name: 'summary', title: 'Summary', hint: 'What it says', widthPx: 0, minPx: 0, resizable: false },
];

/** An absolute time of day needs more room than seconds. */
const ABSOLUTE_TIME_PX = 124;
const STORED_UNDER = 'wirescope.timeline.columns';

export type Widths = Partial<Record<ColumnName, number>>;

/** The columns to show, in order. */
export function columnsFor(options: {
  connection: boolean;
  delta: boolean;
  absolute: boolean;
  marked: boolean;
  widths: Widths;
}): Column[] {
  const shown: Column[] = [];
  for (const column of COLUMNS) {
    if (column.name === 'connection' && !options.connection) continue;
    if (column.name === 'delta' && !options.delta) continue;
    const usual = column.name === 'time' && options.absolute ? ABSOLUTE_TIME_PX : column.widthPx;
    const hint = column.name === 'delta' && options.marked ? 'Since the marked row' : column.hint;
    const width = options.widths[column.name];
    shown.push({ ...column, hint, widthPx: width === undefined ? usual : Math.max(column.minPx, width) });
  }
  return shown;
}

/** CSS `grid-template-columns` for them; the summary takes the rest. */
export function gridTemplate(columns: Column[]): string {
  return columns.map((column) => (column.name === 'summary' ? 'minmax(0, 1fr)' : `${column.widthPx}px`)).join(' ');
}

/** What was remembered; nothing where nothing (or nonsense) was. */
export function storedWidths(storage: Pick<Storage, 'getItem'>): Widths {
  try {
    const stored: unknown = JSON.parse(storage.getItem(STORED_UNDER) ?? '{}');
    const widths: Widths = {};
    if (typeof stored !== 'object' || stored === null) return widths;
    for (const column of COLUMNS) {
      const width: unknown = Reflect.get(stored, column.name);
      if (column.resizable && typeof width === 'number' && width >= column.minPx && width <= 1000) {
        widths[column.name] = width;
      }
    }
    return widths;
  } catch {
    return {};
  }
}

export function storeWidths(storage: Pick<Storage, 'setItem'>, widths: Widths): void {
  storage.setItem(STORED_UNDER, JSON.stringify(widths));
}
