// The HTTP or HTTPS server under a WebSocket server, and the part of `ws` that answers upgrades.
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { WebSocketServer as UpgradeServer } from 'ws';
import type { SessionConfig, WebSocketConfig } from '../../core/session-config.ts';
import { type ListenAddress, parseListen } from '../address.ts';
import type { EndpointHost } from '../endpoint.ts';
import { serverTlsOptions } from '../tls/options.ts';
import { sharedOptions } from './request.ts';

/** For the request's head, however it drips. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Answers upgrades, and chooses the subprotocol: ours in order of preference; without a list, the client's first. */
export function createUpgrades(config: WebSocketConfig): UpgradeServer {
  const supported = config.subprotocols ?? [];
  return new UpgradeServer({
    ...sharedOptions(config),
    noServer: true,
    clientTracking: false,
    ...(supported.length === 0
      ? {}
      : { handleProtocols: (offered) => supported.find((name) => offered.has(name)) ?? false }),
  });
}

/** Not listening yet; over TLS if the config has a `tls` part. Rejects with an EndpointError for bad TLS files. */
export async function createListener(config: SessionConfig, host: EndpointHost): Promise<Server> {
  const timeoutMs = config.websocket?.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  const options = {
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1000, timeoutMs / 4)),
    noDelay: true,
  };
  if (!config.tls) return createHttpServer(options);
  const tls = await serverTlsOptions(config.tls, host, parseListen(config.listen).host);
  return createHttpsServer({ ...options, ...tls });
}

/** Resolves when connections are accepted; rejects with the system's error. */
export function listenOn(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
