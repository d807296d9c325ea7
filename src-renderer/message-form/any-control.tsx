// A message of whatever type: the type is searched among those known, then its fields are shown.
import { useEffect, useId, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { propertyOf, stringOf } from '../proto-json/json-tree.ts';
import { ANY, isWellKnown, startValue, TYPE_KEY, typeOfUrl } from '../proto-json/value-type.ts';
import { Input } from '../ui/field.tsx';
import { FieldList } from './field-list.tsx';
import { type ControlProps, useMessageForm } from './form-context.ts';
import { Foldable } from './nested-control.tsx';
import { meantType } from './type-name.ts';

const SEARCH_PAUSE_MS = 120;
const FOUND = 50;

export function AnyControl(props: ControlProps & { depth: number; isElement: boolean }) {
  const { depth, label, path, node } = props;
  const { types, set, Value } = useMessageForm();
  const type = typeOfUrl(stringOf(propertyOf(node, TYPE_KEY)?.value) ?? '');
  const start = startValue({ shape: 'message', type: ANY }, types);
  return (
    <Foldable {...props} type={ANY} start={start} title="Any">
      <TypeInput
        label={`${label}: type`}
        type={type}
        onChange={(next) => set([...path, TYPE_KEY], JSON.stringify(`type.googleapis.com/${next}`))}
      />
      {type !== '' && isWellKnown(type) ? (
        <Value
          value={{ shape: 'message', type }}
          presence={false}
          depth={depth + 1}
          label={`${label}: value`}
          path={[...path, 'value']}
          node={propertyOf(node, 'value')?.value}
        />
      ) : (
        types.message(type) && <FieldList type={type} node={node} path={path} label={label} depth={depth + 1} />
      )}
      {type !== '' && types.isUnknown(type) && <p className="field-error">“{type}” is not among the known types.</p>}
    </Foldable>
  );
}

function TypeInput({ label, type, onChange }: { label: string; type: string; onChange(type: string): void }) {
  const { session } = useMessageForm();
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const [names, setNames] = useState<readonly string[]>([]);
  const text = typed ?? type;
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      bridge.call('schema.search', { session, text, count: FOUND }).then(
        (found) => !stale && setNames(found.names),
        // Without an answer the name can still be typed.
        () => undefined,
      );
    }, SEARCH_PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [session, text]);
  const take = (text: string) => {
    const next = meantType(text, names);
    setTyped(undefined);
    if (next !== type) onChange(next);
  };
  return (
    <>
      <Input
        data
        aria-label={label}
        list={id}
        placeholder="Search a message type"
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          if (names.includes(next)) take(next);
          else setTyped(next);
        }}
        onBlur={() => typed !== undefined && take(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== undefined) take(typed);
        }}
      />
      <datalist id={id}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
