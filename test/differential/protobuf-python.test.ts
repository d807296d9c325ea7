// Python's protobuf judges our ProtoJSON, in a pool made of the descriptors that we hand out: it reads the JSON that we
// read and writes what we write, and both refuse the same.
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { labSchema } from '../schemas/schema-files.ts';

/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';

/** Reads {descriptors, cases: [JSON text]} and prints, for each case, {hex, json} or {refused}. */
const SCRIPT = `
import base64, json, sys
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
given = json.load(sys.stdin)
pool = descriptor_pool.DescriptorPool()
for encoded in given['descriptors']:
    pool.Add(descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(encoded)))
factory = message_factory.MessageFactory(pool)
Sample = factory.GetPrototype(pool.FindMessageTypeByName('lab.Sample'))
Tree = factory.GetPrototype(pool.FindMessageTypeByName('lab.Tree'))
for text in given['cases']:
    try:
        message = json_format.Parse(text, Sample(), descriptor_pool=pool)
        written = json_format.MessageToDict(message, descriptor_pool=pool)
        print(json.dumps({'hex': message.SerializeToString(deterministic=True).hex(), 'json': written}))
    except Exception as refused:
        print(json.dumps({'refused': str(refused)}))
`;

type Verdict = { hex: string; json: unknown } | { refused: string };

function verdicts(lab: LoadedSchema, cases: readonly string[]): Verdict[] {
  const descriptors = lab.descriptors().map(({ bytes }) => Buffer.from(bytes).toString('base64'));
  const input = JSON.stringify({ descriptors, cases });
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`This test needs python3-protobuf: apt-get install python3-grpcio. ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

const GOOD = [
  '{}',
  '{"int32Value": -5, "int64Value": "123456789012345678", "uint64Value": 7, "doubleValue": "NaN", "floatValue": 0.25}',
  '{"int32_value": "12", "uint32Value": 1e3, "doubleValue": "1.5", "sint64Value": "-9223372036854775808"}',
  '{"floatValue": 0.1, "doubles": ["Infinity", "-Infinity", 1e-300, 0.1]}',
  '{"stringValue": "h\\u00e9\\ud83d\\ude00", "bytesValue": "AP8=", "blobs": ["-_8=", ""]}',
  '{"level": "LEVEL_TOP", "levels": [2, "LEVEL_BROKEN", 0], "optionalLevel": 0, "optionalNumber": 0}',
  '{"labels": {"b": "2", "a": ""}, "pointsById": {"-3": {"x": 1}}, "averages": {"true": 2, "false": 0}}',
  '{"levelsById": {"18446744073709551615": "LEVEL_LOW"}, "blobsByOffset": {"-1": "AQ=="}}',
  '{"chosenPoint": {}, "child": {"child": {"tags": ["x"]}}, "tree": {"named": {"k": {"name": "n"}}}}',
  '{"createdAt": "2024-02-29T12:00:00Z", "timeout": "1.5s", "history": ["1969-12-31T23:59:59.5Z", "0001-01-01T00:00:00Z"]}',
  '{"createdAt": "2024-02-29T12:00:00.000001+05:30", "timeout": "-0.000000001s"}',
  '{"settings": {"a": [1, null, {"b": true}], "": "x"}, "value": [[]], "list": [1, "2", false]}',
  '{"value": null}',
  '{"mask": "userName,a.bC"}',
  '{"doubleWrapper": 0, "int64Wrapper": "5", "boolWrapper": true, "stringWrapper": "", "bytesWrapper": "AQ=="}',
  '{"any": {"@type": "type.googleapis.com/lab.Tree", "name": "x"}}',
  '{"any": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "3s"}}',
  '{"otherName": "x", "int32Value": null, "tags": null}',
  '{"packedNumbers": [1, 2, 300], "unpackedNumbers": [-1], "bigNumbers": ["1"], "flags": [true, false]}',
];

const BAD = [
  '{"nope": 1}',
  '{"int32Value": 2147483648}',
  '{"int32Value": 1.5}',
  '{"uint32Value": -1}',
  '{"int32Value": true}',
  '{"boolValue": 1}',
  '{"boolValue": "true"}',
  '{"stringValue": 5}',
  '{"level": "NOPE"}',
  '{"tags": "x"}',
  '{"tags": [null]}',
  '{"labels": []}',
  '{"averages": {"1": 2}}',
  '{"point": 5}',
  '{"chosenText": "a", "chosenNumber": 1}',
  '{"createdAt": "2024-02-30T00:00:00Z"}',
  '{"createdAt": "10000-01-01T00:00:00Z"}',
  '{"createdAt": "2024-02-29 12:00:00"}',
  '{"timeout": "1"}',
  '{"floatValue": 1e39}',
  '{"any": {"name": "x"}}',
  '{"any": {"@type": "type.googleapis.com/no.Such", "name": "x"}}',
];

let lab: LoadedSchema;
beforeAll(async () => {
  lab = await labSchema();
});

describe("Python's json_format", () => {
  it('reads the same bytes out of JSON, and writes the same JSON', () => {
    const theirs = verdicts(lab, GOOD);
    for (const [i, text] of GOOD.entries()) {
      const bytes = lab.encode('lab.Sample', JSON.parse(text));
      // Python writes entries of maps by key.
      const again = lab.encode('lab.Sample', sorted(JSON.parse(text)));
      expect(theirs[i], text).toEqual({
        hex: Buffer.from(again).toString('hex'),
        json: lab.decode('lab.Sample', bytes),
      });
    }
  });

  it('refuses what we refuse', () => {
    const theirs = verdicts(lab, BAD);
    for (const [i, text] of BAD.entries()) {
      expect(theirs[i], text).toHaveProperty('refused');
      expect(() => lab.encode('lab.Sample', JSON.parse(text)), text).toThrow();
    }
  });

  it('reads the example of a type', () => {
    const example = lab.example('lab.Sample');
    const [theirs] = verdicts(lab, [JSON.stringify(example)]);
    expect(theirs).toEqual({ hex: Buffer.from(lab.encode('lab.Sample', example)).toString('hex'), json: example });
  });
});

/** With all keys in order. */
function sorted(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}
