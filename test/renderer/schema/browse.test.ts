import { describe, expect, it } from 'vitest';
import type { ServiceMethod, ServiceType } from '../../../src-main/core/schema.ts';
import { browserLines, stepLine } from '../../../src-renderer/schema/browse.ts';
import { pathParts, shapeOf } from '../../../src-renderer/schema/call-shape.ts';

const method = (service: string, name: string, more: Partial<ServiceMethod> = {}): ServiceMethod => ({
  name,
  path: `${service}/${name}`,
  input: 'Message',
  output: 'Response',
  clientStreaming: false,
  serverStreaming: false,
  comment: '',
  deprecated: false,
  ...more,
});
const services: ServiceType[] = [
  {
    name: 'chat.ChatService',
    methods: [
      method('chat.ChatService', 'SendMessage', { comment: 'Streams nothing.' }),
      method('chat.ChatService', 'StreamMessages', { clientStreaming: true, serverStreaming: true }),
    ],
    comment: '',
    source: 'chat.proto',
  },
  { name: 'Greeter', methods: [method('Greeter', 'SayHello')], comment: 'Greets.', source: 'greeter.proto' },
];
const names = (typed: string) =>
  browserLines(services, typed).map((line) => (line.kind === 'service' ? line.service.name : line.method.name));

describe('the service browser', () => {
  it('shows all, and what has every word that was typed, names first', () => {
    expect(names('')).toEqual(['chat.ChatService', 'SendMessage', 'StreamMessages', 'Greeter', 'SayHello']);
    expect(names('stream')).toEqual(['chat.ChatService', 'StreamMessages', 'SendMessage']);
    expect(names('chat/send')).toEqual(['chat.ChatService', 'SendMessage']);
    expect(names('greets')).toEqual(['Greeter', 'SayHello']);
    expect(names('nobody')).toEqual([]);
  });

  it('steps from method to method, over services, not beyond the ends', () => {
    const lines = browserLines(services, '');
    expect(stepLine(lines, 1, 1)).toBe(2);
    expect(stepLine(lines, 2, 1)).toBe(4);
    expect(stepLine(lines, 4, 1)).toBe(4);
    expect(stepLine(lines, 4, -8)).toBe(1);
    expect(stepLine([], -1, 1)).toBe(-1);
  });

  it('names the shape and the parts of a path', () => {
    expect(shapeOf({ clientStreaming: true, serverStreaming: false })).toBe('clientStreaming');
    expect(pathParts('/chat.ChatService/SendMessage')).toEqual({ service: 'chat.ChatService', method: 'SendMessage' });
    expect(pathParts('odd')).toEqual({ service: '', method: 'odd' });
  });
});
