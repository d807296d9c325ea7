// Where a session goes or listens: role, protocol, trust, address, the step it is at, and the one next action.
import { ChevronDown, Play, Settings2, Square, X } from 'lucide-react';
import { useRef } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { ProtocolName } from '../../src-main/core/session-config.ts';
import { SchemaPopover } from '../schema/method-bar.tsx';
import { CommandIconButton } from '../shell/command-button.tsx';
import { runCommand, useCommand } from '../shell/commands.ts';
import { PhaseMark, phaseText } from '../shell/phase-mark.tsx';
import {
  LISTEN_EXAMPLE,
  PROTOCOL_LABELS,
  ROLE_LABELS,
  TARGET_EXAMPLES,
  withTarget,
  withValue,
} from '../stores/config-edit.ts';
import { editConfig } from '../stores/session-actions.ts';
import { configOf, isRunning, useSessions } from '../stores/sessions.ts';
import { Button } from '../ui/button.tsx';
import { focusHome } from '../ui/focus-home.ts';
import { formatBytes } from '../ui/format.ts';
import { Select } from '../ui/select.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { DecodeAs } from './decode-as.tsx';
import { applyGrpcurl, isGrpcurl } from './grpcurl.ts';
import { KeyLog } from './key-log.tsx';
import { TrustMark } from './trust-mark.tsx';
import './address-bar.css';

export function AddressBar({ session }: { session: SessionState }) {
  if (session.config.role === 'capture') return <CaptureBar session={session} />;
  return <EndpointBar session={session} />;
}

function EndpointBar({ session }: { session: SessionState }) {
  const config = useSessions((state) => configOf(state, session.id) ?? session.config);
  const problem = useSessions((state) => state.editProblems[session.id]);
  const input = useRef<HTMLInputElement>(null);
  const running = isRunning(session);
  const server = config.role === 'server';
  const address = (server ? config.listen : config.target) ?? '';
  useCommand('address.focus', () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <section className="address-bar" aria-label="Address" data-pane="address">
      <Select
        label="Role"
        options={[
          { value: 'client', label: ROLE_LABELS.client },
          { value: 'server', label: ROLE_LABELS.server },
        ]}
        value={config.role}
        disabled={running}
        onChange={(role) => editConfig(session.id, (old) => withValue(old, 'role', role))}
      />
      <Select
        label="Protocol"
        options={Object.entries(PROTOCOL_LABELS).map(([value, label]) => ({ value: value as ProtocolName, label }))}
        value={config.protocol}
        disabled={running}
        onChange={(protocol) => editConfig(session.id, (old) => withValue(old, 'protocol', protocol))}
      />
      <div className="address-field">
        <TrustMark session={session} config={config} />
        <VariableInput
          ref={input}
          data
          aria-label={server ? 'Address to listen on' : 'Target'}
          data-pane-entry
          value={address}
          placeholder={server ? LISTEN_EXAMPLE : TARGET_EXAMPLES[config.protocol]}
          readOnly={running}
          invalid={problem !== undefined}
          title={problem?.what ?? address}
          onChange={(event) => {
            const value = event.target.value;
            if (isGrpcurl(value) && !server) {
              void applyGrpcurl(session.id, value);
              return;
            }
            editConfig(session.id, (old) =>
              server ? withValue(old, 'listen', value === '' ? undefined : value) : withTarget(old, value),
            );
          }}
          onPaste={(event) => {
            // The field itself would make spaces of line breaks, and a backslash before one is no continuation then.
            const pasted = event.clipboardData.getData('text/plain');
            if (server || running || !isGrpcurl(pasted)) return;
            event.preventDefault();
            void applyGrpcurl(session.id, pasted);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) runCommand('session.start');
            else if (event.key === 'Escape') focusHome();
          }}
        />
      </div>
      <State session={session} />
      <Action session={session} />
      <CommandIconButton command="session.settings" icon={Settings2} />
    </section>
  );
}

/** The phase in words; while connecting, the step. */
function State({ session }: { session: SessionState }) {
  const { phase, status } = session;
  const isStep = (phase === 'connecting' || phase === 'waiting') && status !== '';
  const isListening = phase === 'open' && session.config.role === 'server';
  // How many are connected stands in the list of connections; here the address matters.
  const text = isStep ? status : isListening ? 'Listening' : phaseText(session);
  return (
    <span
      className={`address-state address-state-${phase}`}
      role="status"
      title={[phaseText(session), status].filter(Boolean).join(': ')}
    >
      <PhaseMark session={session} />
      <span className="address-state-text">
        {text}
        {isListening && status && <span className="data"> {boundAddress(status)}</span>}
      </span>
    </span>
  );
}

/** A server's status names the address it got: shown when the port was left to the system. */
function boundAddress(status: string): string {
  return /\S+:\d+/.exec(status)?.[0] ?? '';
}

function Action({ session }: { session: SessionState }) {
  const server = session.config.role === 'server';
  const { phase } = session;
  if (phase === 'connecting' || phase === 'waiting') {
    return (
      <Button icon={X} className="address-action" onClick={() => runCommand('session.stop')}>
        Cancel
      </Button>
    );
  }
  if (isRunning(session)) {
    return (
      <Button
        icon={Square}
        className="address-action"
        disabled={phase === 'closing'}
        onClick={() => runCommand('session.stop')}
      >
        {server ? 'Stop' : 'Disconnect'}
      </Button>
    );
  }
  return (
    <Button icon={Play} variant="primary" className="address-action" onClick={() => runCommand('session.start')}>
      {server ? 'Listen' : 'Connect'}
    </Button>
  );
}

function CaptureBar({ session }: { session: SessionState }) {
  const { progress, capture, config } = session;
  return (
    <section className="address-bar" aria-label="Capture" data-pane="address">
      <span className="address-state">
        <PhaseMark session={session} />
        {phaseText(session)}
      </span>
      <span className="data address-path selectable" title={config.file ?? capture?.path}>
        {config.file ?? capture?.path}
      </span>
      <KeyLog session={session} />
      <DecodeAs session={session} />
      <SchemaPopover session={session}>
        <Button variant="ghost">
          Message types
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </Button>
      </SchemaPopover>
      {progress === undefined ? (
        capture && <span className="address-size">{formatBytes(capture.sizeBytes)}</span>
      ) : (
        <progress className="address-progress" aria-label="Reading the capture" max={1} value={progress} />
      )}
    </section>
  );
}
