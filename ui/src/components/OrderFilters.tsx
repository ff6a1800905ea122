import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { OrderFilter } from '../api/queries';
import { said, wordsOf } from '../lib/words';
import styles from './ListFrame.module.css';

type OrderFiltersProps = { filter: OrderFilter; marketplaces: string[]; onChange: (filter: OrderFilter) => void };

/** Narrows the list of orders. Every choice is in the address, so a list can be sent to somebody. */
export function OrderFilters({ filter, marketplaces, onChange }: OrderFiltersProps) {
  const set = (part: OrderFilter) => onChange({ ...filter, ...part });
  const stages = wordsOf('stage').map((value) => ({ value, label: said('stage', value).label }));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className={styles.filters} role="group" aria-label="Filters">
      <NativeSelect
        label="Stage"
        data={[{ value: '', label: 'Any stage' }, ...stages]}
        value={filter.stage ?? ''}
        onChange={(event) => set({ stage: (event.currentTarget.value || undefined) as OrderFilter['stage'] })}
      />
      <NativeSelect
        label="Marketplace"
        data={[{ value: '', label: 'Any marketplace' }, ...marketplaces]}
        value={filter.marketplace ?? ''}
        onChange={(event) => set({ marketplace: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="Fulfilment"
        data={[{ value: '', label: 'Any' }, { value: 'FBA', label: 'FBA (by Amazon)' }, { value: 'FBM', label: 'FBM (by you)' }]}
        value={filter.fulfilment ?? ''}
        onChange={(event) => set({ fulfilment: event.currentTarget.value || undefined })}
      />
      <TextInput type="date" label="Placed from" value={filter.from ?? ''} max={filter.to} onChange={(event) => set({ from: event.currentTarget.value || undefined })} />
      <TextInput type="date" label="Placed to" value={filter.to ?? ''} min={filter.from} onChange={(event) => set({ to: event.currentTarget.value || undefined })} />
      {isFiltered && <Button variant="default" onClick={() => onChange({})}>Clear filters</Button>}
    </div>
  );
}

/** Amazon's sites on which sellers in the United Kingdom usually sell; any other appears once an order came from it. */
const USUAL = ['Amazon.co.uk', 'Amazon.com.be', 'Amazon.de', 'Amazon.es', 'Amazon.fr', 'Amazon.ie', 'Amazon.it', 'Amazon.nl', 'Amazon.pl', 'Amazon.se'];

/** The sites to choose from: the usual ones and all that were seen. */
export function marketplacesOf(seen: (string | undefined)[]): string[] {
  return [...new Set([...USUAL, ...seen.filter((name) => name !== undefined)])].sort();
}
