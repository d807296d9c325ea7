import { describe, expect, test } from 'vitest';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { checkScript } from '../../src-main/engine/scripts/check.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { VariableScope } from '../../src-main/workspace/variables.ts';

function check(script: Step[], more: Partial<SessionConfig> = {}): VariableScope {
  const known = { name: 'known', value: 'v', secret: false, layer: 'environment', origin: '' } as const;
  const variables = new VariableScope([known], createDynamics());
  const config: SessionConfig = { wirescope: 1, name: 'x', role: 'client', protocol: 'tcp', script, ...more };
  checkScript(config, variables);
  return variables;
}

const MESSAGES = [{ name: 'm', text: '{{token}}' }];
const LOGIN: Step = { expect: { capture: { token: '$.token' } } };

describe('a script is refused', () => {
  test.each<[string, Step[], Partial<SessionConfig>?]>([
    ['no saved message', [{ send: 'helo' }]],
    ['{{nobody}}', [{ send: { json: [{ x: '{{nobody}}' }] } }]],
    ['{{token}}', [{ send: 'm' }, LOGIN], { messages: MESSAGES }],
    ['{{a}}', [{ expect: { json: { x: '{{a}}' } } }]],
    ['{{a}}', [{ close: { reason: '{{a}}' } }]],
    ['{{a}}', [{ ping: { text: '{{a}}' } }]],
    ['{{a}}', [{ send: { text: '' }, metadata: { x: '{{a}}' } }]],
    ['no method is named', [{ send: { json: {} } }], { protocol: 'grpc' }],
    ['one is missing', [{ expect: { hex: '0' } }]],
    ['There is no field', [{ expect: { field: { nothing: 1 } } }]],
  ])('%s %#', (message, script, more) => {
    expect(() => check(script, more)).toThrow(message);
  });
});

test('what a step captures is known to later ones, and the variables stay as they are', () => {
  const script: Step[] = [
    LOGIN,
    { send: 'm' },
    { send: { text: '{{known}} {{$uuid}}' } },
    { expect: { hex: '{{token}}', matches: '{{known}}' } },
    'cancel',
  ];
  expect(check(script, { messages: MESSAGES }).list()).toHaveLength(1);
});
