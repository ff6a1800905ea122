// Writes src/api/schema.ts from the server's OpenAPI document.
import { writeFileSync } from 'node:fs';
import { schemaText } from './schema-text.mjs';

writeFileSync(new URL('../src/api/schema.ts', import.meta.url), await schemaText());
