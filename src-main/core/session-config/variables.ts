// Names that stand for values in the texts of a config.
import { z } from 'zod';

/** The name of a variable. */
export const VARIABLE_NAME = /^[A-Za-z_][\w.-]*$/;
export const variableNameSchema = z.string().regex(VARIABLE_NAME, 'a letter or _, then letters, digits, _, . and -');

export const variablesSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.strictObject({ secret: z.literal(true) })]))
  .meta({
    id: 'variables',
    description: '`name: value`, or `name: { secret: true }` for a value that is kept elsewhere.',
  });
export type VariablesConfig = z.infer<typeof variablesSchema>;
