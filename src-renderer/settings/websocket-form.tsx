// How the WebSocket behaves once it is open.
import { NumberField } from '../ui/field.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { type FormProps, sectionWriter } from './form.ts';

export function WebSocketForm({ id, config }: FormProps) {
  const websocket = config.websocket ?? {};
  const write = sectionWriter(id, 'websocket');
  return (
    <>
      <SwitchField
        label="Compression"
        hint={`${config.role === 'server' ? 'Accepts' : 'Offers'} permessage-deflate (RFC 7692); both sizes are shown.`}
        checked={websocket.compression ?? true}
        onChange={(compression) => write({ compression })}
      />
      <SwitchField
        label="Answer pings"
        hint="Off: pings stay unanswered until you send a pong yourself."
        checked={websocket.autoPong ?? true}
        onChange={(autoPong) => write({ autoPong })}
      />
      <NumberField
        label="Ping every"
        unit="s"
        min={0}
        max={86_400}
        whole={false}
        placeholder="0"
        hint="0: never."
        value={websocket.pingEverySeconds}
        onChange={(pingEverySeconds) => write({ pingEverySeconds })}
      />
      <NumberField
        label="Handshake timeout"
        unit="ms"
        min={1}
        max={3_600_000}
        placeholder="10000"
        value={websocket.handshakeTimeoutMs}
        onChange={(handshakeTimeoutMs) => write({ handshakeTimeoutMs })}
      />
      <NumberField
        label="Largest message"
        unit="bytes"
        min={0}
        max={Number.MAX_SAFE_INTEGER}
        placeholder="67108864"
        hint="0: no limit. A larger message ends the connection with code 1009."
        value={websocket.maxMessageBytes}
        onChange={(maxMessageBytes) => write({ maxMessageBytes })}
      />
    </>
  );
}
