import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { IconBuildingBank, IconChecklist, IconLayoutDashboard, IconListDetails, IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import { overviewQuery } from '../api/queries';
import { useKeys } from '../lib/keys';
import { grouped } from '../lib/words';
import { KeysDialog } from './KeysDialog';
import { Palette } from './Palette';
import { TopBar } from './TopBar';
import { useActions } from './use-actions';
import styles from './Shell.module.css';

const PAGES = [
  { to: '/', label: 'Overview', Icon: IconLayoutDashboard },
  { to: '/orders', label: 'Orders', Icon: IconListDetails },
  { to: '/settlements', label: 'Settlements', Icon: IconBuildingBank },
  { to: '/review', label: 'Review', Icon: IconChecklist },
  { to: '/runs', label: 'Runs', Icon: IconRoute },
] as const;

/** What stands around every page once somebody is signed in: pages on the left, search and live state above. */
export function Shell() {
  const [open, setOpen] = useState<'keys' | 'palette' | null>(null);
  const navigate = useNavigate();
  const actions = useActions(() => setOpen('keys'));
  const close = () => setOpen(null);
  useKeys({
    '?': () => setOpen('keys'),
    '/': () => document.getElementById('search')?.focus(),
    p: actions.toggleLive,
    'mod+k': () => setOpen(open === 'palette' ? null : 'palette'),
  });
  const pages = PAGES.map(({ to, label }) => ({ label, run: () => void navigate({ to }) }));
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>Skip to the page</a>
      <nav className={styles.rail} aria-label="Pages">
        <div className={styles.pages}>
          <Link to="/" className={styles.brand}>
            <img src="/favicon.svg" alt="" width={24} height={24} />
            Tillbridge
          </Link>
          {PAGES.map(({ to, label, Icon }) => (
            <Link key={to} to={to} className={styles.link} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon size={19} aria-hidden />
              {label}
              {to === '/review' && <OpenItems />}
            </Link>
          ))}
        </div>
      </nav>
      <div className={styles.column}>
        <TopBar actions={actions} />
        <main id="main" tabIndex={-1} className={styles.main}>
          <Outlet />
        </main>
      </div>
      {open === 'keys' && <KeysDialog onClose={close} />}
      {open === 'palette' && <Palette commands={[...pages, ...actions.commands]} onClose={close} />}
    </div>
  );
}

/** How many items wait for a person. */
function OpenItems() {
  const { data } = useQuery(overviewQuery);
  if (!data) return null;
  const { review, break: breaks, dead_letter } = data.open_items;
  const open = review + breaks + dead_letter;
  if (open === 0) return null;
  return (
    <span className={styles.count}>
      {grouped(open)}
      <span className="hidden-text"> open</span>
    </span>
  );
}
