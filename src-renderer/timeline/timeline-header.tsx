// The column heads; dragging an edge changes a width, a double click gives it back.
import type { PointerEvent } from 'react';
import type { Column, Widths } from './columns.ts';

export interface TimelineHeaderProps {
  columns: Column[];
  widths: Widths;
  onResize(widths: Widths): void;
}

export function TimelineHeader({ columns, widths, onResize }: TimelineHeaderProps) {
  const drag = (column: Column) => (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const startX = event.clientX;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) =>
      onResize({
        ...widths,
        [column.name]: Math.max(column.minPx, Math.round(column.widthPx + move.clientX - startX)),
      });
    handle.onpointerup = () => {
      handle.onpointermove = null;
    };
  };
  const reset = (column: Column): void => {
    const { [column.name]: _, ...others } = widths;
    onResize(others);
  };
  return (
    <div className="tl-head" role="row" aria-rowindex={1} tabIndex={-1}>
      {columns.map((column) => (
        <span
          key={column.name}
          role="columnheader"
          tabIndex={-1}
          className={`tl-headcell tl-${column.name}`}
          title={column.hint}
          // A sign says nothing when it is read out.
          aria-label={/\w/.test(column.title) ? undefined : column.hint}
        >
          {column.title}
          {column.resizable && (
            <span
              className="tl-resizer"
              aria-hidden
              onPointerDown={drag(column)}
              onDoubleClick={() => reset(column)}
              title="Drag to resize, double-click to reset"
            />
          )}
        </span>
      ))}
    </div>
  );
}
