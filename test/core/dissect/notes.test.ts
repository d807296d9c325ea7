// Notes as a person reads them: one sentence, and where the rule stands.
import { expect, it } from 'vitest';
import { protocols } from '../../../src-main/core/dissect/registry.ts';

const SOURCE = /^(RFC \d{4}( §\d+(\.\d+)*)?|gRPC(-Web)?, \S.*|)$/;

it.each(protocols.map((protocol) => [protocol.label, protocol] as const))('%s', (_, { notes }) => {
  expect(notes.length).toBeLessThanOrEqual(32);
  expect(new Set(notes.map(({ text }) => text)).size).toBe(notes.length);
  for (const { text, source } of notes) {
    expect(text).toMatch(/^\S.*\.$/);
    expect(text).not.toMatch(/[.!?] [A-Z]/);
    expect(source).toMatch(SOURCE);
  }
});
