// A ping or an unasked pong with a payload.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { formatPlural } from '../ui/format.ts';
import { sendControl } from './control-menu.ts';
import { EMPTY_PAYLOAD, PayloadInput, payloadContent, payloadSize } from './payload-input.tsx';

/** RFC 6455 §5.5 */
const MAX_CONTROL_BYTES = 125;

export interface PingDialogProps {
  session: SessionState;
  type: 'ping' | 'pong';
  onClose(): void;
}

export function PingDialog({ session, type, onClose }: PingDialogProps) {
  const [payload, setPayload] = useState(EMPTY_PAYLOAD);
  const size = payloadSize(payload);
  const fits = size !== undefined && size <= MAX_CONTROL_BYTES;
  const send = async () => {
    if (await sendControl(session, { type, content: payloadContent(payload) })) onClose();
  };
  return (
    <Dialog title={type === 'ping' ? 'Send ping' : 'Send pong'} open onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) void send();
        }}
      >
        <div className="dialog-body">
          <PayloadInput value={payload} onChange={setPayload} />
          <p className={fits ? 'field-hint' : 'field-error'}>
            {size === undefined
              ? 'Not whole bytes of hex.'
              : `${formatPlural(size, 'byte')} of at most ${MAX_CONTROL_BYTES} (RFC 6455 §5.5).`}
          </p>
        </div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!fits}>
            {type === 'ping' ? 'Send ping' : 'Send pong'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
