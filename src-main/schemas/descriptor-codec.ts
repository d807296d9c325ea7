// Descriptors as bytes and back, by the same codec as any other message: its types are those of the bundled
// google/protobuf/descriptor.proto.
import protobuf from 'protobufjs/minimal.js';
import { BUNDLED_PROTOS } from './bundled-protos.ts';
import type { FileDescriptor } from './descriptor.ts';
import { JsonDecoder } from './json-decoder.ts';
import { JsonEncoder } from './json-encoder.ts';
import { type MessagePlan, Plans } from './message-plan.ts';
import { resolveNames, typeNames } from './names.ts';
import { parseProto } from './proto-source.ts';
import { mapEntries } from './type-builder.ts';
import { Types } from './types.ts';

const FILE = 'google.protobuf.FileDescriptorProto';
/** Field `file` of google.protobuf.FileDescriptorSet. */
const FILE_TAG = 10;

let plans: Plans | undefined;

function filePlan(): { plans: Plans; plan: MessagePlan } {
  plans ??= descriptorPlans();
  const plan = plans.message(FILE);
  if (!plan) throw new Error(`The bundled descriptor.proto lacks ${FILE}.`);
  return { plans, plan };
}

function descriptorPlans(): Plans {
  const file = bundledFile('google/protobuf/descriptor.proto');
  resolveNames(file, typeNames([file]), () => {});
  return new Plans(new Types([{ file, source: 'descriptor.proto' }], mapEntries([file])));
}

/** A bundled file, each time another copy; its names are not resolved. */
export function bundledFile(name: string): FileDescriptor {
  const parsed = parseProto(name, BUNDLED_PROTOS[name] ?? '');
  if (!('file' in parsed)) throw new Error(`${name}, line ${parsed.line}: ${parsed.text}`);
  return parsed.file;
}

/** @throws Misfit for a descriptor with values that are none */
export function encodeFile(file: FileDescriptor): Uint8Array {
  const { plans, plan } = filePlan();
  return new JsonEncoder(plans).encode(plan, file);
}

/** @throws Error for bytes that are no FileDescriptorProto */
export function decodeFile(bytes: Uint8Array): FileDescriptor {
  const { plans, plan } = filePlan();
  return new JsonDecoder(plans).decode(plan, bytes) as FileDescriptor;
}

/** The encoded files of a FileDescriptorSet. @throws Error for bytes that are none */
export function filesInSet(bytes: Uint8Array): Uint8Array[] {
  const reader = new protobuf.Reader(bytes);
  const files: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === FILE_TAG) files.push(reader.bytes().slice());
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return files;
}
