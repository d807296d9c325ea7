// One row of the timeline, as cells of the grid. Drawn from plain values so that a row that has not changed is not
// drawn again however fast the rows around it change.
import { ChevronRight, CircleX, TriangleAlert } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { CallSummary, Row } from '../../src-main/bridge/contract.ts';
import { pathParts } from '../schema/call-shape.ts';
import {
  formatBytesExact,
  formatCount,
  formatDateTime,
  formatDuration,
  formatPlural,
  formatSeconds,
  formatSize,
  formatTime,
  recordNumber,
} from '../ui/format.ts';
import { StatusChip } from '../ui/status-chip.tsx';
import type { Column, ColumnName } from './columns.ts';
import { markedText } from './marked-text.tsx';
import type { TimeMode } from './timeline-store.ts';
import { visibleSegments, visibleText } from './visible-text.ts';

/** Glyph, word and class of each direction: none, client→server, server→client. */
const DIRECTIONS = [
  { glyph: '✦', word: 'event', className: 'tl-event' },
  { glyph: '↑', word: 'client to server', className: 'tl-up' },
  { glyph: '↓', word: 'server to client', className: 'tl-down' },
] as const;

/** Characters of a summary that are drawn; the rest is beyond any screen. */
const SUMMARY_CHARS = 400;

export interface TimelineRowProps {
  id: string;
  index: number;
  row: Row | undefined;
  columns: Column[];
  timeMode: TimeMode;
  /** Where relative times count from. */
  originUs: number | undefined;
  /** Time of the row before, or of the marked one. */
  sinceUs: number | undefined;
  selected: boolean;
  /** The row the keyboard is at. */
  current: boolean;
  marked: boolean;
  find: string;
  /** Of a gRPC call: its parts are shown below it. */
  unfolded: boolean;
  /** Calls are one row each, and their parts a level below. */
  folding: boolean;
}

export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { id, index, row, columns, selected, current, marked, unfolded, folding } = props;
  const direction = row ? DIRECTIONS[row.direction] : undefined;
  const classes = ['tl-row', direction?.className];
  if (selected) classes.push('tl-selected');
  if (current) classes.push('tl-current');
  if (marked) classes.push('tl-marked');
  const isMember = folding && row?.callSeq !== undefined;
  if (isMember) classes.push('tl-member');
  return (
    <div
      id={id}
      className={classes.filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      {...(folding ? { 'aria-level': isMember ? 2 : 1 } : {})}
      {...(folding && row?.call ? { 'aria-expanded': unfolded } : {})}
      data-index={index}
      tabIndex={-1}
    >
      {columns.map((column) => (
        <span key={column.name} role="gridcell" tabIndex={-1} className={`tl-cell tl-${column.name}`}>
          {row ? cell(column.name, row, props) : column.name === 'summary' && <span className="tl-placeholder" />}
        </span>
      ))}
    </div>
  );
});

function cell(name: ColumnName, row: Row, props: TimelineRowProps): ReactNode {
  switch (name) {
    case 'number':
      return recordNumber(row.seq);
    case 'time':
      return <time title={formatDateTime(row.at)}>{timeText(row, props)}</time>;
    case 'delta':
      return props.sinceUs === undefined ? '–' : formatDuration(row.at - props.sinceUs);
    case 'connection':
      return row.connection === 0 ? '' : row.connection;
    case 'direction': {
      const direction = DIRECTIONS[row.direction];
      return (
        <span role="img" aria-label={direction.word} title={direction.word}>
          {direction.glyph}
        </span>
      );
    }
    case 'kind':
      return row.kind;
    case 'size':
      return row.direction === 0 || (row.protocol === 'grpc' && row.kind !== 'message') ? (
        ''
      ) : (
        <span title={sizeTitle(row)}>{formatSize(row.size)}</span>
      );
    case 'summary':
      return (
        <>
          {props.folding && row.call && (
            <span className="tl-fold" data-fold aria-hidden>
              <ChevronRight size={12} strokeWidth={2} data-open={props.unfolded} />
            </span>
          )}
          <NoteMark row={row} />
          {row.call ? (
            <CallLine path={row.summary} call={row.call} find={props.find} />
          ) : (
            <Summary text={row.summary} find={props.find} />
          )}
          {row.summary === '' && row.size === 0 && <span className="tl-nothing">no payload</span>}
        </>
      );
  }
}

function timeText(row: Row, { timeMode, originUs, sinceUs }: TimelineRowProps): string {
  if (timeMode === 'absolute') return formatTime(row.at);
  const from = timeMode === 'relative' ? originUs : sinceUs;
  return from === undefined ? '–' : formatSeconds(row.at - from);
}

function sizeTitle(row: Row): string {
  return `${formatBytesExact(row.size)} for the application, ${formatBytesExact(row.length)} on the wire`;
}

/** The worst remark, by shape and colour: a triangle warns, a crossed circle is an error. */
function NoteMark({ row }: { row: Row }) {
  if (row.severity !== 'warning' && row.severity !== 'error') return null;
  const what = row.severity === 'error' ? 'Error' : 'Warning';
  const title = row.notes > 0 ? `${what}: ${formatPlural(row.notes, 'note')}` : what;
  const Icon = row.severity === 'error' ? CircleX : TriangleAlert;
  return (
    <span className={`tl-note tl-note-${row.severity}`} role="img" aria-label={title} title={title}>
      <Icon size={13} strokeWidth={2} aria-hidden />
    </span>
  );
}

/** A call in one line: what was called, how it ended, how long it took, how many messages went each way. */
function CallLine({ path, call, find }: { path: string; call: CallSummary; find: string }) {
  const { service, method } = pathParts(path.replace(/^→ /, ''));
  const { status, durationMicroseconds, clientMessages, serverMessages } = call;
  const isOpen = durationMicroseconds === undefined;
  return (
    <span className="tl-call">
      <span className="tl-call-service">
        <Summary text={`${service}/`} find={find} />
      </span>
      <span className="tl-call-method">
        <Summary text={method} find={find} />
      </span>
      {status !== undefined ? (
        <StatusChip code={status} />
      ) : (
        <span className={isOpen ? 'tl-call-open' : 'tl-call-broken'}>{isOpen ? 'open' : 'no status'}</span>
      )}
      {!isOpen && <span>{formatDuration(durationMicroseconds)}</span>}
      <span>
        <span className="tl-call-up">↑{formatCount(clientMessages)}</span>{' '}
        <span className="tl-call-down">↓{formatCount(serverMessages)}</span>
      </span>
    </span>
  );
}

/** Text from the wire: what cannot be seen is shown, what is searched for is marked. */
function Summary({ text, find }: { text: string; find: string }) {
  const shown = text.length > SUMMARY_CHARS ? `${text.slice(0, SUMMARY_CHARS)}…` : text;
  if (find !== '') {
    const visible = visibleText(shown);
    return <bdi dir="ltr">{markedText(visible, find)}</bdi>;
  }
  const segments = visibleSegments(shown);
  if (segments.length === 1 && segments[0]?.standIn === false) return <bdi dir="ltr">{shown}</bdi>;
  let at = 0;
  return (
    <bdi dir="ltr">
      {segments.map((segment) => {
        const key = at;
        at += segment.text.length;
        return segment.standIn ? (
          <span key={key} className="tl-hidden">
            {segment.text}
          </span>
        ) : (
          segment.text
        );
      })}
    </bdi>
  );
}
