import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { orderFilter } from '../routes/search';
import styles from './Shell.module.css';

/** Finds orders by part of their id or document number. On the list it filters while one types, elsewhere on Enter. */
export function OrderSearch() {
  const { pathname, search } = useRouterState({ select: ({ location }) => location });
  const onList = pathname === '/orders';
  const current = onList && 'search' in search && typeof search.search === 'string' ? search.search : '';
  const [text, setText] = useState(current);
  const navigate = useNavigate();
  useEffect(() => setText(current), [current]);
  const find = (value: string, replace: boolean) => {
    const wanted = value.trim() || undefined;
    void navigate({ to: '/orders', search: (before) => (onList ? { ...orderFilter(before), search: wanted } : { search: wanted }), replace });
  };
  const findSoon = useDebouncedCallback((value: string) => find(value, true), 250);
  return (
    <form
      role="search"
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        findSoon.cancel();
        find(text, onList);
      }}
    >
      <TextInput
        id="search"
        type="search"
        aria-label="Search orders by order id or document number"
        placeholder="Search order id or document number"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (onList) findSoon(event.currentTarget.value);
        }}
      />
    </form>
  );
}
