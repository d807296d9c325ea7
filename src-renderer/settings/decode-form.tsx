// What the bytes of a capture's ports are taken for. A rule counts as soon as it has its port, and what it says when the
// capture is read again.
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { DecodeRule } from '../../src-main/core/session-config.ts';
import { merged, withValue } from '../stores/config-edit.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { editConfig, startSession } from '../stores/session-actions.ts';
import { Button } from '../ui/button.tsx';
import { Field, NumberField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { type DecodeDraft, decodeFault, wholeRules, withKind } from './decode-edit.ts';
import type { FormProps } from './form.ts';
import { FramingFields } from './framing-form.tsx';
import { RuleList } from './rule-list.tsx';

const KINDS: readonly { value: DecodeRule['as']; label: string; hint?: string }[] = [
  { value: 'websocket', label: 'WebSocket', hint: 'with or without its handshake' },
  { value: 'http', label: 'HTTP/1.1' },
  { value: 'http2', label: 'HTTP/2', hint: 'gRPC too' },
  { value: 'tls', label: 'TLS' },
  { value: 'tcp', label: 'TCP', hint: 'with a framing' },
  { value: 'auto', label: 'Automatic', hint: 'by the first bytes' },
];

const BLANK: DecodeDraft = { as: 'websocket' };

export function DecodeForm({ id, config }: FormProps) {
  const [rules, setRules] = useState<readonly DecodeDraft[]>(config.decode ?? []);
  const fault = decodeFault(rules);
  const change = (next: readonly DecodeDraft[]) => {
    setRules(next);
    editConfig(id, (old) => withValue(old, 'decode', wholeRules(next)));
  };
  const readAgain = () => {
    useDialogs.setState({ settings: false });
    void startSession(id);
  };
  return (
    <>
      <p className="settings-note">
        The first bytes of a connection tell what it is. Where they do not, as in a capture that begins in the middle,
        say it by the port of the server.
      </p>
      <RuleList heading="Ports" rules={rules} unordered blank={BLANK} onChange={change}>
        {(rule, number, changeRule) => <RuleForm rule={rule} number={number} onChange={changeRule} />}
      </RuleList>
      {fault && (
        <p className="settings-problem" role="alert">
          {fault}
        </p>
      )}
      <div>
        <Button variant="primary" icon={RotateCw} disabled={fault !== undefined} onClick={readAgain}>
          Read the capture again
        </Button>
      </div>
    </>
  );
}

interface RuleFormProps {
  rule: DecodeDraft;
  number: number;
  onChange(rule: DecodeDraft): void;
}

function RuleForm({ rule, number, onChange }: RuleFormProps) {
  const { port, as, ...framing } = rule;
  return (
    <div className="answer-form decode-rule">
      <NumberField
        label="Port"
        min={1}
        max={65_535}
        value={port}
        placeholder="9000"
        onChange={(next) => onChange(merged(rule, { port: next }))}
      />
      <Field label="Is">
        {(ids) => (
          <Select
            {...ids}
            label={`Rule ${number}: what the port is`}
            options={KINDS}
            value={as}
            onChange={(next) => onChange(withKind(rule, next))}
          />
        )}
      </Field>
      {as === 'tcp' && <FramingFields tcp={framing} write={(patch) => onChange(merged<DecodeDraft>(rule, patch))} />}
    </div>
  );
}
