// Made by scripts/bundle-protos.mjs from protos/: change those instead.

/** Text of well-known .proto files by the name that others import them with. */
export const BUNDLED_PROTOS: { readonly [file: string]: string } = {
  'google/api/annotations.proto': `// The option that says how a method is reached by HTTP and JSON.
syntax = "proto3";

package google.api;

import "google/api/http.proto";
import "google/protobuf/descriptor.proto";

option go_package = "google.golang.org/genproto/googleapis/api/annotations;annotations";

extend google.protobuf.MethodOptions {
  HttpRule http = 72295728;
}
`,
  'google/api/http.proto': `// How a method is reached by HTTP and JSON: the types of the option google.api.http.
syntax = "proto3";

package google.api;

option go_package = "google.golang.org/genproto/googleapis/api/annotations;annotations";

message Http {
  repeated HttpRule rules = 1;
  bool fully_decode_reserved_expansion = 2;
}

message HttpRule {
  // The method it is about, by full name.
  string selector = 1;

  oneof pattern {
    string get = 2;
    string put = 3;
    string post = 4;
    string delete = 5;
    string patch = 6;
    CustomHttpPattern custom = 8;
  }

  // The field that is the request's body; \`*\` for all that the path does not name.
  string body = 7;
  // The field that is the response's body; all if empty.
  string response_body = 12;
  repeated HttpRule additional_bindings = 11;
}

message CustomHttpPattern {
  string kind = 1;
  string path = 2;
}
`,
  'google/protobuf/any.proto': `// A message of any type, with its type's name.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/anypb";

// In JSON: the message's own fields and \`@type\`; of a well-known type its JSON under \`value\` instead.
message Any {
  // Ends in the full name of the type: \`type.googleapis.com/package.Message\`.
  string type_url = 1;
  // The message, encoded.
  bytes value = 2;
}
`,
  'google/protobuf/api.proto': `// Services as messages.
syntax = "proto3";

package google.protobuf;

import "google/protobuf/source_context.proto";
import "google/protobuf/type.proto";

option go_package = "google.golang.org/protobuf/types/known/apipb";

// A service.
message Api {
  string name = 1;
  repeated Method methods = 2;
  repeated Option options = 3;
  string version = 4;
  SourceContext source_context = 5;
  repeated Mixin mixins = 6;
  Syntax syntax = 7;
  string edition = 8;
}

// A method of a service.
message Method {
  string name = 1;
  string request_type_url = 2;
  bool request_streaming = 3;
  string response_type_url = 4;
  bool response_streaming = 5;
  repeated Option options = 6;
  Syntax syntax = 7;
  string edition = 8;
}

// Another service whose methods this one has too.
message Mixin {
  string name = 1;
  string root = 2;
}
`,
  'google/protobuf/descriptor.proto': `// Descriptors: .proto files as messages. What \`protoc -o\` writes and a reflection service answers.
syntax = "proto2";

package google.protobuf;

// What \`protoc -o\` writes: files, each after those it imports if they are included.
message FileDescriptorSet {
  repeated FileDescriptorProto file = 1;

  extensions 536000000;
}

enum Edition {
  EDITION_UNKNOWN = 0;
  EDITION_LEGACY = 900;
  EDITION_PROTO2 = 998;
  EDITION_PROTO3 = 999;
  EDITION_2023 = 1000;
  EDITION_2024 = 1001;
  EDITION_2026 = 1002;
  EDITION_MAX = 2147483647;
}

// One .proto file.
message FileDescriptorProto {
  optional string name = 1;
  optional string package = 2;
  repeated string dependency = 3;
  repeated int32 public_dependency = 10;
  repeated int32 weak_dependency = 11;
  repeated string option_dependency = 15;
  repeated DescriptorProto message_type = 4;
  repeated EnumDescriptorProto enum_type = 5;
  repeated ServiceDescriptorProto service = 6;
  repeated FieldDescriptorProto extension = 7;
  optional FileOptions options = 8;
  optional SourceCodeInfo source_code_info = 9;
  optional string syntax = 12;
  optional Edition edition = 14;
}

// A message type.
message DescriptorProto {
  optional string name = 1;
  repeated FieldDescriptorProto field = 2;
  repeated FieldDescriptorProto extension = 6;
  repeated DescriptorProto nested_type = 3;
  repeated EnumDescriptorProto enum_type = 4;
  repeated ExtensionRange extension_range = 5;
  repeated OneofDescriptorProto oneof_decl = 8;
  optional MessageOptions options = 7;
  repeated ReservedRange reserved_range = 9;
  repeated string reserved_name = 10;
  optional SymbolVisibility visibility = 11;

  message ExtensionRange {
    optional int32 start = 1;
    optional int32 end = 2;
    optional ExtensionRangeOptions options = 3;
  }

  message ReservedRange {
    optional int32 start = 1;
    optional int32 end = 2;
  }
}

message ExtensionRangeOptions {
  repeated UninterpretedOption uninterpreted_option = 999;
  repeated Declaration declaration = 2;
  optional FeatureSet features = 50;
  optional VerificationState verification = 3 [default = UNVERIFIED];

  message Declaration {
    optional int32 number = 1;
    optional string full_name = 2;
    optional string type = 3;
    optional bool reserved = 5;
    optional bool repeated = 6;

    reserved 4;
  }

  enum VerificationState {
    DECLARATION = 0;
    UNVERIFIED = 1;
  }

  extensions 1000 to max;
}

// A field, or an extension of another message.
message FieldDescriptorProto {
  optional string name = 1;
  optional int32 number = 3;
  optional Label label = 4;
  optional Type type = 5;
  optional string type_name = 6;
  optional string extendee = 2;
  optional string default_value = 7;
  optional int32 oneof_index = 9;
  optional string json_name = 10;
  optional FieldOptions options = 8;
  optional bool proto3_optional = 17;

  enum Type {
    TYPE_DOUBLE = 1;
    TYPE_FLOAT = 2;
    TYPE_INT64 = 3;
    TYPE_UINT64 = 4;
    TYPE_INT32 = 5;
    TYPE_FIXED64 = 6;
    TYPE_FIXED32 = 7;
    TYPE_BOOL = 8;
    TYPE_STRING = 9;
    TYPE_GROUP = 10;
    TYPE_MESSAGE = 11;
    TYPE_BYTES = 12;
    TYPE_UINT32 = 13;
    TYPE_ENUM = 14;
    TYPE_SFIXED32 = 15;
    TYPE_SFIXED64 = 16;
    TYPE_SINT32 = 17;
    TYPE_SINT64 = 18;
  }

  enum Label {
    LABEL_OPTIONAL = 1;
    LABEL_REPEATED = 3;
    LABEL_REQUIRED = 2;
  }
}

// A oneof; its fields point to it by index.
message OneofDescriptorProto {
  optional string name = 1;
  optional OneofOptions options = 2;
}

// An enum.
message EnumDescriptorProto {
  optional string name = 1;
  repeated EnumValueDescriptorProto value = 2;
  optional EnumOptions options = 3;
  repeated EnumReservedRange reserved_range = 4;
  repeated string reserved_name = 5;
  optional SymbolVisibility visibility = 6;

  message EnumReservedRange {
    optional int32 start = 1;
    optional int32 end = 2;
  }
}

// A named value of an enum.
message EnumValueDescriptorProto {
  optional string name = 1;
  optional int32 number = 2;
  optional EnumValueOptions options = 3;
}

// A service.
message ServiceDescriptorProto {
  optional string name = 1;
  repeated MethodDescriptorProto method = 2;
  optional ServiceOptions options = 3;
}

// A method of a service.
message MethodDescriptorProto {
  optional string name = 1;
  optional string input_type = 2;
  optional string output_type = 3;
  optional MethodOptions options = 4;
  optional bool client_streaming = 5;
  optional bool server_streaming = 6;
}

message FileOptions {
  optional string java_package = 1;
  optional string java_outer_classname = 8;
  optional bool java_multiple_files = 10;
  optional bool java_generate_equals_and_hash = 20 [deprecated = true];
  optional bool java_string_check_utf8 = 27;
  optional OptimizeMode optimize_for = 9 [default = SPEED];
  optional string go_package = 11;
  optional bool cc_generic_services = 16;
  optional bool java_generic_services = 17;
  optional bool py_generic_services = 18;
  optional bool deprecated = 23;
  optional bool cc_enable_arenas = 31 [default = true];
  optional string objc_class_prefix = 36;
  optional string csharp_namespace = 37;
  optional string swift_prefix = 39;
  optional string php_class_prefix = 40;
  optional string php_namespace = 41;
  optional string php_metadata_namespace = 44;
  optional string ruby_package = 45;
  optional FeatureSet features = 50;
  repeated UninterpretedOption uninterpreted_option = 999;

  enum OptimizeMode {
    SPEED = 1;
    CODE_SIZE = 2;
    LITE_RUNTIME = 3;
  }

  extensions 1000 to max;

  reserved 42, 38;
  reserved "php_generic_services";
}

message MessageOptions {
  optional bool message_set_wire_format = 1;
  optional bool no_standard_descriptor_accessor = 2;
  optional bool deprecated = 3;
  optional bool map_entry = 7;
  optional bool deprecated_legacy_json_field_conflicts = 11 [deprecated = true];
  optional FeatureSet features = 12;
  repeated UninterpretedOption uninterpreted_option = 999;

  extensions 1000 to max;

  reserved 4, 5, 6, 8, 9;
}

message FieldOptions {
  optional CType ctype = 1 [default = STRING];
  optional bool packed = 2;
  optional JSType jstype = 6 [default = JS_NORMAL];
  optional bool lazy = 5;
  optional bool unverified_lazy = 15;
  optional bool deprecated = 3;
  optional bool weak = 10 [deprecated = true];
  optional bool debug_redact = 16;
  optional OptionRetention retention = 17;
  repeated OptionTargetType targets = 19;
  repeated EditionDefault edition_defaults = 20;
  optional FeatureSet features = 21;
  optional FeatureSupport feature_support = 22;
  repeated UninterpretedOption uninterpreted_option = 999;

  enum CType {
    STRING = 0;
    CORD = 1;
    STRING_PIECE = 2;
  }

  enum JSType {
    JS_NORMAL = 0;
    JS_STRING = 1;
    JS_NUMBER = 2;
  }

  enum OptionRetention {
    RETENTION_UNKNOWN = 0;
    RETENTION_RUNTIME = 1;
    RETENTION_SOURCE = 2;
  }

  enum OptionTargetType {
    TARGET_TYPE_UNKNOWN = 0;
    TARGET_TYPE_FILE = 1;
    TARGET_TYPE_EXTENSION_RANGE = 2;
    TARGET_TYPE_MESSAGE = 3;
    TARGET_TYPE_FIELD = 4;
    TARGET_TYPE_ONEOF = 5;
    TARGET_TYPE_ENUM = 6;
    TARGET_TYPE_ENUM_ENTRY = 7;
    TARGET_TYPE_SERVICE = 8;
    TARGET_TYPE_METHOD = 9;
  }

  message EditionDefault {
    optional Edition edition = 3;
    optional string value = 2;
  }

  message FeatureSupport {
    optional Edition edition_introduced = 1;
    optional Edition edition_deprecated = 2;
    optional string deprecation_warning = 3;
    optional Edition edition_removed = 4;
  }

  extensions 1000 to max;

  reserved 4, 18;
}

message OneofOptions {
  optional FeatureSet features = 1;
  repeated UninterpretedOption uninterpreted_option = 999;

  extensions 1000 to max;
}

message EnumOptions {
  optional bool allow_alias = 2;
  optional bool deprecated = 3;
  optional bool deprecated_legacy_json_field_conflicts = 6 [deprecated = true];
  optional FeatureSet features = 7;
  repeated UninterpretedOption uninterpreted_option = 999;

  extensions 1000 to max;

  reserved 5;
}

message EnumValueOptions {
  optional bool deprecated = 1;
  optional FeatureSet features = 2;
  optional bool debug_redact = 3;
  optional FieldOptions.FeatureSupport feature_support = 4;
  repeated UninterpretedOption uninterpreted_option = 999;

  extensions 990 to 998;
  extensions 1000 to max;
}

message ServiceOptions {
  optional FeatureSet features = 34;
  optional bool deprecated = 33;
  repeated UninterpretedOption uninterpreted_option = 999;

  extensions 1000 to max;
}

message MethodOptions {
  optional bool deprecated = 33;
  optional IdempotencyLevel idempotency_level = 34 [default = IDEMPOTENCY_UNKNOWN];
  optional FeatureSet features = 35;
  repeated UninterpretedOption uninterpreted_option = 999;

  enum IdempotencyLevel {
    IDEMPOTENCY_UNKNOWN = 0;
    NO_SIDE_EFFECTS = 1;
    IDEMPOTENT = 2;
  }

  extensions 1000 to max;
}

// An option as it was written, before anybody knew its type. Never in what a compiler hands out.
message UninterpretedOption {
  repeated NamePart name = 2;
  optional string identifier_value = 3;
  optional uint64 positive_int_value = 4;
  optional int64 negative_int_value = 5;
  optional double double_value = 6;
  optional bytes string_value = 7;
  optional string aggregate_value = 8;

  message NamePart {
    required string name_part = 1;
    required bool is_extension = 2;
  }
}

// What an edition decides, and a file, message, enum or field may decide otherwise.
message FeatureSet {
  optional FieldPresence field_presence = 1;
  optional EnumType enum_type = 2;
  optional RepeatedFieldEncoding repeated_field_encoding = 3;
  optional Utf8Validation utf8_validation = 4;
  optional MessageEncoding message_encoding = 5;
  optional JsonFormat json_format = 6;
  optional EnforceNamingStyle enforce_naming_style = 7;
  optional VisibilityFeature.DefaultSymbolVisibility default_symbol_visibility = 8;
  optional ProtoLimitsFeature.EnforceProtoLimits enforce_proto_limits = 9;

  enum FieldPresence {
    FIELD_PRESENCE_UNKNOWN = 0;
    EXPLICIT = 1;
    IMPLICIT = 2;
    LEGACY_REQUIRED = 3;
  }

  enum EnumType {
    ENUM_TYPE_UNKNOWN = 0;
    OPEN = 1;
    CLOSED = 2;
  }

  enum RepeatedFieldEncoding {
    REPEATED_FIELD_ENCODING_UNKNOWN = 0;
    PACKED = 1;
    EXPANDED = 2;
  }

  enum Utf8Validation {
    UTF8_VALIDATION_UNKNOWN = 0;
    VERIFY = 2;
    NONE = 3;
  }

  enum MessageEncoding {
    MESSAGE_ENCODING_UNKNOWN = 0;
    LENGTH_PREFIXED = 1;
    DELIMITED = 2;
  }

  enum JsonFormat {
    JSON_FORMAT_UNKNOWN = 0;
    ALLOW = 1;
    LEGACY_BEST_EFFORT = 2;
  }

  enum EnforceNamingStyle {
    ENFORCE_NAMING_STYLE_UNKNOWN = 0;
    STYLE2024 = 1;
    STYLE_LEGACY = 2;
    STYLE2026 = 3;
  }

  message VisibilityFeature {
    enum DefaultSymbolVisibility {
      DEFAULT_SYMBOL_VISIBILITY_UNKNOWN = 0;
      EXPORT_ALL = 1;
      EXPORT_TOP_LEVEL = 2;
      LOCAL_ALL = 3;
      STRICT = 4;
    }

    reserved 1 to max;
  }

  message ProtoLimitsFeature {
    enum EnforceProtoLimits {
      PROTO_LIMITS_UNKNOWN = 0;
      LEGACY_NO_EXPLICIT_LIMITS = 1;
      PROTO_LIMITS2026 = 2;
    }
  }

  extensions 1000 to 9994, 9995 to 9999, 10000;

  reserved 999;
}

// What each edition decides for each feature.
message FeatureSetDefaults {
  repeated FeatureSetEditionDefault defaults = 1;
  optional Edition minimum_edition = 4;
  optional Edition maximum_edition = 5;

  message FeatureSetEditionDefault {
    optional Edition edition = 3;
    optional FeatureSet overridable_features = 4;
    optional FeatureSet fixed_features = 5;

    reserved 1, 2;
    reserved "features";
  }
}

// Where definitions stand in their file, and the comments about them.
message SourceCodeInfo {
  repeated Location location = 1;

  message Location {
    repeated int32 path = 1 [packed = true];
    repeated int32 span = 2 [packed = true];
    optional string leading_comments = 3;
    optional string trailing_comments = 4;
    repeated string leading_detached_comments = 6;
  }

  extensions 536000000;
}

// Which definition each piece of generated code came from.
message GeneratedCodeInfo {
  repeated Annotation annotation = 1;

  message Annotation {
    repeated int32 path = 1 [packed = true];
    optional string source_file = 2;
    optional int32 begin = 3;
    optional int32 end = 4;
    optional Semantic semantic = 5;

    enum Semantic {
      NONE = 0;
      SET = 1;
      ALIAS = 2;
    }
  }
}

enum SymbolVisibility {
  VISIBILITY_UNSET = 0;
  VISIBILITY_LOCAL = 1;
  VISIBILITY_EXPORT = 2;
}
`,
  'google/protobuf/duration.proto': `// A span of time.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/durationpb";

// In JSON: seconds with an \`s\`, as \`"1.500s"\`.
message Duration {
  // At most 10,000 years either way.
  int64 seconds = 1;
  // Billionths of a second, less than one second, with the same sign as the seconds.
  int32 nanos = 2;
}
`,
  'google/protobuf/empty.proto': `// A message without fields.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/emptypb";

// For methods that take or return nothing. In JSON: \`{}\`.
message Empty {}
`,
  'google/protobuf/field_mask.proto': `// A choice of fields.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/fieldmaskpb";

// In JSON: the paths in lowerCamelCase with commas between them, as \`"user.displayName,photo"\`.
message FieldMask {
  // Names of fields from the message downwards, with dots between them.
  repeated string paths = 1;
}
`,
  'google/protobuf/source_context.proto': `// Where a definition comes from.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/sourcecontextpb";

message SourceContext {
  // Path of the .proto file, as others import it.
  string file_name = 1;
}
`,
  'google/protobuf/struct.proto': `// JSON as a message.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/structpb";

// A JSON object.
message Struct {
  map<string, Value> fields = 1;
}

// Any JSON value.
message Value {
  oneof kind {
    NullValue null_value = 1;
    // Finite: JSON has no NaN.
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}

// JSON's null.
enum NullValue {
  NULL_VALUE = 0;
}

// A JSON array.
message ListValue {
  repeated Value values = 1;
}
`,
  'google/protobuf/timestamp.proto': `// A point in time.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/timestamppb";

// In JSON: RFC 3339, as \`"2024-02-29T12:00:00Z"\`.
message Timestamp {
  // Since 1970-01-01T00:00:00Z, in the years 1 to 9999.
  int64 seconds = 1;
  // Billionths of a second, counted forward: 0 to 999,999,999.
  int32 nanos = 2;
}
`,
  'google/protobuf/type.proto': `// Types as messages: what descriptors say, for those who look at types at run time.
syntax = "proto3";

package google.protobuf;

import "google/protobuf/any.proto";
import "google/protobuf/source_context.proto";

option go_package = "google.golang.org/protobuf/types/known/typepb";

// A message type.
message Type {
  string name = 1;
  repeated Field fields = 2;
  repeated string oneofs = 3;
  repeated Option options = 4;
  SourceContext source_context = 5;
  Syntax syntax = 6;
  string edition = 7;
}

// A field of a message type.
message Field {
  enum Kind {
    TYPE_UNKNOWN = 0;
    TYPE_DOUBLE = 1;
    TYPE_FLOAT = 2;
    TYPE_INT64 = 3;
    TYPE_UINT64 = 4;
    TYPE_INT32 = 5;
    TYPE_FIXED64 = 6;
    TYPE_FIXED32 = 7;
    TYPE_BOOL = 8;
    TYPE_STRING = 9;
    TYPE_GROUP = 10;
    TYPE_MESSAGE = 11;
    TYPE_BYTES = 12;
    TYPE_UINT32 = 13;
    TYPE_ENUM = 14;
    TYPE_SFIXED32 = 15;
    TYPE_SFIXED64 = 16;
    TYPE_SINT32 = 17;
    TYPE_SINT64 = 18;
  }

  enum Cardinality {
    CARDINALITY_UNKNOWN = 0;
    CARDINALITY_OPTIONAL = 1;
    CARDINALITY_REQUIRED = 2;
    CARDINALITY_REPEATED = 3;
  }

  Kind kind = 1;
  Cardinality cardinality = 2;
  int32 number = 3;
  string name = 4;
  // Of a message's or an enum's type.
  string type_url = 6;
  // Position in the type's oneofs, from 1.
  int32 oneof_index = 7;
  bool packed = 8;
  repeated Option options = 9;
  string json_name = 10;
  // proto2: as text.
  string default_value = 11;
}

// An enum.
message Enum {
  string name = 1;
  repeated EnumValue enumvalue = 2;
  repeated Option options = 3;
  SourceContext source_context = 4;
  Syntax syntax = 5;
  string edition = 6;
}

// A value of an enum.
message EnumValue {
  string name = 1;
  int32 number = 2;
  repeated Option options = 3;
}

// An option, with its value wrapped if it is a scalar.
message Option {
  string name = 1;
  Any value = 2;
}

// What a type was written in.
enum Syntax {
  SYNTAX_PROTO2 = 0;
  SYNTAX_PROTO3 = 1;
  SYNTAX_EDITIONS = 2;
}
`,
  'google/protobuf/wrappers.proto': `// Scalars as messages, for where being absent means something. In JSON: the bare value.
syntax = "proto3";

package google.protobuf;

option go_package = "google.golang.org/protobuf/types/known/wrapperspb";

// A \`double\`.
message DoubleValue {
  double value = 1;
}

// A \`float\`.
message FloatValue {
  float value = 1;
}

// An \`int64\`.
message Int64Value {
  int64 value = 1;
}

// A \`uint64\`.
message UInt64Value {
  uint64 value = 1;
}

// An \`int32\`.
message Int32Value {
  int32 value = 1;
}

// A \`uint32\`.
message UInt32Value {
  uint32 value = 1;
}

// A \`bool\`.
message BoolValue {
  bool value = 1;
}

// A \`string\`.
message StringValue {
  string value = 1;
}

// A \`bytes\`.
message BytesValue {
  bytes value = 1;
}
`,
  'google/rpc/code.proto': `// The status codes of gRPC.
syntax = "proto3";

package google.rpc;

option go_package = "google.golang.org/genproto/googleapis/rpc/code;code";

enum Code {
  // All went well.
  OK = 0;
  // The caller gave up.
  CANCELLED = 1;
  // Something went wrong and nobody said what.
  UNKNOWN = 2;
  // The request makes no sense, whatever the state of the server.
  INVALID_ARGUMENT = 3;
  // Time ran out before the answer.
  DEADLINE_EXCEEDED = 4;
  // What was asked for is not there.
  NOT_FOUND = 5;
  // What was to be created is there already.
  ALREADY_EXISTS = 6;
  // The caller is known and may not.
  PERMISSION_DENIED = 7;
  // A quota, a disk or the like is full.
  RESOURCE_EXHAUSTED = 8;
  // The server is not in the state that the request needs.
  FAILED_PRECONDITION = 9;
  // Somebody else was faster: begin the whole sequence again.
  ABORTED = 10;
  // Past the end of what there is.
  OUT_OF_RANGE = 11;
  // The server has no such method.
  UNIMPLEMENTED = 12;
  // Something that must never break is broken.
  INTERNAL = 13;
  // Not now: try again.
  UNAVAILABLE = 14;
  // Data is lost for good.
  DATA_LOSS = 15;
  // The caller did not say, or prove, who it is.
  UNAUTHENTICATED = 16;
}
`,
  'google/rpc/error_details.proto': `// Details of errors that many services share.
syntax = "proto3";

package google.rpc;

import "google/protobuf/duration.proto";

option go_package = "google.golang.org/genproto/googleapis/rpc/errdetails;errdetails";

// Why it failed, for programs.
message ErrorInfo {
  // Constant for the cause: \`API_DISABLED\`.
  string reason = 1;
  // Whose reasons these are: \`pubsub.example.com\`.
  string domain = 2;
  // More about this one case.
  map<string, string> metadata = 3;
}

// When to try again.
message RetryInfo {
  google.protobuf.Duration retry_delay = 1;
}

// For the developers of the server.
message DebugInfo {
  repeated string stack_entries = 1;
  string detail = 2;
}

// Which quotas were exceeded.
message QuotaFailure {
  message Violation {
    // Whom the quota is for: \`project:123\`.
    string subject = 1;
    string description = 2;
    string api_service = 3;
    string quota_metric = 4;
    string quota_id = 5;
    map<string, string> quota_dimensions = 6;
    int64 quota_value = 7;
    optional int64 future_quota_value = 8;
  }

  repeated Violation violations = 1;
}

// What must be so before the request can be served.
message PreconditionFailure {
  message Violation {
    // The kind of condition: \`TOS\`.
    string type = 1;
    // What it is about.
    string subject = 2;
    string description = 3;
  }

  repeated Violation violations = 1;
}

// What is wrong with the request.
message BadRequest {
  message FieldViolation {
    // Path of the field: \`user.email\`.
    string field = 1;
    string description = 2;
    // Constant for the cause.
    string reason = 3;
    LocalizedMessage localized_message = 4;
  }

  repeated FieldViolation field_violations = 1;
}

// What to quote in a report to the makers of the service.
message RequestInfo {
  string request_id = 1;
  // Opaque.
  string serving_data = 2;
}

// The resource that was asked for.
message ResourceInfo {
  string resource_type = 1;
  string resource_name = 2;
  string owner = 3;
  string description = 4;
}

// Where to read on.
message Help {
  message Link {
    string description = 1;
    string url = 2;
  }

  repeated Link links = 1;
}

// For people.
message LocalizedMessage {
  // BCP 47: \`de-CH\`.
  string locale = 1;
  string message = 2;
}
`,
  'google/rpc/status.proto': `// The status of a call with its details: what the metadata \`grpc-status-details-bin\` carries.
syntax = "proto3";

package google.rpc;

import "google/protobuf/any.proto";

option go_package = "google.golang.org/genproto/googleapis/rpc/status;status";

message Status {
  // One of google.rpc.Code.
  int32 code = 1;
  // For developers, in English.
  string message = 2;
  // For programs: messages of google/rpc/error_details.proto, or the service's own.
  repeated google.protobuf.Any details = 3;
}
`,
  'grpc/health/v1/health.proto': `// Health of a gRPC server.
syntax = "proto3";

package grpc.health.v1;

option go_package = "google.golang.org/grpc/health/grpc_health_v1";

// Says whether services are up.
service Health {
  // How one service is now. NOT_FOUND for a service the server does not know.
  rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
  // How all services are now.
  rpc List(HealthListRequest) returns (HealthListResponse);
  // How one service is now, and again whenever that changes.
  rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
}

message HealthCheckRequest {
  // Full name of a service; empty for the server as a whole.
  string service = 1;
}

message HealthCheckResponse {
  enum ServingStatus {
    UNKNOWN = 0;
    SERVING = 1;
    NOT_SERVING = 2;
    // Only in answers of Watch.
    SERVICE_UNKNOWN = 3;
  }

  ServingStatus status = 1;
}

message HealthListRequest {}

message HealthListResponse {
  // By name of the service.
  map<string, HealthCheckResponse> statuses = 1;
}
`,
  'grpc/reflection/v1/reflection.proto': `// What a gRPC server says about its own services and their types, version v1.
syntax = "proto3";

package grpc.reflection.v1;

option go_package = "google.golang.org/grpc/reflection/grpc_reflection_v1";

service ServerReflection {
  // Each request is answered by one response, in order.
  rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
}

message ServerReflectionRequest {
  string host = 1;

  oneof message_request {
    // A file by its name.
    string file_by_filename = 3;
    // The file that defines a service, method, message, enum or extension of this full name.
    string file_containing_symbol = 4;
    // The file that defines an extension.
    ExtensionRequest file_containing_extension = 5;
    // The numbers of all extensions of the message of this full name.
    string all_extension_numbers_of_type = 6;
    // All services; the value says nothing.
    string list_services = 7;
  }
}

message ExtensionRequest {
  // Full name of the message that is extended.
  string containing_type = 1;
  int32 extension_number = 2;
}

message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;

  oneof message_response {
    // Answers file_by_filename, file_containing_symbol and file_containing_extension.
    FileDescriptorResponse file_descriptor_response = 4;
    // Answers all_extension_numbers_of_type.
    ExtensionNumberResponse all_extension_numbers_response = 5;
    // Answers list_services.
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}

message FileDescriptorResponse {
  // Encoded google.protobuf.FileDescriptorProto: the file asked for, and those it imports.
  repeated bytes file_descriptor_proto = 1;
}

message ExtensionNumberResponse {
  // Full name of the message that is extended.
  string base_type_name = 1;
  repeated int32 extension_number = 2;
}

message ListServiceResponse {
  repeated ServiceResponse service = 1;
}

message ServiceResponse {
  // Full name.
  string name = 1;
}

message ErrorResponse {
  // One of the status codes of gRPC.
  int32 error_code = 1;
  string error_message = 2;
}
`,
  'grpc/reflection/v1alpha/reflection.proto': `// What a gRPC server says about its own services and their types, version v1alpha.
syntax = "proto3";

package grpc.reflection.v1alpha;

option go_package = "google.golang.org/grpc/reflection/grpc_reflection_v1alpha";

service ServerReflection {
  // Each request is answered by one response, in order.
  rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
}

message ServerReflectionRequest {
  string host = 1;

  oneof message_request {
    // A file by its name.
    string file_by_filename = 3;
    // The file that defines a service, method, message, enum or extension of this full name.
    string file_containing_symbol = 4;
    // The file that defines an extension.
    ExtensionRequest file_containing_extension = 5;
    // The numbers of all extensions of the message of this full name.
    string all_extension_numbers_of_type = 6;
    // All services; the value says nothing.
    string list_services = 7;
  }
}

message ExtensionRequest {
  // Full name of the message that is extended.
  string containing_type = 1;
  int32 extension_number = 2;
}

message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;

  oneof message_response {
    // Answers file_by_filename, file_containing_symbol and file_containing_extension.
    FileDescriptorResponse file_descriptor_response = 4;
    // Answers all_extension_numbers_of_type.
    ExtensionNumberResponse all_extension_numbers_response = 5;
    // Answers list_services.
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}

message FileDescriptorResponse {
  // Encoded google.protobuf.FileDescriptorProto: the file asked for, and those it imports.
  repeated bytes file_descriptor_proto = 1;
}

message ExtensionNumberResponse {
  // Full name of the message that is extended.
  string base_type_name = 1;
  repeated int32 extension_number = 2;
}

message ListServiceResponse {
  repeated ServiceResponse service = 1;
}

message ServiceResponse {
  // Full name.
  string name = 1;
}

message ErrorResponse {
  // One of the status codes of gRPC.
  int32 error_code = 1;
  string error_message = 2;
}
`,
};
