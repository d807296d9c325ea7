// Endpoints that are started for a test and stopped after it.
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { Endpoint } from '../../src-main/endpoints/endpoint.ts';
import { loadEndpoint } from '../../src-main/endpoints/load.ts';
import { FakeHost } from './fake-host.ts';
import { afterwards } from './loopback.ts';

export interface Running {
  endpoint: Endpoint;
  host: FakeHost;
  /** Where a server listens. */
  port: number;
}

type Settings = Partial<SessionConfig> & Pick<SessionConfig, 'role' | 'protocol'>;

/** Starts an endpoint; rejects as its start does. Servers listen on a free port of 127.0.0.1 unless told otherwise. */
export async function running(settings: Settings, host = new FakeHost()): Promise<Running> {
  const listen = settings.role === 'server' ? { listen: '127.0.0.1:0' } : {};
  const openEndpoint = await loadEndpoint(settings);
  const endpoint = openEndpoint({ wirescope: 1, name: 'test', ...listen, ...settings }, host);
  afterwards(() => endpoint.stop());
  await endpoint.start();
  const port = host.state.phase === 'open' ? Number(host.state.address.split(':').at(-1)) : 0;
  return { endpoint, host, port };
}
