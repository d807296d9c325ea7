import { describe, expect, it } from 'vitest';
import { metadataOf, metadataRows, rowError } from '../../../src-renderer/settings/metadata-rows.ts';

describe('metadata as rows', () => {
  it('keeps several values of one name, in order', () => {
    const metadata = { 'x-user': 'maria', tag: ['a', 'b'] };
    expect(metadataRows(metadata)).toEqual([
      { name: 'x-user', value: 'maria' },
      { name: 'tag', value: 'a' },
      { name: 'tag', value: 'b' },
    ]);
    expect(metadataOf(metadataRows(metadata))).toEqual(metadata);
  });

  it('writes names as gRPC does, and leaves out what has none or is refused', () => {
    expect(
      metadataOf([
        { name: ' X-User ', value: 'a' },
        { name: '', value: 'b' },
        { name: 'grpc-timeout', value: '1S' },
      ]),
    ).toEqual({ 'x-user': 'a' });
    expect(metadataOf([{ name: ':path', value: '/' }])).toBeUndefined();
  });

  it.each([
    ['x-user', 'maria', undefined],
    ['', '', undefined],
    ['', 'x', /name is missing/],
    ['grpc-timeout', '1S', /belongs to gRPC/],
    ['Content-Type', 'x', /belongs to gRPC/],
    [':authority', 'x', /belongs to gRPC/],
    ['a b', 'x', /letters, digits/],
    ['x-user', 'María', /ASCII/],
    ['x-user', 'a\nb', /ASCII/],
    ['trace-bin', 'AP8B', undefined],
    ['trace-bin', 'AP8', undefined],
    ['trace-bin', 'not base64!', /base64/],
  ])('%s: %s', (name, value, error) => {
    if (error === undefined) expect(rowError({ name, value })).toBeUndefined();
    else expect(rowError({ name, value })).toMatch(error);
  });
});
