// One WebSocket frame exactly as given, allowed or not: for testing what a peer does with it.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { formatPlural } from '../ui/format.ts';
import { Select } from '../ui/select.tsx';
import { Checkbox } from '../ui/switch.tsx';
import { sendControl } from './control-menu.ts';
import { EMPTY_PAYLOAD, PayloadInput, payloadContent, payloadSize } from './payload-input.tsx';
import { frameRemarks, headerPreview, OPCODE_NAMES } from './raw-frame.ts';

const OPCODES = Array.from({ length: 16 }, (_, opcode) => ({
  value: String(opcode),
  label: `${opcode.toString(16).toUpperCase()} ${OPCODE_NAMES[opcode] ?? 'reserved'}`,
}));

export function RawFrameDialog({ session, onClose }: { session: SessionState; onClose(): void }) {
  const isClient = session.config.role === 'client';
  const [opcode, setOpcode] = useState('1');
  const [flags, setFlags] = useState({ fin: true, rsv1: false, rsv2: false, rsv3: false, mask: isClient });
  const [payload, setPayload] = useState(EMPTY_PAYLOAD);
  const size = payloadSize(payload);
  const flag = (name: keyof typeof flags, label: string) => (
    <Checkbox
      label={label}
      checked={flags[name]}
      onChange={(checked) => setFlags((old) => ({ ...old, [name]: checked }))}
    />
  );
  const remarks = frameRemarks({ ...flags, opcode: Number(opcode), size: size ?? 0, isClient });
  const send = () =>
    sendControl(session, { type: 'rawFrame', ...flags, opcode: Number(opcode), content: payloadContent(payload) });
  return (
    <Dialog
      title="Raw frame"
      description="Sent exactly as built, whether the protocol allows it or not. The length is made to fit."
      open
      onClose={onClose}
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (size !== undefined) void send();
        }}
      >
        <div className="dialog-body">
          <div className="frame-bits">
            {flag('fin', 'FIN')}
            {flag('rsv1', 'RSV1')}
            {flag('rsv2', 'RSV2')}
            {flag('rsv3', 'RSV3')}
            {flag('mask', 'Mask')}
          </div>
          <Field label="Opcode">
            {({ id }) => <Select id={id} label="Opcode" options={OPCODES} value={opcode} onChange={setOpcode} />}
          </Field>
          <PayloadInput value={payload} onChange={setPayload} />
          <p className="data frame-preview">
            {headerPreview(flags, Number(opcode), size ?? 0)} {flags.mask && '+ mask '}+{' '}
            {formatPlural(size ?? 0, 'byte')}
          </p>
          {remarks.map((remark) => (
            <p key={remark} className="frame-remark">
              {remark}
            </p>
          ))}
        </div>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" disabled={size === undefined}>
            Send frame
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
