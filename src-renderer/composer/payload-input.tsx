// A short payload, as text or hex.
import { Segments } from '../ui/tabs.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { bytesOf, convertText } from './content.ts';

export interface Payload {
  mode: 'text' | 'hex';
  text: string;
}

export const EMPTY_PAYLOAD: Payload = { mode: 'text', text: '' };

export function payloadContent({ mode, text }: Payload): { text: string } | { hex: string } {
  return mode === 'text' ? { text } : { hex: text };
}

/** Bytes, or undefined if the hex is broken. */
export function payloadSize({ mode, text }: Payload): number | undefined {
  return bytesOf(mode, text)?.length;
}

export function PayloadInput({ value, onChange }: { value: Payload; onChange(value: Payload): void }) {
  const changeMode = (mode: Payload['mode']) =>
    onChange({ mode, text: convertText(value.mode, mode, value.text) ?? value.text });
  return (
    <div className="payload-input">
      <Segments
        label="Payload format"
        options={[
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
        value={value.mode}
        onChange={changeMode}
      />
      <VariableInput
        data
        data-dialog-entry
        aria-label="Payload"
        value={value.text}
        invalid={payloadSize(value) === undefined}
        placeholder={value.mode === 'text' ? 'Payload' : '01 02 ff'}
        onChange={(event) => onChange({ ...value, text: event.target.value })}
      />
    </div>
  );
}
