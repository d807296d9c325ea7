// What the mock server says about itself by reflection: the services that it answers beside those of the schema.
import { bundledTypes } from '../../schemas/bundled-types.ts';
import { descriptorFiles } from '../../schemas/descriptor-files.ts';

export const HEALTH_SERVICE = 'grpc.health.v1.Health';
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

const FILES = [
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
] as const;

/** google.protobuf.FileDescriptorProto of health and both versions of reflection; they import nothing. */
export function ownDescriptors(): { file: string; bytes: Uint8Array }[] {
  const { files, types } = bundledTypes();
  const own = FILES.map((name) => files.get(name)).filter((file) => file !== undefined);
  return descriptorFiles(own, types.owners);
}
