// Cipher suites by number (IANA): their names, and of the AEAD ones what it takes to open their records.
import { isGrease } from './format.ts';

export interface AeadSuite {
  cipher: 'aes-gcm' | 'aes-ccm' | 'chacha20-poly1305';
  keyBytes: 16 | 32;
  tagBytes: 8 | 16;
  /** Of the key schedule. */
  hash: 'sha256' | 'sha384';
}

const GCM_128: AeadSuite = { cipher: 'aes-gcm', keyBytes: 16, tagBytes: 16, hash: 'sha256' };
const GCM_256: AeadSuite = { cipher: 'aes-gcm', keyBytes: 32, tagBytes: 16, hash: 'sha384' };
const CHACHA20: AeadSuite = { cipher: 'chacha20-poly1305', keyBytes: 32, tagBytes: 16, hash: 'sha256' };
const CCM_128: AeadSuite = { cipher: 'aes-ccm', keyBytes: 16, tagBytes: 16, hash: 'sha256' };
const CCM_256: AeadSuite = { cipher: 'aes-ccm', keyBytes: 32, tagBytes: 16, hash: 'sha256' };
const CCM_128_8: AeadSuite = { cipher: 'aes-ccm', keyBytes: 16, tagBytes: 8, hash: 'sha256' };
const CCM_256_8: AeadSuite = { cipher: 'aes-ccm', keyBytes: 32, tagBytes: 8, hash: 'sha256' };

const names = new Map<number, string>();
const aead = new Map<number, AeadSuite>();

/** Suites that differ in their key exchange only, numbered from `first` in steps of `step`. */
function define(first: number, step: number, exchanges: string, cipher: string, suite?: AeadSuite): void {
  for (const [n, exchange] of exchanges.split(' ').entries()) {
    const number = first + n * step;
    names.set(number, `TLS_${exchange === '' ? '' : `${exchange}_WITH_`}${cipher}`);
    if (suite) aead.set(number, suite);
  }
}

// RFC 8446 §B.4
define(0x1301, 1, '', 'AES_128_GCM_SHA256', GCM_128);
define(0x1302, 1, '', 'AES_256_GCM_SHA384', GCM_256);
define(0x1303, 1, '', 'CHACHA20_POLY1305_SHA256', CHACHA20);
define(0x1304, 1, '', 'AES_128_CCM_SHA256', CCM_128);
define(0x1305, 1, '', 'AES_128_CCM_8_SHA256', CCM_128_8);
// RFC 5288, RFC 5487, RFC 5289, RFC 8442
const CLASSIC = 'RSA DHE_RSA DH_RSA DHE_DSS DH_DSS DH_anon PSK DHE_PSK RSA_PSK';
define(0x009c, 2, CLASSIC, 'AES_128_GCM_SHA256', GCM_128);
define(0x009d, 2, CLASSIC, 'AES_256_GCM_SHA384', GCM_256);
const ELLIPTIC = 'ECDHE_ECDSA ECDH_ECDSA ECDHE_RSA ECDH_RSA';
define(0xc02b, 2, ELLIPTIC, 'AES_128_GCM_SHA256', GCM_128);
define(0xc02c, 2, ELLIPTIC, 'AES_256_GCM_SHA384', GCM_256);
define(0xd001, 1, 'ECDHE_PSK', 'AES_128_GCM_SHA256', GCM_128);
define(0xd002, 1, 'ECDHE_PSK', 'AES_256_GCM_SHA384', GCM_256);
// RFC 7905
define(0xcca8, 1, 'ECDHE_RSA ECDHE_ECDSA DHE_RSA PSK ECDHE_PSK DHE_PSK RSA_PSK', 'CHACHA20_POLY1305_SHA256', CHACHA20);
// RFC 6655, RFC 7251
for (const [first, exchanges] of [
  [0xc09c, 'RSA DHE_RSA'],
  [0xc0a4, 'PSK DHE_PSK'],
] as const) {
  define(first, 2, exchanges, 'AES_128_CCM', CCM_128);
  define(first + 1, 2, exchanges, 'AES_256_CCM', CCM_256);
}
define(0xc0a0, 2, 'RSA DHE_RSA', 'AES_128_CCM_8', CCM_128_8);
define(0xc0a1, 2, 'RSA DHE_RSA', 'AES_256_CCM_8', CCM_256_8);
define(0xc0a8, 2, 'PSK PSK_DHE', 'AES_128_CCM_8', CCM_128_8);
define(0xc0a9, 2, 'PSK PSK_DHE', 'AES_256_CCM_8', CCM_256_8);
define(0xc0ac, 1, 'ECDHE_ECDSA', 'AES_128_CCM', CCM_128);
define(0xc0ad, 1, 'ECDHE_ECDSA', 'AES_256_CCM', CCM_256);
define(0xc0ae, 1, 'ECDHE_ECDSA', 'AES_128_CCM_8', CCM_128_8);
define(0xc0af, 1, 'ECDHE_ECDSA', 'AES_256_CCM_8', CCM_256_8);
// What is still met and not AEAD: RFC 5246 §A.5, RFC 8422, RFC 5289
define(0x0000, 1, 'NULL', 'NULL_NULL');
define(0x0001, 1, 'RSA', 'NULL_MD5');
define(0x0002, 1, 'RSA', 'NULL_SHA');
define(0x0004, 1, 'RSA', 'RC4_128_MD5');
define(0x0005, 1, 'RSA', 'RC4_128_SHA');
define(0x000a, 1, 'RSA', '3DES_EDE_CBC_SHA');
define(0x0016, 1, 'DHE_RSA', '3DES_EDE_CBC_SHA');
define(0x002f, 1, 'RSA DH_DSS DH_RSA DHE_DSS DHE_RSA DH_anon', 'AES_128_CBC_SHA');
define(0x0035, 1, 'RSA DH_DSS DH_RSA DHE_DSS DHE_RSA DH_anon', 'AES_256_CBC_SHA');
define(0x003b, 1, 'RSA', 'NULL_SHA256');
define(0x003c, 1, 'RSA', 'AES_128_CBC_SHA256');
define(0x003d, 1, 'RSA', 'AES_256_CBC_SHA256');
define(0x0067, 1, 'DHE_RSA', 'AES_128_CBC_SHA256');
define(0x006b, 1, 'DHE_RSA', 'AES_256_CBC_SHA256');
define(0xc007, 10, 'ECDHE_ECDSA ECDHE_RSA', 'RC4_128_SHA');
define(0xc008, 10, 'ECDHE_ECDSA ECDHE_RSA', '3DES_EDE_CBC_SHA');
define(0xc009, 10, 'ECDHE_ECDSA ECDHE_RSA', 'AES_128_CBC_SHA');
define(0xc00a, 10, 'ECDHE_ECDSA ECDHE_RSA', 'AES_256_CBC_SHA');
define(0xc023, 4, 'ECDHE_ECDSA ECDHE_RSA', 'AES_128_CBC_SHA256');
define(0xc024, 4, 'ECDHE_ECDSA ECDHE_RSA', 'AES_256_CBC_SHA384');
// Signals among the suites: RFC 5746 §3.3, RFC 7507
names.set(0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV');
names.set(0x5600, 'TLS_FALLBACK_SCSV');

/** `TLS_AES_128_GCM_SHA256`, or the number in hex. */
export function suiteName(number: number): string {
  return names.get(number) ?? (isGrease(number) ? 'GREASE' : `0x${number.toString(16).padStart(4, '0')}`);
}

/** undefined for a suite that is not AEAD, or not known. */
export function aeadSuite(number: number): AeadSuite | undefined {
  return aead.get(number);
}

/** Nothing is encrypted, or with what is broken. */
export function isWeakSuite(number: number): boolean {
  return /NULL|RC4|3DES|EXPORT|_DES_|anon/.test(suiteName(number));
}
