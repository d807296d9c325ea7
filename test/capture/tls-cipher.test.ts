// Opening TLS records: our own ciphers against those of OpenSSL, and the key schedule against the traces of RFC 8448.
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openChaCha20Poly1305 } from '../../src-main/capture/tls/chacha20-poly1305.ts';
import { sessionKeys, trafficKeys } from '../../src-main/capture/tls/cipher.ts';
import { Version } from '../../src-main/core/dissect/tls/format.ts';
import { Direction } from '../../src-main/core/record.ts';

const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));

describe('ChaCha20-Poly1305 of our own', () => {
  test.each([0, 1, 15, 16, 17, 63, 64, 65, 255, 4096, 16_385])('opens what OpenSSL sealed: %i bytes', (length) => {
    for (let i = 0; i < 5; i++) {
      const [key, nonce, additional, plain] = [32, 12, i * 7, length].map((bytes) => randomBytes(bytes)) as Buffer[];
      const cipher = createCipheriv('chacha20-poly1305', key!, nonce!, { authTagLength: 16 });
      cipher.setAAD(additional!, { plaintextLength: length });
      const sealed = Buffer.concat([cipher.update(plain!), cipher.final(), cipher.getAuthTag()]);
      expect(openChaCha20Poly1305(key!, nonce!, additional!, sealed)).toEqual(new Uint8Array(plain!));
      sealed[(i * 31) % sealed.length]! ^= 1 << i;
      expect(openChaCha20Poly1305(key!, nonce!, additional!, sealed)).toBeUndefined();
    }
  });

  // All bits set make every limb of Poly1305 carry.
  test('carries', () => {
    const key = new Uint8Array(32).fill(255);
    const nonce = new Uint8Array(12).fill(255);
    const plain = Buffer.alloc(1000, 255);
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    expect(openChaCha20Poly1305(key, nonce, new Uint8Array(0), sealed)).toEqual(new Uint8Array(plain));
  });

  test('nothing is shorter than its tag', () => {
    expect(
      openChaCha20Poly1305(new Uint8Array(32), new Uint8Array(12), new Uint8Array(0), new Uint8Array(15)),
    ).toBeUndefined();
  });
});

// RFC 8448 §3: application data of the client and of the server.
describe('the simple handshake of RFC 8448', () => {
  const content = new Uint8Array([...Array.from({ length: 50 }, (_, i) => i), 23]);
  const records = [
    [
      'client',
      '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
      0,
      `1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2
       977014bd1e3deae63aeebb21694915e4`,
    ],
    [
      'server',
      'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643',
      1,
      `17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8fcc49c4bf2e5f0a2
       1c0047c2abf332540dd032e167c2955d`,
    ],
  ] as const;

  test.each(records)('%s', (_, secret, sequence, digits) => {
    const record = hex(digits);
    const keys = trafficKeys(0x1301, hex(secret))!;
    const opened = keys.open(sequence, record.subarray(0, 5), record.subarray(5));
    expect(opened && new Uint8Array(opened)).toEqual(content);
    expect(keys.open(sequence + 1, record.subarray(0, 5), record.subarray(5))).toBeUndefined();
    expect(keys.next()!.open(sequence, record.subarray(0, 5), record.subarray(5))).toBeUndefined();
  });
});

describe('keys that cannot be', () => {
  const session = {
    clientRandom: new Uint8Array(32),
    serverRandom: new Uint8Array(32),
    version: Version.tls12 as number,
    suite: 0xc02b,
  };

  test('are none', () => {
    expect(trafficKeys(0x1301, new Uint8Array(48))).toBeUndefined();
    expect(trafficKeys(0xc013, new Uint8Array(32))).toBeUndefined();
    const direction = Direction.clientToServer;
    expect(sessionKeys(session, new Uint8Array(32), direction)).toBeUndefined();
    expect(sessionKeys({ ...session, suite: 0xc013 }, new Uint8Array(48), direction)).toBeUndefined();
    expect(sessionKeys({ ...session, version: Version.tls11 }, new Uint8Array(48), direction)).toBeUndefined();
    expect(sessionKeys(session, new Uint8Array(48), direction)).toBeDefined();
  });

  test.each([0xc02b, 0xcca9, 0xc0ac, 0xc0ae])('open no record of any length: suite %i', (suite) => {
    const keys = sessionKeys({ ...session, suite }, new Uint8Array(48), Direction.serverToClient)!;
    for (let length = 0; length < 40; length++) {
      expect(keys.open(0, new Uint8Array(5), new Uint8Array(length))).toBeUndefined();
    }
  });
});
