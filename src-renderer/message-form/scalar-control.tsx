// Controls of single values: text with a check, a box to tick, a choice.
import { Clock, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { FieldKind } from '../../src-main/core/schema.ts';
import type { JsonNode } from '../proto-json/json-tree.ts';
import { isFloat, isInteger } from '../proto-json/value-type.ts';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { VariableArea, VariableInput } from '../variables/variable-input.tsx';
import { type ControlProps, useMessageForm } from './form-context.ts';
import { dedentedJson, enumName, isVariable, readScalar, type TextKind } from './scalar-text.ts';

interface Presence {
  /** Not set is not the same as empty: it can be set to empty, and be cleared. */
  presence: boolean;
  /** It is always there. */
  isElement: boolean;
}

export interface ScalarControlProps extends ControlProps, Presence {
  kind: FieldKind;
}

export function ScalarControl(props: ScalarControlProps) {
  const { kind, presence, isElement, path, node, label } = props;
  const { text, set } = useMessageForm();
  if (kind === 'bool') {
    if (presence) return <Choice {...props} options={['true', 'false']} json={(word) => word} />;
    return (
      <input
        type="checkbox"
        className="mf-checkbox"
        aria-label={label}
        checked={wordOf(text, node) === 'true'}
        onChange={(event) => set(path, event.target.checked ? 'true' : isElement ? 'false' : undefined)}
      />
    );
  }
  const isNumber = isInteger(kind) || isFloat(kind);
  return <TextControl {...props} kind={kind} placeholder={isNumber ? '0' : kind === 'bytes' ? 'base64' : ''} />;
}

export interface TextControlProps extends ControlProps, Presence {
  kind: TextKind;
  placeholder: string;
  /** Beside the input. */
  children?: ReactNode;
}

/** Keeps what is typed until it is a value of its kind, and says so while it is not. */
export function TextControl(props: TextControlProps) {
  const { kind, presence, isElement, path, node, label, placeholder, children } = props;
  const { text, set } = useMessageForm();
  const [typed, setTyped] = useState<string>();
  const value = shownText(kind, text, node);
  const reading = typed === undefined ? undefined : readScalar(kind, typed);
  /** Emptied, it is not set. */
  const isUnset = (text: string) => text === '' && !isElement && (kind !== 'string' || !presence);
  const isEmpty = typed !== undefined && isUnset(typed);
  const misfit = typed === undefined && node !== undefined ? misfitOf(kind, value) : undefined;
  const error = isEmpty ? undefined : reading && !reading.ok ? reading.error : misfit;
  const change = (next: string) => {
    setTyped(next);
    if (isUnset(next)) set(path, undefined);
    else {
      const read = readScalar(kind, next);
      if (read.ok) set(path, read.json);
    }
  };
  const shown = typed !== undefined && (error || isEmpty || kind === 'json' || kind === 'double') ? typed : value;
  const isLong = kind === 'json' || value.includes('\n');
  return (
    <div className="mf-control">
      <div className="mf-line">
        {isLong ? (
          <VariableArea
            aria-label={label}
            invalid={error !== undefined}
            rows={Math.min(8, shown.split('\n').length + 1)}
            placeholder={placeholder}
            value={shown}
            onChange={(event) => change(event.target.value)}
            onBlur={() => setTyped(undefined)}
          />
        ) : (
          <VariableInput
            data
            aria-label={label}
            invalid={error !== undefined}
            placeholder={presence && node === undefined ? 'not set' : placeholder}
            value={shown}
            onChange={(event) => change(event.target.value)}
            onBlur={() => setTyped(undefined)}
          />
        )}
        {children}
        {presence && node && <IconButton label={`Clear ${label}`} icon={X} onClick={() => set(path, undefined)} />}
      </div>
      {error && <p className="field-error">{error}</p>}
    </div>
  );
}

/** A time, with the present at hand. */
export function TimestampControl(props: ControlProps & Presence) {
  const { set } = useMessageForm();
  return (
    <TextControl {...props} kind="timestamp" placeholder="2026-03-01T14:03:07Z">
      <IconButton
        label={`Now: ${props.label}`}
        icon={Clock}
        onClick={() => set(props.path, JSON.stringify(new Date().toISOString()))}
      />
    </TextControl>
  );
}

export function EnumControl(props: ControlProps & Presence & { type: string }) {
  const values = useMessageForm().types.enumeration(props.type)?.values ?? [];
  const hints = new Map(values.map(({ name, number }) => [name, String(number)]));
  return (
    <Choice
      {...props}
      options={values.map(({ name }) => name)}
      hints={hints}
      read={(word) => enumName(word, values)}
      json={(name) => JSON.stringify(name)}
    />
  );
}

interface ChoiceProps extends ControlProps, Presence {
  options: readonly string[];
  hints?: ReadonlyMap<string, string>;
  /** The option that stands in the JSON in other words. */
  read?(word: string): string;
  json(option: string): string;
}

const UNSET = ' unset';

/** One of several. Without presence the first stands for what is not set. */
function Choice({ label, path, node, options, hints, presence, isElement, read = (word) => word, json }: ChoiceProps) {
  const { text, set } = useMessageForm();
  const value = node === undefined ? undefined : read(shownText('string', text, node));
  const first = options[0];
  const known = options.map((option) => ({
    value: option,
    label: option,
    ...(hints?.has(option) ? { hint: hints.get(option)! } : {}),
  }));
  const isStrange = value !== undefined && !options.includes(value);
  return (
    <Select
      label={label}
      options={[
        ...(presence ? [{ value: UNSET, label: 'not set' }] : []),
        ...known,
        ...(isStrange ? [{ value, label: value, hint: isVariable(value) ? 'variable' : 'not in the type' }] : []),
      ]}
      value={value ?? (presence ? UNSET : (first ?? ''))}
      onChange={(next) => {
        const isDefault = next === UNSET || (!presence && !isElement && next === first);
        set(path, isDefault ? undefined : json(next));
      }}
    />
  );
}

/** What a person reads of a scalar. */
function shownText(kind: TextKind, text: string, node: JsonNode | undefined): string {
  if (!node) return '';
  if (kind === 'json') return dedentedJson(text.slice(node.start, node.end));
  return node.kind === 'string' ? node.value : text.slice(node.start, node.end);
}

function misfitOf(kind: TextKind, value: string): string | undefined {
  const reading = readScalar(kind, value);
  return reading.ok ? undefined : reading.error;
}

function wordOf(text: string, node: JsonNode | undefined): string {
  return node ? text.slice(node.start, node.end) : '';
}
