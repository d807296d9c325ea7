// Which endpoint a config stands for.
import { EndpointError, type OpenEndpoint } from './endpoint.ts';
import { createGrpcClient } from './grpc/client.ts';
import { createGrpcServer } from './grpc/server.ts';
import { createTcpClient } from './tcp/client.ts';
import { createTcpServer } from './tcp/server.ts';
import { createUdpClient } from './udp/client.ts';
import { createUdpServer } from './udp/server.ts';
import { createWebSocketClient } from './websocket/client.ts';
import { createWebSocketServer } from './websocket/server.ts';

const FACTORIES = {
  websocket: { client: createWebSocketClient, server: createWebSocketServer },
  tcp: { client: createTcpClient, server: createTcpServer },
  udp: { client: createUdpClient, server: createUdpServer },
  grpc: { client: createGrpcClient, server: createGrpcServer },
} as const;

/** Throws an EndpointError for a capture, which has no endpoint. */
export const openEndpoint: OpenEndpoint = (config, host) => {
  if (config.role === 'capture') {
    throw new EndpointError({ what: 'A capture file is read, not connected to.', why: '', next: '' });
  }
  return FACTORIES[config.protocol][config.role](config, host);
};
