import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../src-main/schemas/load.ts';
import {
  decodeReflectionRequest,
  decodeReflectionResponse,
  encodeReflectionRequest,
  encodeReflectionResponse,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../src-main/schemas/reflection.ts';
import { bytesOf } from '../core/bytes.ts';
import { PROTOS } from './schema-files.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const number = fc.integer({ min: 1, max: 2 ** 29 - 1 });

const requests: fc.Arbitrary<ReflectionRequest> = fc.oneof(
  fc.record({ ask: fc.constant('services' as const) }),
  fc.record({ ask: fc.constant('symbol' as const), symbol: text }),
  fc.record({ ask: fc.constant('file' as const), file: text, host: fc.constant('example.com') }),
  fc.record({ ask: fc.constant('extension' as const), type: text, number }),
  fc.record({ ask: fc.constant('extension-numbers' as const), type: text }),
);

const responses: fc.Arbitrary<ReflectionResponse> = fc.oneof(
  fc.record({ answer: fc.constant('services' as const), names: fc.array(text) }),
  fc.record({ answer: fc.constant('files' as const), files: fc.array(fc.uint8Array()) }),
  fc.record({ answer: fc.constant('extension-numbers' as const), type: text, numbers: fc.array(number) }),
  fc.record({ answer: fc.constant('error' as const), code: fc.nat(16), message: text }),
  fc.record({ answer: fc.constant('none' as const) }),
);

const VERSIONS = ['v1', 'v1alpha'] as const;

describe('reflection', () => {
  it('reads the requests that it writes', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decodeReflectionRequest(encodeReflectionRequest(request))).toEqual(request);
      }),
    );
  });

  it('reads the responses that it writes', () => {
    fc.assert(
      fc.property(responses, fc.uint8Array(), (response, original) => {
        expect(decodeReflectionResponse(encodeReflectionResponse(response, original))).toEqual(response);
      }),
    );
  });

  it('knows that a client may ask what it does not know', () => {
    expect(decodeReflectionRequest(bytesOf('48 01'))).toBeUndefined();
  });

  it('passes over what a newer server may add', () => {
    // Field 9, a number, and field 99, bytes, beside the error of field 7.
    const bytes = bytesOf('48 07 9a 06 02 aa bb 3a 05 08 05 12 01 78');
    expect(decodeReflectionResponse(bytes)).toEqual({ answer: 'error', code: 5, message: 'x' });
  });

  it('refuses bytes that are no message', () => {
    expect(() => decodeReflectionResponse(bytesOf('22 7f 00'))).toThrow();
    expect(() => decodeReflectionRequest(bytesOf('ff ff ff ff ff ff'))).toThrow();
  });

  it.each(VERSIONS)('speaks as the .proto of %s says', async (version) => {
    const folder = `${PROTOS}/grpc/reflection/${version}`;
    const schema = await loadSchema({ files: ['reflection.proto'], importPaths: [], folder });
    const type = `grpc.reflection.${version}.ServerReflection`;
    const request = encodeReflectionRequest({ ask: 'extension', type: 'a.B', number: 100 });
    expect(schema.decode(`${type}Request`, request)).toEqual({
      fileContainingExtension: { containingType: 'a.B', extensionNumber: 100 },
    });
    const response = schema.encode(`${type}Response`, {
      originalRequest: { listServices: '' },
      listServicesResponse: { service: [{ name: 'a.B' }, { name: '.C' }] },
    });
    expect(decodeReflectionResponse(response)).toEqual({ answer: 'services', names: ['a.B', '.C'] });
  });
});
