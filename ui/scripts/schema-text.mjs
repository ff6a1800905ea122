// The types of the API as TypeScript text: one place for the generator and for the test that they are fresh.
import openapiTS, { astToString } from 'openapi-typescript';

const HEAD = '// Generated from api/openapi.json by `npm run gen`. Do not edit.\n\n';

export async function schemaText() {
  const document = new URL('../api/openapi.json', import.meta.url);
  return HEAD + astToString(await openapiTS(document, { alphabetize: true }));
}
