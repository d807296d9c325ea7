// Which settings a session has, by its role and protocol.
import type { FunctionComponent } from 'react';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { CallsForm } from './calls-form.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { DecodeForm } from './decode-form.tsx';
import type { FormProps } from './form.ts';
import { FramingForm } from './framing-form.tsx';
import { HandshakeForm } from './handshake-form.tsx';
import { MetadataForm } from './metadata-form.tsx';
import { MethodsForm } from './methods-form.tsx';
import { SchemaForm } from './schema-form.tsx';
import { ServerForm } from './server-form.tsx';
import { TlsForm } from './tls-form.tsx';
import { UdpForm } from './udp-form.tsx';
import { VariablesForm } from './variables-form.tsx';
import { WebSocketForm } from './websocket-form.tsx';

export interface Section {
  id: string;
  label: string;
  /** Which settings of a session's config it is about, by their paths. */
  holds(path: string): boolean;
  Form: FunctionComponent<FormProps>;
  /** Changes count at once, not from the next start on. */
  isImmediate?: boolean;
}

/** Of the handshake; all else of `websocket` is about what follows. */
const HANDSHAKE = /^websocket\.(headers|subprotocols|origin|basicAuth|cookies)\b/;
const begins = (word: string) => (path: string) => path === word || path.startsWith(`${word}.`);
const isOfCalls = (path: string) => begins('grpc')(path) && !/^grpc\.(metadata|schema|method)\b/.test(path);

export function sectionsOf({ role, protocol }: SessionConfig): Section[] {
  const schema = { id: 'schema', label: 'Schema', Form: SchemaForm, holds: begins('grpc.schema'), isImmediate: true };
  if (role === 'capture')
    return [schema, { id: 'decode', label: 'Decode as', Form: DecodeForm, holds: begins('decode'), isImmediate: true }];
  const sections: Section[] = [];
  if (protocol === 'grpc') {
    const metadata = begins('grpc.metadata');
    if (role === 'server') sections.push({ id: 'methods', label: 'Methods', Form: MethodsForm, holds: metadata });
    else sections.push({ id: 'metadata', label: 'Metadata', Form: MetadataForm, holds: metadata, isImmediate: true });
    sections.push(schema);
    const label = role === 'server' ? 'Limits' : 'Calls';
    sections.push({ id: 'calls', label, Form: CallsForm, holds: isOfCalls, isImmediate: true });
  }
  if (protocol === 'websocket') {
    const isHandshake = (path: string) => HANDSHAKE.test(path);
    const isOther = (path: string) => begins('websocket')(path) && !isHandshake(path);
    sections.push({ id: 'handshake', label: 'Handshake', Form: HandshakeForm, holds: isHandshake });
    sections.push({ id: 'websocket', label: 'WebSocket', Form: WebSocketForm, holds: isOther });
  }
  if (role === 'server' && protocol !== 'grpc')
    sections.push({ id: 'server', label: 'Answers', Form: ServerForm, holds: begins('server') });
  if (protocol === 'tcp') sections.push({ id: 'framing', label: 'Framing', Form: FramingForm, holds: begins('tcp') });
  if (protocol === 'udp')
    sections.push({ id: 'udp', label: 'Broadcast, multicast', Form: UdpForm, holds: begins('udp') });
  if (protocol !== 'udp') sections.push({ id: 'tls', label: 'TLS', Form: TlsForm, holds: begins('tls') });
  if (role === 'client')
    sections.push({
      id: 'connection',
      label: 'Connection',
      Form: ConnectionForm,
      holds: (path) => ['proxy', 'connectTimeoutMs', 'reconnect'].some((word) => begins(word)(path)),
    });
  return [
    ...sections,
    { id: 'variables', label: 'Variables', Form: VariablesForm, holds: () => false, isImmediate: true },
  ];
}
