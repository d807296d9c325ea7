// What a script waits for: from which side, what it must be, how long. A condition a line, added from a menu.
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { matchError } from '../settings/answer-edit.ts';
import { DurationField } from '../settings/duration-field.tsx';
import { JsonField } from '../settings/json-field.tsx';
import { MetadataTable } from '../settings/metadata-table.tsx';
import { PairsTable } from '../settings/pairs-table.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { CaptureTable } from './capture-table.tsx';
import {
  CONDITION_LABELS,
  CONDITIONS,
  type Condition,
  conditionsOf,
  type Expectation,
  fieldValue,
  statusValue,
  withCondition,
  withKey,
} from './step-edit.ts';

type From = 'other' | NonNullable<Expectation['direction']>;

const SIDES: readonly { value: From; label: string }[] = [
  { value: 'other', label: 'The other side' },
  { value: 'client→server', label: 'The client' },
  { value: 'server→client', label: 'The server' },
];

export interface ExpectFormProps {
  expectation: Expectation;
  config: SessionConfig;
  onChange(expectation: Expectation): void;
}

export function ExpectForm({ expectation, config, onChange }: ExpectFormProps) {
  const { protocol } = config;
  const shown = conditionsOf(expectation);
  const addable = CONDITIONS.filter(
    (condition) => !shown.includes(condition) && (condition !== 'metadata' || protocol === 'grpc'),
  );
  return (
    <>
      <Field label="From">
        {(ids) => (
          <Select<From>
            id={ids.id}
            label="From"
            options={SIDES}
            value={expectation.direction ?? 'other'}
            onChange={(side) => onChange(withKey(expectation, 'direction', side === 'other' ? undefined : side))}
          />
        )}
      </Field>
      {shown.map((condition) => (
        <ConditionLine
          key={condition}
          condition={condition}
          onRemove={() => onChange(withKey(expectation, condition, undefined))}
        >
          <ConditionField condition={condition} expectation={expectation} config={config} onChange={onChange} />
        </ConditionLine>
      ))}
      <DurationField
        label="Within"
        value={expectation.within}
        placeholder="5s"
        onChange={(within) => onChange(withKey(expectation, 'within', within))}
      />
      {addable.length > 0 && (
        <Menu
          entries={addable.map((condition) => ({
            text: CONDITION_LABELS[condition],
            run: () => onChange(withCondition(expectation, condition, protocol)),
          }))}
        >
          <Button variant="ghost" icon={Plus} className="step-form-add">
            Add condition
          </Button>
        </Menu>
      )}
    </>
  );
}

function ConditionLine(props: { condition: Condition; onRemove(): void; children: ReactNode }) {
  const { condition, onRemove, children } = props;
  return (
    <div className="condition">
      <div className="condition-field">{children}</div>
      <IconButton label={`Remove “${CONDITION_LABELS[condition]}”`} icon={X} onClick={onRemove} />
    </div>
  );
}

function ConditionField({ condition, expectation, onChange }: ExpectFormProps & { condition: Condition }) {
  const label = CONDITION_LABELS[condition];
  switch (condition) {
    case 'text':
    case 'contains':
    case 'matches':
    case 'hex':
      return (
        <TextField
          label={label}
          control={VariableInput}
          data
          value={expectation[condition]}
          placeholder={condition === 'matches' ? 'regular expression' : ''}
          error={matchError({ kind: condition, text: expectation[condition] ?? '' })}
          onChange={(text) => onChange({ ...expectation, [condition]: text ?? '' })}
        />
      );
    case 'json':
      return (
        <JsonField
          label={label}
          value={expectation.json}
          rows={2}
          hint="These keys with these values; more may be there."
          onChange={(json) => onChange({ ...expectation, json: json === undefined ? {} : json })}
        />
      );
    case 'status':
      return (
        <TextField
          label={label}
          data
          narrow
          value={String(expectation.status ?? '')}
          hint="A close code, a gRPC status, or closed"
          onChange={(text) => onChange({ ...expectation, status: statusValue(text ?? '') })}
        />
      );
    case 'count':
      return (
        <NumberField
          label={label}
          value={expectation.count}
          min={1}
          max={1_000_000}
          hint="More messages, whatever they say"
          onChange={(count) => onChange({ ...expectation, count: count ?? 1 })}
        />
      );
    case 'field':
      return (
        <PairsTable
          label={label}
          pairs={Object.fromEntries(Object.entries(expectation.field ?? {}).map(([name, value]) => [name, `${value}`]))}
          namePlaceholder="websocket.opcode"
          onChange={(pairs) =>
            onChange({
              ...expectation,
              field: Object.fromEntries(Object.entries(pairs ?? {}).map(([name, text]) => [name, fieldValue(text)])),
            })
          }
        />
      );
    case 'metadata':
      return (
        <MetadataTable
          label={label}
          metadata={expectation.metadata}
          onChange={(metadata) => onChange({ ...expectation, metadata: metadata ?? {} })}
        />
      );
    case 'capture':
      return (
        <Field label={label} hint="For {{name}} in the steps that follow">
          {() => (
            <CaptureTable
              capture={expectation.capture ?? {}}
              onChange={(capture) => onChange({ ...expectation, capture })}
            />
          )}
        </Field>
      );
  }
}
