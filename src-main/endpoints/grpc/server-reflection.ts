// Server reflection, v1 and v1alpha, over the descriptors of the schema: what the .proto says, under the names it says.
import { status } from '@grpc/grpc-js';
import {
  decodeReflectionRequest,
  encodeReflectionResponse,
  REFLECTION_METHODS,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../schemas/reflection.ts';
import { plainStatus } from './mock-status.ts';
import type { MethodAnswer } from './server-answer.ts';
import type { ReflectionIndex } from './server-reflection-index.ts';

/** Both versions by path; they carry the same messages. `index` is called when the first client asks. */
export function reflectionAnswers(index: () => ReflectionIndex): Map<string, MethodAnswer> {
  const answer: MethodAnswer = {
    clientStreaming: true,
    serverStreaming: true,
    listed: false,
    manual: false,
    begin: (call) => ({
      heard(message) {
        const request = readRequest(message);
        if (request === 'malformed') {
          call.finish(plainStatus(status.INVALID_ARGUMENT, 'The request is no ServerReflectionRequest.'));
        } else call.reply(encodeReflectionResponse(respond(request, index()), message));
      },
      ended: () => call.finish(plainStatus(status.OK)),
    }),
  };
  return new Map(REFLECTION_METHODS.map((path) => [path, answer]));
}

function readRequest(message: Uint8Array): ReflectionRequest | undefined | 'malformed' {
  try {
    return decodeReflectionRequest(message);
  } catch {
    return 'malformed';
  }
}

function respond(request: ReflectionRequest | undefined, index: ReflectionIndex): ReflectionResponse {
  switch (request?.ask) {
    case 'services':
      return { answer: 'services', names: [...index.services] };
    case 'symbol':
      return files(index, index.fileOf(request.symbol), `Nothing is named ${request.symbol}.`);
    case 'file':
      return files(index, request.file, `There is no file ${request.file}.`);
    case 'extension':
      return files(
        index,
        index.fileOfExtension(request.type, request.number),
        `Field ${request.number} does not extend ${request.type}.`,
      );
    case 'extension-numbers': {
      const numbers = index.extensionNumbers(request.type);
      if (!numbers) return notFound(`Nothing is named ${request.type}.`);
      return { answer: 'extension-numbers', type: request.type, numbers };
    }
    case undefined:
      return { answer: 'error', code: status.UNIMPLEMENTED, message: 'The request asks nothing that is known here.' };
  }
}

function files(index: ReflectionIndex, file: string | undefined, otherwise: string): ReflectionResponse {
  const found = file === undefined ? undefined : index.withImports(file);
  return found ? { answer: 'files', files: found } : notFound(otherwise);
}

function notFound(message: string): ReflectionResponse {
  return { answer: 'error', code: status.NOT_FOUND, message };
}
