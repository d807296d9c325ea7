// A message in a message: not set, or its fields, folded in or out. Recursion goes as far down as somebody opens it.
import { ChevronRight, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { FieldList } from './field-list.tsx';
import { type ControlProps, useMessageForm } from './form-context.ts';
import { Misfit } from './list-control.tsx';

/** Messages deeper than this are folded until somebody opens them. */
const OPEN_DEPTH = 2;

export interface NestedControlProps extends ControlProps {
  type: string;
  depth: number;
  isElement: boolean;
}

export function NestedControl(props: NestedControlProps) {
  const { type, depth, label, path, node } = props;
  const { types } = useMessageForm();
  const isEmpty = types.message(type)?.fields.length === 0;
  return (
    <Foldable {...props} start="{}" title={type}>
      {node?.kind === 'object' &&
        (isEmpty ? (
          <p className="field-hint">No fields.</p>
        ) : (
          <FieldList type={type} node={node} path={path} label={label} depth={depth + 1} />
        ))}
    </Foldable>
  );
}

/** `start`: the JSON it is set to. */
export function Foldable(props: NestedControlProps & { start: string; title: string; children: ReactNode }) {
  const { depth, isElement, label, path, node, start, title, children } = props;
  const { set } = useMessageForm();
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  if (!node) {
    return (
      <div>
        <Button
          variant="ghost"
          icon={Plus}
          aria-label={`Set ${label}`}
          onClick={() => {
            setOpen(true);
            set(path, start);
          }}
        >
          Set
        </Button>
      </div>
    );
  }
  if (node.kind !== 'object') return <Misfit what="a message" />;
  return (
    <div className="mf-nested">
      <div className="mf-line">
        <button
          type="button"
          className="mf-fold"
          aria-expanded={open}
          aria-label={`${label}, ${title}`}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={12} strokeWidth={2} aria-hidden data-open={open} />
          <span className="data">{title}</span>
        </button>
        {!isElement && <IconButton label={`Clear ${label}`} icon={X} onClick={() => set(path, undefined)} />}
      </div>
      {open && children}
    </div>
  );
}
