import { expect, test } from 'vitest';
import { count, said, sentence, why } from './words';

test('a reason becomes a sentence once', () => {
  expect([sentence('dispatch'), sentence('It waits. '), sentence('Really?'), sentence('')]).toEqual(['Dispatch.', 'It waits.', 'Really?', '']);
});

test('what something waits for is told as such', () => {
  expect(why('waiting', 'dispatch')).toBe('Waits for dispatch.');
  expect(why('nothing_to_do', 'a free replacement: nothing to invoice')).toBe('A free replacement: nothing to invoice.');
  expect(why('invoiced', null)).toBe('');
});

test('counts agree with their noun', () => {
  expect([count(1, 'order'), count(0, 'order'), count(12345, 'item needs', 'items need')]).toEqual(['1 order', '0 orders', '12,345 items need']);
});

test('every stage of the server has a word, and a new one is shown as unknown', () => {
  expect(said('stage', 'invoicing')).toEqual({ label: 'On its way', tone: 'moving' });
  expect(said('stage', 'toString')).toEqual({ label: 'Unknown: toString', tone: 'unknown' });
});
