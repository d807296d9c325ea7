// Datagrams to many.
import { NumberField, TextField } from '../ui/field.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { type FormProps, sectionWriter } from './form.ts';
import { WordsField } from './words-field.tsx';

export function UdpForm({ id, config }: FormProps) {
  const udp = config.udp ?? {};
  const write = sectionWriter(id, 'udp');
  return (
    <>
      <SwitchField
        label="Allow broadcast"
        hint="Needed to send to 255.255.255.255 or a network’s broadcast address."
        checked={udp.broadcast ?? false}
        onChange={(broadcast) => write({ broadcast: broadcast || undefined })}
      />
      <WordsField
        label="Multicast groups"
        value={udp.multicast}
        placeholder="239.1.2.3, ff02::1234"
        hint="Joined at start."
        onChange={(multicast) => write({ multicast })}
      />
      <NumberField
        label="Multicast TTL"
        min={0}
        max={255}
        placeholder="1"
        hint="Routers a datagram may pass."
        value={udp.multicastTtl}
        onChange={(multicastTtl) => write({ multicastTtl })}
      />
      <SwitchField
        label="Hear own multicast"
        checked={udp.multicastLoopback ?? true}
        onChange={(multicastLoopback) => write({ multicastLoopback })}
      />
      <TextField
        label="Interface"
        control={VariableInput}
        data
        value={udp.multicastInterface}
        placeholder="192.0.2.1"
        hint="Address of the interface for multicast; the system chooses if empty."
        onChange={(multicastInterface) => write({ multicastInterface })}
      />
    </>
  );
}
