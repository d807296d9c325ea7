// A gRPC client on a capture of its own, as a session has it: what it did is read from the records.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Capture, createCapture } from '../../src-main/capture/capture.ts';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import type { Direction } from '../../src-main/core/record.ts';
import type { GrpcConfig, MetadataConfig, SessionConfig } from '../../src-main/core/session-config.ts';
import type { Endpoint, EndpointHost, EndpointState, OutgoingMessage } from '../../src-main/endpoints/endpoint.ts';
import { createGrpcClient } from '../../src-main/endpoints/grpc/client.ts';
import { type MethodName, path, peerSchema } from './grpc-peer.ts';
import { afterwards } from './loopback.ts';

export interface GrpcSession {
  endpoint: Endpoint;
  capture: Capture;
  states: EndpointState[];
  /** The last state. */
  state(): EndpointState;
  /** A message that begins a call of the method, or goes into an open one. */
  message(method: MethodName, bytes: Uint8Array | string, options?: CallExtras): OutgoingMessage;
  /** Resolves when the condition holds, looked at whenever anything changes and now and then; rejects after ten seconds. */
  until(condition: () => boolean): Promise<void>;
  /** The call with this number, when it has ended. */
  ended(call: number): Promise<CallState & { ended: NonNullable<CallState['ended']> }>;
  /** `grpc: what the timeline says` of every record so far, in order. */
  summaries(): Promise<string[]>;
  /** The values of a field in all records so far, as text. */
  fields(name: string): Promise<string[]>;
  /** The application's bytes of all messages that went this way so far. */
  messages(direction: Direction): Promise<Buffer[]>;
}

interface CallExtras {
  metadata?: MetadataConfig;
  config?: GrpcConfig;
}

/** A client that was not started. `schema: false`: it knows no method. */
export function grpcSession(
  config: Partial<SessionConfig>,
  { schema = true, folder = '.' }: { schema?: boolean; folder?: string } = {},
): GrpcSession {
  const captures = mkdtempSync(join(tmpdir(), 'wirescope-grpc-'));
  const capture = createCapture(join(captures, 'session.pcapng'));
  const states: EndpointState[] = [];
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of watchers) look();
  };
  const host: EndpointHost = {
    recorder: capture.recorder,
    stateChanged: (state) => {
      states.push(state);
      changed();
    },
    connectionsChanged: changed,
    content: () => Promise.reject(new Error('not asked here')),
    path: (relative) => join(folder, relative),
    ...(schema ? { schema: peerSchema } : {}),
  };
  capture.onGrowth(changed);
  const endpoint = createGrpcClient({ wirescope: 1, name: 'test', role: 'client', protocol: 'grpc', ...config }, host);
  afterwards(async () => {
    await endpoint.stop();
    await capture.finish();
    await capture.dispose();
    rmSync(captures, { recursive: true, force: true });
  });

  const until = (condition: () => boolean) => {
    if (condition()) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        clearInterval(glances);
        watchers.delete(look);
      };
      const timer = setTimeout(() => {
        settle();
        const calls = JSON.stringify(endpoint.calls).slice(0, 1000);
        reject(new Error(`waited in vain; ${JSON.stringify(states.at(-1))}; calls ${calls}`));
      }, 10_000);
      const look = () => {
        if (!condition()) return;
        settle();
        resolve();
      };
      // What a peer has come to tells nobody here.
      const glances = setInterval(look, 10);
      watchers.add(look);
    });
  };
  const callState = (call: number) => endpoint.calls?.find((state) => state.call === call);
  const views = async () => {
    await capture.flush();
    return Array.from({ length: capture.count }, (_, seq) => capture.view(seq));
  };
  return {
    endpoint,
    capture,
    states,
    state: () => states.at(-1) ?? { phase: 'idle' },
    message: (method, bytes, { metadata = {}, config: grpc = config.grpc ?? {} } = {}) => ({
      bytes: Buffer.from(bytes),
      text: false,
      call: { method: path(method), metadata, config: grpc },
    }),
    until,
    async ended(call) {
      await until(() => callState(call)?.ended !== undefined);
      const state = callState(call);
      if (!state?.ended) throw new Error(`call ${call} is not known any more`);
      return { ...state, ended: state.ended };
    },
    async summaries() {
      return (await views()).map(
        (view) => `${protocolById(view.record.protocol)?.name}: ${capture.summary(view.record.seq)}`,
      );
    },
    async fields(name) {
      const found: string[] = [];
      const collect = (fields: readonly { name?: string; value?: unknown; children?: readonly object[] }[]) => {
        for (const field of fields) {
          if (field.name === name) found.push(String(field.value));
          collect((field.children ?? []) as typeof fields);
        }
      };
      for (const view of await views()) collect(capture.detail(view.record.seq, 100_000).fields as never);
      return found;
    },
    async messages(direction) {
      const found: Buffer[] = [];
      for (const { record } of await views()) {
        const protocol = protocolById(record.protocol);
        if (protocol?.name !== 'grpc' || protocol.types[record.type] !== 'message') continue;
        if (record.direction !== direction) continue;
        found.push(Buffer.from(capture.payload(record.seq, 10 << 20)?.bytes ?? []));
      }
      return found;
    },
  };
}
