// All protocols a record may belong to.
import type { Protocol } from '../protocol.ts';
import { eventProtocol } from './event.ts';
import { grpcProtocol } from './grpc/detail.ts';
import { httpProtocol } from './http/detail.ts';
import { http2Protocol } from './http2/detail.ts';
import { tcpProtocol } from './tcp.ts';
import { tlsProtocol } from './tls/detail.ts';
import { udpProtocol } from './udp.ts';
import { websocketProtocol } from './websocket/detail.ts';

/** In the order of their ids. */
export const protocols: readonly Protocol[] = [
  eventProtocol,
  httpProtocol,
  websocketProtocol,
  tcpProtocol,
  udpProtocol,
  tlsProtocol,
  http2Protocol,
  grpcProtocol,
];

const byId = new Map(protocols.map((protocol) => [protocol.id, protocol]));

/** The protocol with this id, or undefined for one that a newer version wrote. */
export function protocolById(id: number): Protocol | undefined {
  return byId.get(id);
}
