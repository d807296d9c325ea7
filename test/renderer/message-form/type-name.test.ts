import { expect, it } from 'vitest';
import { meantType } from '../../../src-renderer/message-form/type-name.ts';

const found = ['shop.v1.Card', 'shop.v1.CardHolder', 'shop.v2.Line', 'shop.v1.Line', 'Card.Side'];

it.each([
  ['shop.v1.Card', 'shop.v1.Card'],
  [' shop.v1.Card ', 'shop.v1.Card'],
  ['Card', 'shop.v1.Card'],
  ['card', 'shop.v1.Card'],
  ['holder', 'shop.v1.CardHolder'],
  ['v2.Line', 'shop.v2.Line'],
  // Several are meant, or none.
  ['Line', 'Line'],
  ['Order', 'Order'],
  ['', ''],
])('%j means %j', (typed, type) => expect(meantType(typed, found)).toBe(type));
