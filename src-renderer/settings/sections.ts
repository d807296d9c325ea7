// Which settings a session has, by its role and protocol.
import type { FunctionComponent } from 'react';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { CallsForm } from './calls-form.tsx';
import { ConnectionForm } from './connection-form.tsx';
import type { FormProps } from './form.ts';
import { FramingForm } from './framing-form.tsx';
import { HandshakeForm } from './handshake-form.tsx';
import { MetadataForm } from './metadata-form.tsx';
import { MethodsForm } from './methods-form.tsx';
import { SchemaForm } from './schema-form.tsx';
import { ServerForm } from './server-form.tsx';
import { TlsForm } from './tls-form.tsx';
import { UdpForm } from './udp-form.tsx';
import { WebSocketForm } from './websocket-form.tsx';

export interface Section {
  id: string;
  label: string;
  Form: FunctionComponent<FormProps>;
  /** Changes count at once, not from the next start on. */
  isImmediate?: boolean;
}

export function sectionsOf({ role, protocol }: SessionConfig): Section[] {
  const schema: Section = { id: 'schema', label: 'Schema', Form: SchemaForm, isImmediate: true };
  if (role === 'capture') return [schema];
  const sections: Section[] = [];
  if (protocol === 'grpc') {
    if (role === 'server') sections.push({ id: 'methods', label: 'Methods', Form: MethodsForm });
    else sections.push({ id: 'metadata', label: 'Metadata', Form: MetadataForm, isImmediate: true });
    sections.push(schema);
    sections.push({ id: 'calls', label: role === 'server' ? 'Limits' : 'Calls', Form: CallsForm, isImmediate: true });
  }
  if (protocol === 'websocket') {
    sections.push({ id: 'handshake', label: 'Handshake', Form: HandshakeForm });
    sections.push({ id: 'websocket', label: 'WebSocket', Form: WebSocketForm });
  }
  if (role === 'server' && protocol !== 'grpc') sections.push({ id: 'server', label: 'Answers', Form: ServerForm });
  if (protocol === 'tcp') sections.push({ id: 'framing', label: 'Framing', Form: FramingForm });
  if (protocol === 'udp') sections.push({ id: 'udp', label: 'Broadcast, multicast', Form: UdpForm });
  if (protocol !== 'udp') sections.push({ id: 'tls', label: 'TLS', Form: TlsForm });
  if (role === 'client') sections.push({ id: 'connection', label: 'Connection', Form: ConnectionForm });
  return sections;
}
