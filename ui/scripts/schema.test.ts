// @vitest-environment node
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaText } from './schema-text.mjs';

test('the types are those of the server document that is committed', async () => {
  const kept = readFileSync(new URL('../src/api/schema.ts', import.meta.url), 'utf8');
  expect(kept, 'run `npm run gen`').toBe(await schemaText());
});
