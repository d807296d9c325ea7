// Examples: every field has a value that fits, types inside themselves end, and it is always the same.
import { describe, expect, it } from 'vitest';
import { labSchema, proto3 } from './schema-files.ts';

describe('examples', () => {
  it('fit their type, and give the same again when they are read', async () => {
    const lab = await labSchema();
    for (const type of lab.search('lab.')) {
      const example = lab.example(type);
      expect(lab.decode(type, lab.encode(type, example))).toEqual(example);
      expect(lab.example(type)).toEqual(example);
    }
  });

  it('guess from names', async () => {
    const schema = await proto3(`message User {
      string id = 1; string email = 2; string first_name = 3; string website_url = 4; string created_at = 5; int32 age = 6;
      double latitude = 7; repeated string phoneNumbers = 8; string nickname = 9; int64 size_bytes = 10; string blob_x = 11;
    }`);
    expect(schema.example('t.User')).toEqual({
      id: 'id-1',
      email: 'ada@example.com',
      firstName: 'Ada',
      websiteUrl: 'https://example.com/path',
      createdAt: '2024-02-29T12:00:00Z',
      age: 36,
      latitude: 47.3769,
      phoneNumbers: ['+41 44 668 18 00'],
      nickname: 'nickname',
      sizeBytes: '1024',
      blobX: 'blob x',
    });
  });

  it('choose the first of a oneof, one element and one entry, and end where a type is inside itself', async () => {
    const schema = await proto3(`
      message Node { string text = 1; Node next = 2; repeated Node all = 3; map<int32, Leaf> leaves = 4; oneof k { Leaf a = 5; Leaf b = 6; } }
      message Leaf { E e = 1; Node back = 2; }
      enum E { ZERO = 0; ONE = 1; }`);
    const leaf = { e: 'ONE' };
    expect(schema.example('t.Node')).toEqual({ text: 'Hello, world', leaves: { 1: leaf }, a: leaf });
  });

  it('stay small for types that fan out', async () => {
    const level = (i: number) =>
      `message M${i} { ${Array.from({ length: 9 }, (_, n) => `M${i + 1} f${n} = ${n + 1};`).join(' ')} }`;
    const schema = await proto3(
      `${Array.from({ length: 8 }, (_, i) => level(i)).join('\n')} message M8 { string x = 1; }`,
    );
    expect(JSON.stringify(schema.example('t.M0')).length).toBeLessThan(50_000);
  });
});
