// What can be done with selected rows: copying, filtering by what they are, following their links. Talks to the bridge
// and the store, draws nothing.
import type { Input, Query, Row } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { isMac } from '../bridge/host.ts';
import { runCommand } from '../shell/commands.ts';
import { shownShortcut } from '../shell/shortcuts.ts';
import { reportProblem } from '../stores/problem.ts';
import { formatPlural } from '../ui/format.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { toggleCall } from './call-folds.ts';
import { withTerm } from './filter-completion.ts';
import {
  changeQuery,
  foldsCalls,
  type Selection,
  selectedRows,
  type TimelineView,
  timelineView,
} from './timeline-store.ts';

export type CopyFormat = Input<'timeline.copy'>['format'];

const COPY_AS: { format: CopyFormat; text: string }[] = [
  { format: 'tsv', text: 'Copy as tab-separated values' },
  { format: 'json', text: 'Copy as JSON' },
  { format: 'payload', text: 'Copy payload' },
  { format: 'hex', text: 'Copy as hex dump' },
];

/** Copies the selected rows and says so. */
export async function copyRows(session: string, query: Query, selection: Selection, format: CopyFormat): Promise<void> {
  const { from, count } = selectedRows(selection);
  if (count === 0) return;
  try {
    const { text } = await bridge.call('timeline.copy', { session, query, from, count, format });
    await navigator.clipboard.writeText(text);
    showToast({ text: `Copied ${formatPlural(count, 'row')}.` });
  } catch (error) {
    reportProblem(error);
  }
}

/** Puts the keyboard into the inspector, which is shown if it is hidden. */
export function focusInspector(): void {
  const entry = (): HTMLElement | null => document.querySelector('[data-pane="inspector"] [data-pane-entry]');
  if (!entry() && !document.querySelector('[data-pane="inspector"]')) runCommand('view.inspector');
  requestAnimationFrame(() => entry()?.focus());
}

/** The record this one answers or is made from. */
export async function linkedRecord(session: string, seq: number): Promise<number | undefined> {
  return (await bridge.call('record.detail', { session, seq })).link;
}

/** Filter term for records that break a rule. */
const HAS_NOTE = '(wirescope.severity == "error" || wirescope.severity == "warning")';
/** How often and for how long a filter that is still reading the capture is asked again: about ten seconds. */
const SCAN_WAIT_MS = 100;
const SCAN_WAITS = 100;

/** The next row of a query that has a note, after (or before) a record. */
export async function findNote(
  session: string,
  query: Query,
  after: number | undefined,
  backwards: boolean,
): Promise<number | undefined> {
  const noted: Query = { ...query, filter: withTerm(query.filter ?? '', HAS_NOTE) };
  const seq = after === undefined ? 0 : backwards ? after : after + 1;
  for (let turn = 0; turn < SCAN_WAITS; turn += 1) {
    const { index } = await bridge.call('timeline.position', { session, query: noted, seq });
    const from = Math.max(0, backwards ? index - 1 : index);
    const { rows, scanning } = await bridge.call('timeline.rows', { session, query: noted, from, count: 1 });
    const found = rows[0]?.seq;
    // Backwards, only a filter that has read everything knows the nearest.
    if (scanning === undefined || (found !== undefined && !backwards)) {
      return backwards && index === 0 ? undefined : found;
    }
    await new Promise((resolve) => setTimeout(resolve, SCAN_WAIT_MS));
  }
  return undefined;
}

/** Shows only rows that also meet `term`. */
export function narrow(session: string, term: string): void {
  changeQuery(session, { filter: withTerm(timelineView(session).filter, term) });
}

export interface RowMenuOptions {
  sessionId: string;
  view: TimelineView;
  /** The row the keyboard is at. */
  row: Row | undefined;
  /** Rows selected. */
  count: number;
  copy(format: CopyFormat): void;
  mark(): void;
  goToLink(): void;
}

/** The context menu of the selected rows. */
export function rowMenu({ sessionId, view, row, count, copy, mark, goToLink }: RowMenuOptions): MenuEntry[] {
  if (!row) return [{ text: 'Select a row first', disabled: true, run: () => undefined }];
  const entries: MenuEntry[] = [
    {
      text: count > 1 ? `Copy ${formatPlural(count, 'row')}` : 'Copy',
      shortcut: shownShortcut('Mod+C', isMac),
      run: () => copy('text'),
    },
    ...COPY_AS.map(({ format, text }) => ({ text, run: () => copy(format) })),
    { type: 'separator' },
    { text: view.mark?.seq === row.seq ? 'Clear mark' : 'Mark: measure Δ from here', shortcut: 'M', run: mark },
    { text: 'Go to linked record', run: goToLink },
    { type: 'separator' },
    { text: `Show only ${row.protocol}`, run: () => narrow(sessionId, `wirescope.protocol == "${row.protocol}"`) },
    { text: `Show only ${row.kind}`, run: () => narrow(sessionId, `wirescope.kind == "${row.kind}"`) },
  ];
  if (row.call && foldsCalls(view.level)) {
    const text = view.unfolded.includes(row.seq) ? 'Fold the call' : 'Unfold the call';
    entries.unshift(
      { text, shortcut: '←→', run: () => toggleCall(sessionId, row.seq) },
      { text: 'Unfold all calls', run: () => runCommand('timeline.unfoldAll') },
      { text: 'Fold all calls', disabled: view.unfolded.length === 0, run: () => runCommand('timeline.foldAll') },
      { type: 'separator' },
    );
  }
  if (row.connection > 0) {
    const only = view.connection === row.connection;
    entries.push({
      text: only ? 'Show all connections' : `Show only connection ${row.connection}`,
      run: () => changeQuery(sessionId, { connection: only ? undefined : row.connection }),
    });
  }
  return entries;
}
