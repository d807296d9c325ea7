import { describe, expect, it } from 'vitest';
import { trustOf } from '../../../src-renderer/address/trust.ts';
import { sessionState } from '../session-state.ts';

const { config } = sessionState();
const secure = { ...config, target: 'wss://h' };

describe('the lock', () => {
  it('is closed only when the peer was verified', () => {
    const open = sessionState({ phase: 'open', trust: { lock: 'verified', text: 'Verified as h.' } });
    expect(trustOf(open, secure)).toEqual({ kind: 'verified', text: 'Verified as h.' });
    for (const phase of ['idle', 'connecting', 'closed', 'failed'] as const)
      expect(trustOf(sessionState({ phase }), secure).kind).toBe('expected');
  });

  it('is open, with the reason, when nobody checked', () => {
    const open = sessionState({ phase: 'open', trust: { lock: 'unverified', text: 'Checking is off.' } });
    expect(trustOf(open, secure)).toEqual({ kind: 'unverified', text: 'Checking is off.' });
    const warned = trustOf(sessionState(), { ...secure, tls: { verify: false } });
    expect(warned.kind).toBe('unverified');
    expect(warned.text).toMatch(/switched off/);
  });

  it('is absent without TLS', () => {
    expect(trustOf(sessionState({ phase: 'open' }), config).kind).toBe('plain');
    expect(trustOf(sessionState(), config).kind).toBe('plain');
  });
});
