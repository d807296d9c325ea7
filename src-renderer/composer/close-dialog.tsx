// The closing handshake with a code and a reason.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { CLOSE_CODES, closeCodeRemark } from './close-codes.ts';
import { sendControl } from './control-menu.ts';

/** A close frame holds 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

export function CloseDialog({ session, onClose }: { session: SessionState; onClose(): void }) {
  const [code, setCode] = useState('1000');
  const [reason, setReason] = useState('');
  const number = Number(code);
  const hasCode = code.trim() !== '';
  const codeFits = !hasCode || (Number.isInteger(number) && number >= 0 && number <= 65_535);
  const reasonBytes = new TextEncoder().encode(reason).length;
  const fits = codeFits && reasonBytes <= MAX_REASON_BYTES && (hasCode || reason === '');
  const send = async () => {
    const command = { type: 'close' as const, ...(hasCode ? { code: number } : {}), ...(reason ? { reason } : {}) };
    if (await sendControl(session, command)) onClose();
  };
  return (
    <Dialog title="Close with code and reason" open onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) void send();
        }}
      >
        <div className="dialog-body">
          <Field
            label="Code"
            hint={hasCode ? closeCodeRemark(number) : 'Empty: a close frame without a code.'}
            error={codeFits ? undefined : 'Between 0 and 65535.'}
          >
            {(ids) => (
              <Input
                {...ids}
                data
                className="input-number"
                inputMode="numeric"
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Reason"
            hint={`${reasonBytes} of at most ${MAX_REASON_BYTES} bytes.`}
            error={
              !hasCode && reason !== ''
                ? 'A reason needs a code before it.'
                : reasonBytes > MAX_REASON_BYTES
                  ? `${reasonBytes} bytes; at most ${MAX_REASON_BYTES} fit.`
                  : undefined
            }
          >
            {(ids) => <VariableInput {...ids} value={reason} onChange={(event) => setReason(event.target.value)} />}
          </Field>
          <ul className="close-codes" aria-label="Codes">
            {CLOSE_CODES.map((each) => (
              <li key={each.code}>
                <button
                  type="button"
                  aria-pressed={code === String(each.code)}
                  onClick={() => setCode(String(each.code))}
                >
                  <span className="data">{each.code}</span> {each.meaning}
                  {each.reserved && <span className="field-hint">reserved</span>}
                </button>
              </li>
            ))}
          </ul>
        </div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!fits}>
            Close connection
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
