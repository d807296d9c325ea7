// Filters as the interface asks about them: what they may name, and whether one is well formed.
import type { Output } from '../bridge/contract.ts';
import { protocols } from '../core/dissect/registry.ts';
import { filterFields, parseFilter } from '../core/filter/filter.ts';

export function listFilterFields(): Output['filter.fields'] {
  return filterFields(protocols).map(({ name, label, type }) => ({ name, label, type }));
}

export function checkFilter(filter: string): Output['filter.check'] {
  const result = parseFilter(filter, protocols);
  return result.ok ? { ok: true } : result;
}
