// One line of the hex view. Drawn from numbers only, so that a line changes only when something in it does.
import { memo, type ReactNode } from 'react';
import type { ByteSource } from './byte-source.ts';
import { asciiOf, hexByte, offsetText } from './hex-layout.ts';

export interface HexRowProps {
  source: ByteSource;
  /** Bytes may have come since. */
  version: number;
  row: number;
  perRow: number;
  digits: number;
  /** Selected, hovered: [from, to) as positions in this line; 0, 0 for none. */
  selectedFrom: number;
  selectedTo: number;
  hoveredFrom: number;
  hoveredTo: number;
}

export const HexRow = memo(function HexRow(props: HexRowProps) {
  const { source, row, perRow, digits } = props;
  const start = row * perRow;
  const hex: ReactNode[] = [];
  const characters: ReactNode[] = [];
  for (let column = 0; column < perRow; column += 1) {
    const offset = start + column;
    const value = offset < source.sizeBytes ? source.at(offset) : undefined;
    const gap = perRow > 8 && column === 8 ? ' in-gap' : '';
    if (offset >= source.sizeBytes) {
      hex.push(<span key={column} className={`in-byte${gap}`} />);
      continue;
    }
    const state = stateOf(column, props);
    const faint = value === 0 ? ' in-zero' : '';
    hex.push(
      <span key={column} className={`in-byte${gap}${state}${faint}`} data-offset={offset}>
        {value === undefined ? '··' : hexByte(value)}
      </span>,
    );
    const printable = value !== undefined && asciiOf(value) !== '·';
    characters.push(
      <span key={column} className={`in-character${state}${printable ? '' : ' in-zero'}`} data-offset={offset}>
        {value === undefined ? ' ' : asciiOf(value)}
      </span>,
    );
  }
  return (
    <div className="in-hex-row" role="row" tabIndex={-1} aria-rowindex={row + 1}>
      <span className="in-offset" role="rowheader" tabIndex={-1}>
        {offsetText(start, digits)}
      </span>
      <span className="in-bytes" role="gridcell" tabIndex={-1}>
        {hex}
      </span>
      <span className="in-characters" role="gridcell" tabIndex={-1} data-area="text">
        {characters}
      </span>
    </div>
  );
});

function stateOf(column: number, props: HexRowProps): string {
  const selected = column >= props.selectedFrom && column < props.selectedTo;
  const hovered = column >= props.hoveredFrom && column < props.hoveredTo;
  return `${selected ? ' in-selected' : ''}${hovered ? ' in-hovered' : ''}`;
}
