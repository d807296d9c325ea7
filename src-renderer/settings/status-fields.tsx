// A gRPC status: its code, its message, its details.
import type { GrpcStatusConfig } from '../../src-main/core/session-config.ts';
import { Field, TextField } from '../ui/field.tsx';
import { STATUS_NAMES, statusCode } from '../ui/grpc-status.ts';
import { Select } from '../ui/select.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { JsonField } from './json-field.tsx';

export interface StatusFieldsProps {
  /** Begins the accessible names: `Rule 1: status`. */
  label: string;
  status: GrpcStatusConfig;
  onChange(status: GrpcStatusConfig): void;
}

const CODES = STATUS_NAMES.map((name, code) => ({ value: name as string, label: name as string, hint: String(code) }));

export function StatusFields({ label, status, onChange }: StatusFieldsProps) {
  const code = statusCode(status.code);
  const name = code === undefined ? undefined : STATUS_NAMES[code];
  const write = (patch: { [K in keyof GrpcStatusConfig]?: GrpcStatusConfig[K] | undefined }) => {
    const entries = Object.entries({ ...status, ...patch }).filter(([, value]) => value !== undefined);
    onChange(Object.fromEntries(entries) as GrpcStatusConfig);
  };
  const isOk = code === 0;
  return (
    <>
      <Field label="Status" error={name ? undefined : `“${status.code}” is no status of gRPC.`}>
        {({ id }) => (
          <Select id={id} label={label} options={CODES} value={name ?? ''} onChange={(next) => write({ code: next })} />
        )}
      </Field>
      {!isOk && (
        <>
          <TextField
            label="Message"
            control={VariableInput}
            value={status.message}
            onChange={(message) => write({ message })}
          />
          <JsonField
            label="Details"
            value={status.details}
            placeholder={'[{"@type": "type.googleapis.com/…"}]'}
            hint="A list of Any messages, sent as grpc-status-details-bin."
            onChange={(details) => write({ details: Array.isArray(details) ? details : undefined })}
          />
        </>
      )}
    </>
  );
}
