// How calls are made: deadline, compression, sizes, what the channel does to stay alive.
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { type FormProps, sectionWriter } from './form.ts';
import { JsonField } from './json-field.tsx';

const COMPRESSIONS = [
  { value: 'identity', label: 'None' },
  { value: 'gzip', label: 'gzip' },
  { value: 'deflate', label: 'deflate' },
] as const;

const MAX_MS = 2 ** 31 - 1;

export function CallsForm({ id, config }: FormProps) {
  const grpc = config.grpc ?? {};
  const write = sectionWriter(id, 'grpc');
  const isClient = config.role === 'client';
  return (
    <>
      {isClient && (
        <>
          <NumberField
            label="Deadline"
            unit="ms"
            min={0}
            max={MAX_MS}
            placeholder="none"
            hint="The call ends with 4 DEADLINE_EXCEEDED after so long. 0: none."
            value={grpc.deadlineMs}
            onChange={(deadlineMs) => write({ deadlineMs })}
          />
          <TextField
            label="Authority"
            control={VariableInput}
            data
            value={grpc.authority}
            placeholder="host of the target"
            hint="What :authority says, for servers behind a proxy."
            onChange={(authority) => write({ authority })}
          />
        </>
      )}
      <Field
        label="Compression"
        hint={
          isClient
            ? 'Of messages sent; what comes is inflated in any case.'
            : 'Of answers, to clients that take it; what comes is inflated in any case.'
        }
      >
        {(ids) => (
          <Select
            {...ids}
            label="Compression"
            options={COMPRESSIONS}
            value={grpc.compression ?? 'identity'}
            onChange={(next) => write({ compression: next === 'identity' ? undefined : next })}
          />
        )}
      </Field>
      <NumberField
        label="Largest message received"
        unit="bytes"
        min={0}
        max={Number.MAX_SAFE_INTEGER}
        placeholder="67108864"
        hint="0: no limit. A larger message ends its call with 8 RESOURCE_EXHAUSTED."
        value={grpc.maxReceiveBytes}
        onChange={(maxReceiveBytes) => write({ maxReceiveBytes })}
      />
      <NumberField
        label="Largest message sent"
        unit="bytes"
        min={0}
        max={Number.MAX_SAFE_INTEGER}
        placeholder="no limit"
        value={grpc.maxSendBytes}
        onChange={(maxSendBytes) => write({ maxSendBytes })}
      />
      <NumberField
        label="Keepalive ping every"
        unit="s"
        min={0}
        max={86_400}
        whole={false}
        placeholder="0"
        hint="0: never."
        value={grpc.keepaliveSeconds}
        onChange={(keepaliveSeconds) => write({ keepaliveSeconds })}
      />
      {isClient && (
        <>
          <SwitchField
            label="Wait for ready"
            hint="A call made while the server cannot be reached waits for it, until its deadline; connecting goes on."
            checked={grpc.waitForReady ?? false}
            onChange={(waitForReady) => write({ waitForReady: waitForReady || undefined })}
          />
          <JsonField
            label="Service config"
            value={grpc.serviceConfig}
            rows={6}
            placeholder={'{"methodConfig": [{"name": [{}], "retryPolicy": {…}}]}'}
            hint="gRPC’s own JSON: retry policy, timeouts by method."
            onChange={(serviceConfig) => write({ serviceConfig })}
          />
        </>
      )}
    </>
  );
}
