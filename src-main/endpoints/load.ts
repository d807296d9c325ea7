// Which endpoint a config stands for. The code of a protocol is loaded by the first session of it: none is needed to
// start an engine, and most engines never need all.
import { EndpointError, type LoadEndpoint } from './endpoint.ts';

const LOADERS = {
  websocket: {
    client: async () => (await import('./websocket/client.ts')).createWebSocketClient,
    server: async () => (await import('./websocket/server.ts')).createWebSocketServer,
  },
  tcp: {
    client: async () => (await import('./tcp/client.ts')).createTcpClient,
    server: async () => (await import('./tcp/server.ts')).createTcpServer,
  },
  udp: {
    client: async () => (await import('./udp/client.ts')).createUdpClient,
    server: async () => (await import('./udp/server.ts')).createUdpServer,
  },
  grpc: {
    client: async () => (await import('./grpc/client.ts')).createGrpcClient,
    server: async () => (await import('./grpc/server.ts')).createGrpcServer,
  },
} as const;

export const loadEndpoint: LoadEndpoint = async ({ role, protocol }) => {
  if (role === 'capture') {
    throw new EndpointError({ what: 'A capture file is read, not connected to.', why: '', next: '' });
  }
  return LOADERS[protocol][role]();
};
