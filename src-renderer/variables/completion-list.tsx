// Variables to choose from: name, value, and where it comes from. Secrets are masked.
import { type CSSProperties, useEffect, useRef } from 'react';
import type { VariableState } from '../../src-main/bridge/contract.ts';
import { shownValue } from './references.ts';

export interface CompletionListProps {
  id: string;
  variables: readonly VariableState[];
  chosen: number;
  style: CSSProperties;
  onChoose(at: number): void;
}

export function CompletionList({ id, variables, chosen, style, onChoose }: CompletionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div ref={list} className="variable-list" id={id} role="listbox" aria-label="Variables" style={style}>
      {variables.map((variable, at) => (
        <div
          key={variable.name}
          id={`${id}-${at}`}
          className="variable-item"
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(at);
          }}
        >
          <span className="variable-name data">{variable.name}</span>
          <span className="variable-value data">
            {variable.layer === 'dynamic' ? variable.origin : shownValue(variable)}
          </span>
          <span className="variable-layer">{variable.layer}</span>
        </div>
      ))}
    </div>
  );
}
