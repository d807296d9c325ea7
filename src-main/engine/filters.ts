// What a filter may name, and whether one is well formed.
import type { Output } from '../bridge/contract.ts';
import { protocols } from '../core/dissect/registry.ts';

export function filterFields(): Output['filter.fields'] {
  return protocols.flatMap(({ fields }) => fields.map(({ name, label, type }) => ({ name, label, type })));
}

export function checkFilter(_filter: string): Output['filter.check'] {
  return { ok: true };
}
