// Turns a session's TLS settings into Node's TLS options, for both roles and every protocol that runs over TLS.
import { isIP } from 'node:net';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { TlsConfig } from '../../core/session-config.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { readAuthorities, readIdentity } from './files.ts';

/** How long a client may take over its handshake with a server of ours. */
const HANDSHAKE_TIMEOUT_MS = 20_000;

/**
 * Options for tls.connect. Verification is on unless the config turns it off. `serverName` (the host of the target) is
 * sent as SNI and must be in the certificate; the config's own serverName goes before it.
 * Rejects with an EndpointError that names the bad file.
 */
export async function clientTlsOptions(
  config: TlsConfig | undefined,
  host: EndpointHost,
  serverName: string,
): Promise<ConnectionOptions> {
  const name = config?.serverName ?? serverName;
  return {
    // The name to check; also where to connect, unless a socket is given along.
    host: name,
    // RFC 6066 §3 allows no IP address in SNI.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: config?.verify !== false,
    ...(config?.ca === undefined ? {} : { ca: await readAuthorities(config.ca, host) }),
    ...(config?.alpn === undefined ? {} : { ALPNProtocols: config.alpn }),
    ...(config === undefined ? {} : await readIdentity(config, host)),
  };
}

/**
 * Options for tls.createServer, https.createServer. With `selfSigned` a throw-away certificate is made for
 * `listenHost` and this machine's own names, and recorded as an event. Rejects with an EndpointError.
 */
export async function serverTlsOptions(
  config: TlsConfig,
  host: EndpointHost,
  listenHost?: string,
): Promise<TlsOptions> {
  const identity = config.selfSigned ? await selfSigned(host, listenHost) : await readIdentity(config, host);
  if (identity.cert === undefined && !('pfx' in identity && identity.pfx)) {
    throw new EndpointError({
      what: 'A TLS server needs a certificate, and the settings name none.',
      why: '',
      next: 'Name a certificate and its key, or a PKCS#12 file, or let the server make a throw-away certificate.',
    });
  }
  const requestCert = config.requestClientCertificate === true;
  return {
    ...identity,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requestCert,
    rejectUnauthorized: requestCert && config.verify !== false,
    ...(config.ca === undefined ? {} : { ca: await readAuthorities(config.ca, host) }),
    ...(config.alpn === undefined ? {} : { ALPNProtocols: config.alpn }),
  };
}

async function selfSigned(host: EndpointHost, listenHost: string | undefined): Promise<{ cert: string; key: string }> {
  // A library for certificates, which few sessions need.
  const { makeThrowAwayCertificate } = await import('./certificate.ts');
  const made = await makeThrowAwayCertificate(listenHost);
  host.recorder.event(
    {
      type: 'tls',
      severity: 'info',
      text: `Made a throw-away certificate for ${made.names.join(', ')}`,
      fields: {
        names: made.names.join(', '),
        'SHA-256 fingerprint': made.fingerprint,
        'certificate expires': made.expires.toISOString(),
        'authority to trust (PEM)': made.authority,
      },
    },
    host.recorder.now(),
  );
  return { cert: made.cert, key: made.key };
}
