import { describe, expect, it } from 'vitest';
import { decodeStatusDetails, encodeStatusDetails } from '../../src-main/schemas/status-details.ts';
import { bytesOf } from '../core/bytes.ts';
import { labSchema } from './schema-files.ts';

describe('details of a status', () => {
  it('are read by the schema, which always knows those of google.rpc', async () => {
    const lab = await labSchema();
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'user.email', description: 'x' }],
      },
      { '@type': 'type.googleapis.com/lab.Tree', name: 'x' },
    ];
    const bytes = encodeStatusDetails({ code: 3, message: 'no', details }, lab);
    expect(decodeStatusDetails(bytes, lab)).toEqual({
      code: 3,
      message: 'no',
      details: [
        {
          type: 'google.rpc.BadRequest',
          json: { fieldViolations: [{ field: 'user.email', description: 'x' }] },
          bytes: expect.any(Uint8Array),
        },
        { type: 'lab.Tree', json: { name: 'x' }, bytes: bytesOf('0a 01 78') },
      ],
    });
  });

  it('of unknown types, or that are none of their type, are bytes', async () => {
    const lab = await labSchema();
    const unknown = '1a 0b 0a 05 612f622e63 12 02 abcd'.replace('1a 0b', '1a 0b');
    const broken = '1a 11 0a 0a 612f6c61622e54726565 12 03 0a 7f 00';
    expect(decodeStatusDetails(bytesOf(`08 05 ${unknown} ${broken}`), lab)).toEqual({
      code: 5,
      message: '',
      details: [
        { type: 'b.c', bytes: bytesOf('abcd') },
        { type: 'lab.Tree', bytes: bytesOf('0a7f00') },
      ],
    });
  });

  it('that are no status are refused', async () => {
    const lab = await labSchema();
    expect(() => decodeStatusDetails(bytesOf('12 7f 00'), lab)).toThrow();
  });
});
