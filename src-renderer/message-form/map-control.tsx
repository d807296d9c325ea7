// A map: its entries, each with a key and the control of its value.
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { FieldKind } from '../../src-main/core/schema.ts';
import { elementTypeOf, startValue } from '../proto-json/value-type.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { useMessageForm } from './form-context.ts';
import { type CollectionControlProps, Misfit } from './list-control.tsx';
import { readScalar } from './scalar-text.ts';

export function MapControl({ field, depth, label, path, node }: CollectionControlProps) {
  const { types, set, rename, Value } = useMessageForm();
  const entries = node?.kind === 'object' ? node.properties : [];
  const { keys, remove } = useListKeys(entries.length);
  const element = elementTypeOf(field);
  const mapKey = field.mapKey ?? 'string';
  if (node && node.kind !== 'object') return <Misfit what="a map" />;
  const names = entries.map(({ key }) => key);
  return (
    <div className="mf-control">
      {entries.map(({ key, value }, index) => (
        <div className="mf-item" key={keys[index]}>
          <KeyInput
            label={`${label}: key ${index + 1}`}
            kind={mapKey}
            name={key}
            others={names.filter((_, at) => at !== index)}
            onRename={(next) => rename([...path, key], next)}
          />
          <div className="mf-item-value">
            <Value
              value={element}
              presence={false}
              isElement
              depth={depth}
              label={`${label}[${JSON.stringify(key)}]`}
              path={[...path, key]}
              node={value}
            />
          </div>
          <IconButton
            label={`Remove ${label}[${JSON.stringify(key)}]`}
            icon={X}
            onClick={() => {
              remove(index);
              set(entries.length === 1 ? path : [...path, key], undefined);
            }}
          />
        </div>
      ))}
      <div>
        <Button
          variant="ghost"
          icon={Plus}
          aria-label={`Add to ${label}`}
          onClick={() => {
            const start = startValue(element, types);
            const key = freeKey(mapKey, names);
            if (node) set([...path, key], start);
            else set(path, `{${JSON.stringify(key)}: ${start}}`);
          }}
        >
          Add
        </Button>
      </div>
    </div>
  );
}

/** A key that is not there yet. */
function freeKey(kind: FieldKind, names: readonly string[]): string {
  if (kind === 'bool') return names.includes('false') ? 'true' : 'false';
  let number = kind === 'string' ? 1 : 0;
  const name = () => (kind === 'string' ? `key${number}` : String(number));
  while (names.includes(name())) number++;
  return name();
}

interface KeyInputProps {
  label: string;
  kind: FieldKind;
  name: string;
  others: readonly string[];
  onRename(name: string): void;
}

/** Takes a key when it is left, so that one passes through others' names while typing. */
function KeyInput({ label, kind, name, others, onRename }: KeyInputProps) {
  const [typed, setTyped] = useState<string>();
  const value = typed ?? name;
  const reading = readScalar(kind, value);
  const error = others.includes(value) ? 'This key is there already.' : reading.ok ? undefined : reading.error;
  const take = () => {
    if (typed !== undefined && typed !== name && !error) onRename(typed);
    setTyped(undefined);
  };
  return (
    <div className="mf-key">
      <Input
        data
        aria-label={label}
        value={value}
        invalid={error !== undefined}
        title={error}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
      {error && typed !== undefined && <p className="field-error">{error}</p>}
    </div>
  );
}
