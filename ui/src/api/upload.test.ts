import { expect, test } from 'vitest';
import { refusalOf } from './upload';

test('what is empty or too large is refused before it is sent, with a way on', () => {
  expect(refusalOf({ size: 64 * 1024 * 1024 })).toBeNull();
  expect(refusalOf({ size: 0 })).toMatchObject({ code: 'empty', message: 'The file is empty.' });
  expect(refusalOf({ size: 64 * 1024 * 1024 + 1 })).toMatchObject({ code: 'too_large' });
  expect(refusalOf({ size: 64 * 1024 * 1024 + 1 })?.fix).toContain('gzip');
});
