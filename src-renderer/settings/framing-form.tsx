// Where one message ends and the next begins in a TCP stream.
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { type FormProps, sectionWriter } from './form.ts';

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

/** Hex of the delimiter, checked as it is typed. */
function delimiterError(hex: string | undefined): string | undefined {
  if (!hex) return 'The bytes that end a message, as hex: 0d0a.';
  return /^([0-9a-f]{2})+$/i.test(hex) ? undefined : 'Whole bytes of hex, as 0d0a.';
}

export function FramingForm({ id, config }: FormProps) {
  const tcp = config.tcp ?? {};
  const write = sectionWriter(id, 'tcp');
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
      <SwitchField
        label="Send at once (TCP_NODELAY)"
        hint="Off: the system may wait to fill a segment (Nagle’s algorithm)."
        checked={tcp.noDelay ?? true}
        onChange={(noDelay) => write({ noDelay })}
      />
    </>
  );
}
