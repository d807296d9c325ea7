// grpc.health.v1.Health of the mock server: every service it mocks is serving. Its messages are so small that they are
// read and written by hand.
import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import { plainStatus } from './mock-status.ts';
import { type AnswerableCall, DEAF, type MethodAnswer } from './server-answer.ts';
import { HEALTH_SERVICE } from './server-descriptors.ts';

/** HealthCheckResponse.ServingStatus. */
const SERVING = 1;
const SERVICE_UNKNOWN = 3;

/** Tags: the field, as a varint or with its length in front. */
const VARINT_1 = 8;
const DELIMITED_1 = 10;
const DELIMITED_2 = 18;

/** The methods of the health service by path, for services of these names; '' is the server as a whole. */
export function healthAnswers(services: ReadonlySet<string>): Map<string, MethodAnswer> {
  const serving = (name: string) => name === '' || services.has(name);
  const check = (call: AnswerableCall, name: string) => {
    if (serving(name)) {
      call.reply(encodeStatus(SERVING));
      call.finish(plainStatus(status.OK));
    } else call.finish(plainStatus(status.NOT_FOUND, `There is no service “${name}” here.`));
  };
  const list = (call: AnswerableCall) => {
    call.reply(encodeList(['', ...services]));
    call.finish(plainStatus(status.OK));
  };
  // It goes on until the client cancels: nothing changes while a mock runs.
  const watch = (call: AnswerableCall, name: string) => {
    call.reply(encodeStatus(serving(name) ? SERVING : SERVICE_UNKNOWN));
  };
  return new Map([
    [`${HEALTH_SERVICE}/Check`, answer(check, false)],
    [`${HEALTH_SERVICE}/List`, answer(list, false)],
    [`${HEALTH_SERVICE}/Watch`, answer(watch, true)],
  ]);
}

function answer(respond: (call: AnswerableCall, service: string) => void, serverStreaming: boolean): MethodAnswer {
  return {
    clientStreaming: false,
    serverStreaming,
    listed: false,
    manual: false,
    begin: (call) => ({
      ...DEAF,
      heard(message) {
        const service = readService(message);
        if (service !== undefined) respond(call, service);
        else call.finish(plainStatus(status.INTERNAL, 'The request is no message of grpc.health.v1.Health.'));
      },
    }),
  };
}

/** Of a HealthCheckRequest, '' of a HealthListRequest; undefined for bytes that are neither. */
function readService(bytes: Uint8Array): string | undefined {
  const reader = new protobuf.Reader(bytes);
  let service = '';
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag === DELIMITED_1) service = reader.string();
      else reader.skipType(tag & 7);
    }
    return service;
  } catch {
    return undefined;
  }
}

/** A HealthListResponse: a map of names to HealthCheckResponse. */
function encodeList(services: readonly string[]): Uint8Array {
  const writer = new protobuf.Writer();
  for (const service of services) {
    writer.uint32(DELIMITED_1).fork();
    writer.uint32(DELIMITED_1).string(service).uint32(DELIMITED_2).bytes(encodeStatus(SERVING));
    writer.ldelim();
  }
  return writer.finish();
}

/** A HealthCheckResponse. */
function encodeStatus(serving: number): Uint8Array {
  return new protobuf.Writer().uint32(VARINT_1).int32(serving).finish();
}
