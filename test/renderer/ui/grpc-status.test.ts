import { expect, it } from 'vitest';
import { STATUS_NAMES as theirs } from '../../../src-main/core/dissect/grpc/format.ts';
import { STATUS_NAMES, statusCode, statusText } from '../../../src-renderer/ui/grpc-status.ts';

it('has the names that the dissector has', () => expect(STATUS_NAMES).toEqual(theirs));

it('reads a status by name or number', () => {
  expect(statusText(5)).toBe('5 NOT_FOUND');
  expect(statusText(99)).toBe('99');
  expect(statusCode('not_found')).toBe(5);
  expect(statusCode('5')).toBe(5);
  expect(statusCode(5)).toBe(5);
  expect(statusCode('nothing')).toBeUndefined();
});
