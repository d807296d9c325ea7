// What the mock server says about itself by reflection: the services that it answers beside those of the schema, as
// file descriptors. The .proto texts hold no more than the wire needs.
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';

export const HEALTH_SERVICE = 'grpc.health.v1.Health';
/** Newest first. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

const HEALTH = `
syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
service Health {
  rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
  rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
}`;

const REFLECTION = (version: string) => `
syntax = "proto3";
package grpc.reflection.${version};
message ServerReflectionRequest {
  string host = 1;
  oneof message_request {
    string file_by_filename = 3;
    string file_containing_symbol = 4;
    ExtensionRequest file_containing_extension = 5;
    string all_extension_numbers_of_type = 6;
    string list_services = 7;
  }
}
message ExtensionRequest { string containing_type = 1; int32 extension_number = 2; }
message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;
  oneof message_response {
    FileDescriptorResponse file_descriptor_response = 4;
    ExtensionNumberResponse all_extension_numbers_response = 5;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}
message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
message ExtensionNumberResponse { string base_type_name = 1; repeated int32 extension_number = 2; }
message ListServiceResponse { repeated ServiceResponse service = 1; }
message ServiceResponse { string name = 1; }
message ErrorResponse { int32 error_code = 1; string error_message = 2; }
service ServerReflection {
  rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
}`;

/** google.protobuf.FileDescriptorProto of health and both versions of reflection. */
export function ownDescriptors(): { file: string; bytes: Uint8Array }[] {
  return [
    compile('grpc/health/v1/health.proto', HEALTH),
    compile('grpc/reflection/v1/reflection.proto', REFLECTION('v1')),
    compile('grpc/reflection/v1alpha/reflection.proto', REFLECTION('v1alpha')),
  ];
}

function compile(file: string, text: string): { file: string; bytes: Uint8Array } {
  const root = new protobuf.Root();
  protobuf.parse(text, root, { keepCase: true });
  root.resolveAll();
  // The library makes up a name of the package.
  const made = { ...root.toDescriptor('proto3').file[0], name: file };
  return { file, bytes: descriptor.FileDescriptorProto.encode(made).finish() };
}
