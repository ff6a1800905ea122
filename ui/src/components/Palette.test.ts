import { expect, test, vi } from 'vitest';
import { matching } from './Palette';

const commands = ['Overview', 'Orders', 'Dark colours'].map((label) => ({ label, run: () => {} }));

test('commands hold every typed word, and the search for orders comes last', () => {
  const search = vi.fn();
  const found = matching(commands, ' or col ', search);
  expect(found.map(({ label }) => label)).toEqual(['Search orders for “or col”']);
  expect(matching(commands, 'o', search).map(({ label }) => label)).toEqual(['Overview', 'Orders', 'Dark colours', 'Search orders for “o”']);
  found[0]!.run();
  expect(search).toHaveBeenCalledWith('or col');
});

test('nothing typed shows every command', () => {
  expect(matching(commands, '', () => {})).toHaveLength(3);
});
