// How a mock server answers each of its methods.
import { useState } from 'react';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import type { MockMethod, SessionConfig } from '../../src-main/core/session-config.ts';
import { SHAPE_WORDS, shapeOf } from '../schema/call-shape.ts';
import { methodOf, useSchema } from '../schema/schema-store.ts';
import { type Patch, withSection } from '../stores/config-edit.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { editConfig } from '../stores/session-actions.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field, NumberField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { CallAnswers } from './call-answers.tsx';
import { DurationField } from './duration-field.tsx';
import type { FormProps } from './form.ts';
import { MetadataTable } from './metadata-table.tsx';
import { mockOf, withMock } from './mock-edit.ts';
import { StatusFields } from './status-fields.tsx';

type Behaviour = NonNullable<MockMethod['behaviour']>;

const BEHAVIOURS: readonly { value: Behaviour; label: string; hint: string }[] = [
  { value: 'example', label: 'Example', hint: 'one made from the type' },
  { value: 'echo', label: 'Echo', hint: 'each request, where the types agree' },
  { value: 'scripted', label: 'Scripted', hint: 'by the rules below' },
  { value: 'manual', label: 'By hand', hint: 'waits for you to answer' },
  { value: 'silent', label: 'Silent', hint: 'never answers' },
];

export function MethodsForm({ id, config }: FormProps) {
  const state = useSchema(id)?.state;
  const known = (state?.services ?? []).flatMap((service) => service.methods);
  const configured = Object.keys(config.grpc?.mock ?? {}).map((path) => path.replace(/^\//, ''));
  const paths = [...new Set([...known.map(({ path }) => path.replace(/^\//, '')), ...configured])];
  const [chosen, setChosen] = useState(() => useDialogs.getState().settingsAt.item);
  const path = chosen !== undefined && paths.includes(chosen) ? chosen : paths[0];
  if (path === undefined) {
    return <EmptyState title="No methods known yet" text="Load the .proto files of the service under Schema." />;
  }
  const set = new Set(configured);
  return (
    <>
      <Field label="Method">
        {(ids) => (
          <Select
            {...ids}
            label="Method"
            options={paths.map((value) => ({ value, label: value, ...(set.has(value) ? { hint: 'set' } : {}) }))}
            value={path}
            onChange={setChosen}
          />
        )}
      </Field>
      <MethodForm key={path} id={id} config={config} path={path} method={methodOf(state, path)} />
    </>
  );
}

interface MethodFormProps {
  id: string;
  config: SessionConfig;
  path: string;
  /** Absent for a method that no schema knows any more. */
  method: ServiceMethod | undefined;
}

function MethodForm({ id, config, path, method }: MethodFormProps) {
  const mock = mockOf(config.grpc, path);
  const behaviour = mock.behaviour ?? (mock.answers ? 'scripted' : 'example');
  const write = (patch: Patch<MockMethod>) =>
    editConfig(id, (old) => withSection(old, 'grpc', { mock: withMock(old.grpc, path, patch) }));
  return (
    <>
      {method && (
        <p className="settings-note">
          {SHAPE_WORDS[shapeOf(method)]}: takes <code className="data">{method.input}</code>, gives{' '}
          <code className="data">{method.output}</code>
        </p>
      )}
      <Field
        label="Behaviour"
        error={
          behaviour === 'echo' && method && method.input !== method.output
            ? 'Its two types differ: an echo is only the fields they share.'
            : undefined
        }
      >
        {(ids) => (
          <Select
            {...ids}
            label="Behaviour"
            options={BEHAVIOURS}
            value={behaviour}
            onChange={(next) => write({ behaviour: next })}
          />
        )}
      </Field>
      {behaviour === 'scripted' && (
        <CallAnswers
          answers={mock.answers ?? []}
          messages={config.messages ?? []}
          onChange={(answers) => write({ answers: answers.length > 0 ? answers : undefined })}
        />
      )}
      <h3 className="settings-heading">Delays and failures</h3>
      <DurationField label="Delay" value={mock.delay} placeholder="0ms" onChange={(delay) => write({ delay })} />
      {mock.delay !== undefined && (
        <NumberField
          label="Delayed calls"
          unit="%"
          min={0}
          max={100}
          whole={false}
          placeholder="100"
          value={mock.delayPercent}
          onChange={(delayPercent) => write({ delayPercent })}
        />
      )}
      <NumberField
        label="Failing calls"
        unit="%"
        min={0}
        max={100}
        whole={false}
        placeholder="0"
        hint="So many of a hundred calls end with the status below instead."
        value={mock.failurePercent}
        onChange={(failurePercent) =>
          write({
            failurePercent,
            failure: failurePercent === undefined ? undefined : (mock.failure ?? { code: 'UNAVAILABLE' }),
          })
        }
      />
      {mock.failurePercent !== undefined && (
        <StatusFields
          label="Status of failing calls"
          status={mock.failure ?? { code: 'UNAVAILABLE' }}
          onChange={(failure) => write({ failure })}
        />
      )}
      <h3 className="settings-heading">Initial metadata</h3>
      <MetadataTable
        label="Sent before the first message"
        metadata={mock.metadata}
        onChange={(metadata) => write({ metadata })}
      />
      <SwitchField
        label="Settings of its own"
        hint="Off: answered with an example, as every method."
        checked={Object.keys(mock).length > 0}
        onChange={(on) => {
          if (on) write({ behaviour });
          else write(Object.fromEntries(Object.keys(mock).map((key) => [key, undefined])));
        }}
      />
    </>
  );
}
