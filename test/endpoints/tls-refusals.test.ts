// The words for failed handshakes, for both libraries: OpenSSL (Node) and BoringSSL (Electron).
import { describe, expect, it } from 'vitest';
import { tlsProblem, verificationFailure } from '../../src-main/endpoints/tls/refusals.ts';

const address = 'example.test:443';
const failure = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('tlsProblem', () => {
  const cases: [string, Error, RegExp][] = [
    [
      'OpenSSL',
      failure('ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines::wrong version number'),
      /speak TLS/,
    ],
    ['BoringSSL', failure('EPROTO', 'error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER'), /speak TLS/],
    ['OpenSSL', failure('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), /requires a client certificate/],
    ['BoringSSL', failure('ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED'), /requires a client certificate/],
    ['OpenSSL', failure('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), /does not trust the authority of our certificate/],
    ['OpenSSL', failure('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'), /refused our certificate as expired/],
    ['OpenSSL', failure('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), /share no TLS version/],
    ['OpenSSL', failure('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'), /could not agree/],
    ['OpenSSL', failure('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'), /no application protocol/],
    ['OpenSSL', failure('ERR_SSL_TLSV1_UNRECOGNIZED_NAME'), /does not know the server name/],
    ['any', failure('ERR_SSL_SOMETHING_NEW', 'words of its own'), /^TLS with example\.test:443 failed\.$/],
  ];
  it.each(cases)('explains what %s says: %s', (_library, error, what) => {
    const problem = tlsProblem(error, { address });
    expect(problem?.what).toMatch(what);
    expect(problem?.code).toBe((error as NodeJS.ErrnoException).code);
    expect(problem?.next).not.toBe('');
  });

  it('leaves other errors to others', () => {
    expect(tlsProblem(failure('ECONNREFUSED', 'connect ECONNREFUSED'), { address })).toBeUndefined();
    expect(tlsProblem('no error at all', { address })).toBeUndefined();
  });

  it('speaks of the client when we are the server', () => {
    const error = failure('ERR_SSL_HTTP_REQUEST', 'http request');
    expect(tlsProblem(error, { address, side: 'server' })?.next).toMatch(/at the client/);
  });
});

describe('verificationFailure', () => {
  it('has half a sentence for every code', () => {
    expect(verificationFailure('CERT_HAS_EXPIRED')).toBe('it has expired');
    expect(verificationFailure('SOMETHING_ELSE')).toBe('it was not accepted (SOMETHING_ELSE)');
  });
});
