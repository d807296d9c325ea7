// Writes schema/*.schema.json, by which editors complete and check the files of a workspace, from what the program itself
// checks by: `npm run schemas`, after a change of what files may say. A test tells when it was forgotten.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sessionConfigSchema, variablesSchema } from '../src-main/core/session-config.ts';
import { settingsSchema } from '../src-main/workspace/settings-file.ts';

const SCHEMAS = {
  session: { title: 'Wirescope session', schema: sessionConfigSchema },
  settings: { title: 'Wirescope settings of a folder: wirescope.yaml', schema: settingsSchema },
  environment: { title: 'Wirescope environment: environments/NAME.yaml', schema: variablesSchema },
};

/** File name → text of each. Draft 7 is what editors of YAML know best. */
export function jsonSchemas() {
  return new Map(
    Object.entries(SCHEMAS).map(([name, { title, schema }]) => {
      const { $schema, ...content } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...content }, null, 2)}\n`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(import.meta.dirname, '..', 'schema');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of jsonSchemas()) writeFileSync(join(folder, name), text);
}
