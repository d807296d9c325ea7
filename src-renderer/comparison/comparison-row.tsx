// A row of a comparison: both sides, and between them how they relate, as a shape, a word and a time.
import { Equal, EqualNot, type LucideIcon, Minus, Plus } from 'lucide-react';
import { memo } from 'react';
import type { ComparedRow, Row } from '../../src-main/bridge/contract.ts';
import { visibleText } from '../timeline/visible-text.ts';
import { classNames } from '../ui/class-names.ts';
import { formatDateTime, formatSeconds, recordNumber } from '../ui/format.ts';
import { KIND_WORDS, lagText, lagTitle } from './comparison-text.ts';

/** A lag that is worth a look. */
const LONG_LAG_US = 100_000;
/** The rest is beyond any screen. */
const SUMMARY_CHARS = 300;

/** Glyph, word and class of each direction: none, client→server, server→client. */
const DIRECTIONS = [
  { glyph: '✦', word: 'event', className: 'comparison-event' },
  { glyph: '↑', word: 'client to server', className: 'comparison-up' },
  { glyph: '↓', word: 'server to client', className: 'comparison-down' },
] as const;

const SHAPES: { readonly [K in ComparedRow['kind']]: LucideIcon } = {
  same: Equal,
  changed: EqualNot,
  one: Minus,
  other: Plus,
};

export interface ComparisonRowProps {
  id: string;
  /** Place in the list, for the pointer and for assistive technology. */
  place: number;
  row: ComparedRow | undefined;
  current: boolean;
  /** Where the times of each side count from, in microseconds since the Unix epoch. */
  originUs: number;
  otherOriginUs: number;
}

export const ComparisonRow = memo(function ComparisonRow(props: ComparisonRowProps) {
  const { id, place, row, current, originUs, otherOriginUs } = props;
  return (
    <div
      id={id}
      className={classNames('comparison-row', row && `comparison-${row.kind}`, current && 'comparison-current')}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={current}
      data-place={place}
      tabIndex={-1}
    >
      <Side row={row?.one} isMissing={row !== undefined && !row.one} originUs={originUs} />
      <span role="gridcell" tabIndex={-1} className="comparison-mark">
        {row && <Mark row={row} />}
      </span>
      <Side row={row?.other} isMissing={row !== undefined && !row.other} originUs={otherOriginUs} />
    </div>
  );
});

function Side({ row, isMissing, originUs }: { row: Row | undefined; isMissing: boolean; originUs: number }) {
  if (!row) {
    return (
      <span
        role="gridcell"
        tabIndex={-1}
        aria-label={isMissing ? 'nothing' : undefined}
        className={classNames('comparison-side', isMissing && 'comparison-missing')}
      />
    );
  }
  const direction = DIRECTIONS[row.direction];
  const { summary } = row;
  return (
    <span role="gridcell" tabIndex={-1} className={classNames('comparison-side', direction.className)}>
      <span className="comparison-number">{recordNumber(row.seq)}</span>
      <time className="comparison-time" title={formatDateTime(row.at)}>
        {formatSeconds(row.at - originUs)}
      </time>
      <span className="comparison-direction" role="img" aria-label={direction.word} title={direction.word}>
        {direction.glyph}
      </span>
      <span className="comparison-kind">{row.kind}</span>
      <bdi dir="ltr" className="comparison-summary">
        {visibleText(summary.length > SUMMARY_CHARS ? `${summary.slice(0, SUMMARY_CHARS)}…` : summary)}
      </bdi>
    </span>
  );
}

function Mark({ row: { kind, lagMicroseconds } }: { row: ComparedRow }) {
  const Shape = SHAPES[kind];
  const isLong = lagMicroseconds !== undefined && Math.abs(lagMicroseconds) >= LONG_LAG_US;
  return (
    <>
      <span className="comparison-shape" title={KIND_WORDS[kind]}>
        <Shape size={13} strokeWidth={2.25} aria-hidden />
      </span>
      <span className="visually-hidden">{KIND_WORDS[kind]}</span>
      {lagMicroseconds !== undefined && (
        <span
          className={classNames('comparison-lag', isLong && 'comparison-lag-long')}
          title={lagTitle(lagMicroseconds)}
        >
          {lagText(lagMicroseconds)}
        </span>
      )}
    </>
  );
}
