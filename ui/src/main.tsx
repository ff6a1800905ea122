import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/ActionIcon.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/PasswordInput.css';
import '@mantine/core/styles/Group.css';
import '@mantine/core/styles/Kbd.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Skeleton.css';
import '@mantine/core/styles/Switch.css';
import './styles/tokens.css';
import './styles/base.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './api/query-client';
import { makeRouter } from './router';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

const queries = makeQueryClient(() => {
  // The session ended while somebody worked: sign in, then go on where they were.
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in' && pathname !== '/owner') void router.navigate({ to: '/sign-in', search: { next: href } });
});
const router = makeRouter(queries);
const scheme = localStorageColorSchemeManager({ key: 'tillbridge-scheme' });

createRoot(root).render(
  <StrictMode>
    {/* Mantine's own style tags are off: the content security policy takes styles from files only. */}
    <MantineProvider colorSchemeManager={scheme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
