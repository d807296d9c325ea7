// Bytes that are sent, and what is expected of those that come.
import { z } from 'zod';
import { jsonFault } from '../json-value.ts';

/** JSON as it is parsed from text, not deeper than what carries it bears. */
export const jsonSchema = z.unknown().superRefine((value, context) => {
  // That the key is missing is said by the object it is missing in.
  const fault = value === undefined ? undefined : jsonFault(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

/** Bytes to send, in one of the ways a person writes them. */
export const contentSchema = z
  .union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ json: jsonSchema }),
    z.strictObject({ hex: z.string() }),
    z.strictObject({ base64: z.string() }),
    z.strictObject({ file: z.string() }),
  ])
  .meta({ id: 'content' });
export type Content = z.infer<typeof contentSchema>;

export const savedMessageSchema = z.union([
  z.strictObject({ name: z.string().min(1), text: z.string() }),
  z.strictObject({ name: z.string().min(1), json: jsonSchema }),
  z.strictObject({ name: z.string().min(1), hex: z.string() }),
  z.strictObject({ name: z.string().min(1), base64: z.string() }),
  z.strictObject({ name: z.string().min(1), file: z.string() }),
]);
export type SavedMessage = z.infer<typeof savedMessageSchema>;

/** What a message must look like. All given conditions must hold. */
export const matchSchema = z
  .strictObject({
    text: z.string().optional().describe('The whole text.'),
    contains: z.string().optional().describe('Somewhere in the text.'),
    matches: z.string().optional().describe('A regular expression over the text.'),
    json: jsonSchema.optional().describe('A subset: every key given must be there with that value.'),
    hex: z.string().optional().describe('The whole message as hex digits.'),
  })
  .meta({ id: 'match' });
export type Match = z.infer<typeof matchSchema>;
