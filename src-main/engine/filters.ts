// Filters as the interface asks about them: what they may name, and whether one is well formed.
import type { Output } from '../bridge/contract.ts';
import { protocols } from '../core/dissect/registry.ts';
import { filterFields, parseFilter } from '../core/filter/filter.ts';

/** Every name a filter may use, with its type. */
export function listFilterFields(): Output['filter.fields'] {
  return filterFields(protocols).map(({ name, label, type }) => ({ name, label, type }));
}

/** Where and why a filter is wrong, if it is. */
export function checkFilter(filter: string): Output['filter.check'] {
  const result = parseFilter(filter, protocols);
  return result.ok ? { ok: true } : result;
}
