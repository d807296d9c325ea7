// The four shapes of a gRPC call, and their words.
import type { ServiceMethod } from '../../src-main/core/schema.ts';

export type CallShape = 'unary' | 'serverStreaming' | 'clientStreaming' | 'bidirectional';

export const SHAPE_WORDS: { readonly [S in CallShape]: string } = {
  unary: 'Unary',
  serverStreaming: 'Server streaming',
  clientStreaming: 'Client streaming',
  bidirectional: 'Bidirectional streaming',
};

export function shapeOf(method: Pick<ServiceMethod, 'clientStreaming' | 'serverStreaming'>): CallShape {
  if (method.clientStreaming) return method.serverStreaming ? 'bidirectional' : 'clientStreaming';
  return method.serverStreaming ? 'serverStreaming' : 'unary';
}

/** `chat.ChatService/SendMessage` in its two parts. */
export function pathParts(path: string): { service: string; method: string } {
  const plain = path.replace(/^\//, '');
  const slash = plain.lastIndexOf('/');
  return { service: slash < 0 ? '' : plain.slice(0, slash), method: plain.slice(slash + 1) };
}
