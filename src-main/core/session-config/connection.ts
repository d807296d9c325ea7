// How a connection is secured, and what a client does when it ends.
import { z } from 'zod';
import { durationSchema } from './durations.ts';

export const tlsSchema = z
  .strictObject({
    ca: z.string().optional().describe("PEM file of the authorities to trust instead of the system's."),
    cert: z.string().optional().describe('PEM file of the own certificate, with the chain to its authority.'),
    key: z.string().optional().describe('PEM file of the key to `cert`.'),
    pkcs12: z.string().optional().describe('PKCS#12 file with certificate and key.'),
    passphrase: z.string().optional().describe('Of the key or the PKCS#12 file. A secret: never written to a file.'),
    verify: z.boolean().optional().describe('false: any certificate is accepted, and the lock shows it.'),
    serverName: z
      .string()
      .optional()
      .describe('SNI and the name the certificate must have; the host of the target if absent.'),
    alpn: z.array(z.string()).optional().describe('Protocols offered in the handshake, in order (ALPN).'),
    selfSigned: z.boolean().optional().describe('Server: make a throw-away certificate at start.'),
    requestClientCertificate: z.boolean().optional().describe('Server: ask clients for a certificate.'),
  })
  .meta({ id: 'tls' });
export type TlsConfig = z.infer<typeof tlsSchema>;

export const reconnectSchema = z
  .strictObject({
    attempts: z.number().int().min(0).max(1_000_000).describe('0: never.'),
    delay: durationSchema.optional().describe('Before the first attempt.'),
    backoff: z.number().min(1).max(10).optional().describe('Each further wait is this many times the one before.'),
    maxDelay: durationSchema.optional().describe('No wait is longer than this.'),
  })
  .meta({ id: 'reconnect' });
export type ReconnectConfig = z.infer<typeof reconnectSchema>;
