// Where one message ends and the next begins in a TCP stream.
import type { TcpConfig } from '../../src-main/core/session-config.ts';
import type { Patch } from '../stores/config-edit.ts';
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { type FormProps, sectionWriter } from './form.ts';
import { delimiterError } from './framing-fault.ts';

const FRAMINGS = [
  { value: 'none', label: 'None', hint: 'as the bytes come' },
  { value: 'lines', label: 'Lines', hint: 'end with LF or CR LF' },
  { value: 'delimiter', label: 'Delimiter', hint: 'end with given bytes' },
  { value: 'length-prefix', label: 'Length prefix', hint: 'begin with their length' },
  { value: 'fixed', label: 'Fixed length', hint: 'all equally long' },
] as const;

const WIDTHS = [
  { value: '1', label: '1 byte' },
  { value: '2', label: '2 bytes' },
  { value: '4', label: '4 bytes' },
  { value: '8', label: '8 bytes' },
] as const;

const ORDERS = [
  { value: 'big', label: 'Big-endian', hint: 'network order' },
  { value: 'little', label: 'Little-endian' },
] as const;

/** The fields of a framing, of a session or of a port of a capture. */
export function FramingFields({ tcp, write }: { tcp: TcpConfig; write(patch: Patch<TcpConfig>): void }) {
  const framing = tcp.framing ?? 'none';
  return (
    <>
      <Field label="Framing">
        {(ids) => (
          <Select
            {...ids}
            label="Framing"
            options={FRAMINGS}
            value={framing}
            onChange={(next) => write({ framing: next === 'none' ? undefined : next })}
          />
        )}
      </Field>
      {framing === 'delimiter' && (
        <TextField
          label="Delimiter"
          data
          value={tcp.delimiter}
          placeholder="0d0a"
          error={delimiterError(tcp.delimiter)}
          onChange={(delimiter) => write({ delimiter: delimiter?.replace(/\s/g, '') })}
        />
      )}
      {framing === 'length-prefix' && (
        <>
          <Field label="Width">
            {(ids) => (
              <Select
                {...ids}
                label="Width of the prefix"
                options={WIDTHS}
                value={String(tcp.prefixBytes ?? 4) as '1' | '2' | '4' | '8'}
                onChange={(width) => write({ prefixBytes: Number(width) as 1 | 2 | 4 | 8 })}
              />
            )}
          </Field>
          <Field label="Byte order">
            {(ids) => (
              <Select
                {...ids}
                label="Byte order"
                options={ORDERS}
                value={tcp.prefixByteOrder ?? 'big'}
                onChange={(prefixByteOrder) => write({ prefixByteOrder })}
              />
            )}
          </Field>
          <SwitchField
            label="The length counts the prefix too"
            checked={tcp.prefixIncludesItself ?? false}
            onChange={(value) => write({ prefixIncludesItself: value || undefined })}
          />
        </>
      )}
      {framing === 'fixed' && (
        <NumberField
          label="Length"
          unit="bytes"
          min={1}
          max={Number.MAX_SAFE_INTEGER}
          value={tcp.fixedLength}
          onChange={(fixedLength) => write({ fixedLength })}
        />
      )}
    </>
  );
}

export function FramingForm({ id, config }: FormProps) {
  const tcp = config.tcp ?? {};
  const write = sectionWriter(id, 'tcp');
  return (
    <>
      <FramingFields tcp={tcp} write={write} />
      <SwitchField
        label="Send at once (TCP_NODELAY)"
        hint="Off: the system may wait to fill a segment (Nagle’s algorithm)."
        checked={tcp.noDelay ?? true}
        onChange={(noDelay) => write({ noDelay })}
      />
    </>
  );
}
