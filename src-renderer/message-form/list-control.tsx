// A repeated field: its items in order, each with its control; add, move, remove.
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { MessageField } from '../../src-main/core/schema.ts';
import { elementTypeOf, startValue } from '../proto-json/value-type.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { formatPlural } from '../ui/format.ts';
import { useListKeys } from '../ui/list-keys.ts';
import { type ControlProps, useMessageForm } from './form-context.ts';

/** Items with controls; who has more edits them in the JSON. */
const SHOWN = 100;

export interface CollectionControlProps extends ControlProps {
  field: MessageField;
  depth: number;
}

export function ListControl({ field, depth, label, path, node }: CollectionControlProps) {
  const { types, set, move, Value } = useMessageForm();
  const items = node?.kind === 'array' ? node.items : [];
  const { keys, ...rows } = useListKeys(items.length);
  const element = elementTypeOf(field);
  if (node && node.kind !== 'array') return <Misfit what="a list" />;
  return (
    <div className="mf-control">
      {items.length > 0 && (
        <ol className="mf-items">
          {items.slice(0, SHOWN).map((item, index) => {
            const name = `${label}[${index}]`;
            return (
              <li key={keys[index]} className="mf-item">
                <span className="mf-index data">{index}</span>
                <div className="mf-item-value">
                  <Value
                    value={element}
                    presence={false}
                    isElement
                    depth={depth}
                    label={name}
                    path={[...path, index]}
                    node={item}
                  />
                </div>
                <IconButton
                  label={`Move ${name} up`}
                  icon={ArrowUp}
                  disabled={index === 0}
                  onClick={() => {
                    rows.move(index, index - 1);
                    move(path, index, index - 1);
                  }}
                />
                <IconButton
                  label={`Move ${name} down`}
                  icon={ArrowDown}
                  disabled={index === items.length - 1}
                  onClick={() => {
                    rows.move(index, index + 1);
                    move(path, index, index + 1);
                  }}
                />
                <IconButton
                  label={`Remove ${name}`}
                  icon={X}
                  onClick={() => {
                    rows.remove(index);
                    set(items.length === 1 ? path : [...path, index], undefined);
                  }}
                />
              </li>
            );
          })}
        </ol>
      )}
      {items.length > SHOWN && (
        <p className="field-hint">{formatPlural(items.length - SHOWN, 'further item')}: edit them in the JSON.</p>
      )}
      <div>
        <Button
          variant="ghost"
          icon={Plus}
          aria-label={`Add to ${label}`}
          onClick={() => {
            const start = startValue(element, types);
            if (node) set([...path, items.length], start);
            else set(path, `[${start}]`);
          }}
        >
          Add
        </Button>
      </div>
    </div>
  );
}

export function Misfit({ what }: { what: string }) {
  return <p className="field-error">Not {what}: edit it in the JSON.</p>;
}
