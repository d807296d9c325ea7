import { describe, expect, it } from 'vitest';
import { decodeFault, wholeRules, withKind } from '../../../src-renderer/settings/decode-edit.ts';

describe('rules for the ports of a capture', () => {
  it('count once they name a port', () => {
    expect(wholeRules([])).toBeUndefined();
    expect(wholeRules([{ as: 'websocket' }])).toBeUndefined();
    expect(wholeRules([{ as: 'websocket' }, { port: 9000, as: 'http2' }])).toEqual([{ port: 9000, as: 'http2' }]);
  });

  it('say what is missing or too much', () => {
    expect(decodeFault([])).toBeUndefined();
    expect(
      decodeFault([
        { port: 9000, as: 'tls' },
        { port: 9001, as: 'tls' },
      ]),
    ).toBeUndefined();
    expect(decodeFault([{ port: 9000, as: 'tls' }, { as: 'tls' }])).toMatch(/no port/);
    expect(
      decodeFault([
        { port: 9000, as: 'tls' },
        { port: 9000, as: 'tcp' },
      ]),
    ).toMatch(/9000 has two rules/);
  });

  it.each([
    [{ framing: 'fixed' }, 'Port 9000: its messages need a length.'],
    [{ framing: 'fixed', fixedLength: 4 }, undefined],
    [{ framing: 'delimiter' }, 'Port 9000: its delimiter is no whole bytes of hex.'],
    [{ framing: 'delimiter', delimiter: '0d0' }, 'Port 9000: its delimiter is no whole bytes of hex.'],
    [{ framing: 'delimiter', delimiter: '0d0a' }, undefined],
    [{ framing: 'lines' }, undefined],
  ] as const)('of TCP framed as %j: %s', (framing, fault) => {
    expect(decodeFault([{ port: 9000, as: 'tcp', ...framing }])).toBe(fault);
  });

  it('lose their framing with TCP', () => {
    const framed = { port: 9000, as: 'tcp', framing: 'lines' } as const;
    expect(withKind(framed, 'http2')).toEqual({ port: 9000, as: 'http2' });
    expect(withKind({ as: 'websocket' }, 'tcp')).toEqual({ as: 'tcp' });
  });
});
