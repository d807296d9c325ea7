// An order as the bridge or a script gives it → the endpoint's own, with the bytes its contents stand for.
import type { Control } from '../../bridge/contract.ts';
import type { GrpcStatusConfig } from '../../core/session-config.ts';
import type { ControlCommand } from '../../endpoints/endpoint.ts';
import { statusCode } from '../../endpoints/grpc/status.ts';
import { type LoadedSchema, SchemaError } from '../../schemas/loaded-schema.ts';
import type { LiveSource } from './live-source.ts';

/** Rejects with a ProblemError, an EndpointError or the file system's own error for an order that makes no sense. */
export async function commandOf(source: LiveSource, command: Control): Promise<ControlCommand> {
  switch (command.type) {
    case 'ping':
    case 'pong':
      return { type: command.type, bytes: (await source.content(command.content)).bytes };
    case 'rawFrame': {
      const { content, ...frame } = command;
      return { ...frame, bytes: (await source.content(content)).bytes };
    }
    case 'close': {
      const { code, reason } = command;
      return { type: 'close', ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
    }
    case 'invoke':
      return { type: 'invoke', call: await source.call() };
    case 'finish': {
      const { status, trailers = {} } = command;
      const code = statusCode(status.code);
      const details = await statusDetails(status, () => source.schema());
      return { type: 'finish', code, message: status.message ?? '', details, trailers };
    }
    default:
      return command;
  }
}

async function statusDetails({ details = [] }: GrpcStatusConfig, schema: () => Promise<LoadedSchema>) {
  if (details.length === 0) return [];
  const types = await schema();
  return details.map((detail, i) => {
    try {
      return types.encode('google.protobuf.Any', detail);
    } catch (error) {
      throw error instanceof SchemaError ? new SchemaError(error.message, `details[${i}]`) : error;
    }
  });
}
