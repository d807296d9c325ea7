// How a client gets to its peer, and back to it.
import type { Duration } from '../../src-main/core/session-config.ts';
import { withValue } from '../stores/config-edit.ts';
import { editConfig } from '../stores/session-actions.ts';
import { NumberField, TextField } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { DurationField } from './duration-field.tsx';
import { type FormProps, sectionWriter } from './form.ts';

export function ConnectionForm({ id, config }: FormProps) {
  const reconnect = config.reconnect;
  const writeReconnect = sectionWriter(id, 'reconnect');
  const attempts = reconnect?.attempts ?? 0;
  const write = (patch: {
    delay?: Duration | undefined;
    maxDelay?: Duration | undefined;
    backoff?: number | undefined;
  }) => writeReconnect({ attempts, ...patch });
  const isUdp = config.protocol === 'udp';
  return (
    <>
      {!isUdp && (
        <NumberField
          label="Connect timeout"
          unit="ms"
          min={1}
          max={3_600_000}
          placeholder="10000"
          value={config.connectTimeoutMs}
          onChange={(value) => editConfig(id, (old) => withValue(old, 'connectTimeoutMs', value))}
        />
      )}
      {!isUdp && (
        <TextField
          label="Proxy"
          control={VariableInput}
          data
          value={config.proxy}
          placeholder="socks5://host:1080"
          hint="http:// (CONNECT) or socks5://. User and password in the URL are never written to a file."
          onChange={(value) => editConfig(id, (old) => withValue(old, 'proxy', value))}
        />
      )}
      <TextField
        label="From address"
        control={VariableInput}
        data
        value={config.listen}
        placeholder="192.0.2.1:0"
        hint="Address of this machine to connect from; the system chooses if empty."
        onChange={(value) => editConfig(id, (old) => withValue(old, 'listen', value))}
      />
      {!isUdp && (
        <>
          <h3 className="settings-heading">Reconnect</h3>
          <NumberField
            label="Attempts"
            min={0}
            max={1_000_000}
            placeholder="0"
            hint="0: never."
            value={reconnect?.attempts}
            onChange={(value) =>
              value === undefined || value === 0
                ? editConfig(id, (old) => withValue(old, 'reconnect', undefined))
                : writeReconnect({ attempts: value })
            }
          />
          {attempts > 0 && (
            <>
              <DurationField
                label="First wait"
                value={reconnect?.delay}
                placeholder="1s"
                onChange={(delay) => write({ delay })}
              />
              <NumberField
                label="Then longer by"
                unit="×"
                min={1}
                max={10}
                whole={false}
                placeholder="2"
                value={reconnect?.backoff}
                onChange={(backoff) => write({ backoff })}
              />
              <DurationField
                label="At most"
                value={reconnect?.maxDelay}
                placeholder="30s"
                onChange={(maxDelay) => write({ maxDelay })}
              />
            </>
          )}
        </>
      )}
    </>
  );
}
