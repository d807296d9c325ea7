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

const OPCODE_NAMES: { [opcode: number]: string } = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

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

interface Bits {
  fin: boolean;
  rsv1: boolean;
  rsv2: boolean;
  rsv3: boolean;
  mask: boolean;
}

/** The bytes before mask and payload, as hex. */
export function headerPreview(bits: Bits, opcode: number, size: number): string {
  const first =
    (bits.fin ? 0x80 : 0) | (bits.rsv1 ? 0x40 : 0) | (bits.rsv2 ? 0x20 : 0) | (bits.rsv3 ? 0x10 : 0) | opcode;
  const mask = bits.mask ? 0x80 : 0;
  const length =
    size < 126
      ? [mask | size]
      : size < 65_536
        ? [mask | 126, size >> 8, size & 0xff]
        : [mask | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (size >>> shift) & 0xff)];
  return [first, ...length].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** What RFC 6455 says against the frame. */
export function frameRemarks(frame: Bits & { opcode: number; size: number; isClient: boolean }): string[] {
  const { fin, rsv2, rsv3, mask, opcode, size, isClient } = frame;
  const isControl = opcode >= 8;
  return [
    isClient && !mask && 'A client must mask its frames (§5.1).',
    !isClient && mask && 'A server must not mask its frames (§5.1).',
    isControl && !fin && 'A control frame must not be fragmented (§5.5).',
    isControl && size > 125 && 'A control frame holds at most 125 bytes (§5.5).',
    OPCODE_NAMES[opcode] === undefined && 'The opcode is reserved (§5.2).',
    (rsv2 || rsv3) && 'RSV2 and RSV3 need an extension that defines them (§5.2).',
    opcode === 8 && size === 1 && 'A close payload is empty or begins with a two-byte code (§5.5.1).',
  ].filter((remark) => remark !== false);
}
