// The hex view with a choice of source: the wire, and what became of it.
import { EmptyState } from '../ui/empty-state.tsx';
import type { ByteSource } from './byte-source.ts';
import type { ByteRange, SourceRange } from './hex-layout.ts';
import { HexView } from './hex-view.tsx';

export interface SourcePaneProps {
  labels: string[];
  sources: ByteSource[];
  shown: number;
  onShow(source: number): void;
  selection: SourceRange | undefined;
  hover: SourceRange | undefined;
  onSelect(range: SourceRange | undefined): void;
}

export function SourcePane({ labels, sources, shown, onShow, selection, hover, onSelect }: SourcePaneProps) {
  const source = sources[shown];
  if (!source) return <EmptyState title="No bytes" text="An event is what happened around the wire, not on it." />;
  const here = (range: SourceRange | undefined): ByteRange | undefined => (range?.source === shown ? range : undefined);
  return (
    <div className="in-pane">
      {labels.length > 1 && (
        <div className="in-sources" role="radiogroup" aria-label="Bytes shown">
          {labels.map((label, position) => (
            <label key={label} className="in-source">
              <input type="radio" name="in-source" checked={position === shown} onChange={() => onShow(position)} />
              {label}
            </label>
          ))}
        </div>
      )}
      <HexView
        // Another record's bytes begin at their beginning.
        key={`${shown}`}
        label={`${labels[shown]} bytes`}
        source={source}
        selection={here(selection)}
        hover={here(hover)}
        onSelect={(range) => onSelect(range && { ...range, source: shown })}
      />
    </div>
  );
}
