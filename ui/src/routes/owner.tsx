import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createRoute, Link, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { logIn, setOwnerPassword } from '../api/actions';
import { Door } from '../components/Door';
import { PasswordForm } from '../components/PasswordForm';
import { rootRoute } from './root';

export const ownerRoute = createRoute({ getParentRoute: () => rootRoute, path: '/owner', component: OwnerPage });

/** Sets the owner's password through the one-time link, and signs in with it. */
function OwnerPage() {
  // Read once and taken out of the address, so that the token stays in no history and no screenshot.
  const [token] = useState(() => tokenOf(location.hash));
  const router = useRouter();
  const queries = useQueryClient();
  useEffect(() => history.replaceState(history.state, '', location.pathname), []);
  const set = useMutation({
    mutationFn: async (password: string) => {
      await setOwnerPassword({ token: token ?? '', password });
      await logIn(password);
    },
    onSuccess: async () => {
      queries.clear();
      await router.navigate({ to: '/' });
    },
  });
  if (!token) {
    return (
      <Door title="This link is not complete">
        <p>It should end in <code>#token=…</code>. Copy the whole link, or run <code>tillbridge serve --owner-link</code> for another.</p>
        <Link to="/sign-in" search={{}}>I have a password: sign in</Link>
      </Door>
    );
  }
  return (
    <Door title="Set the owner's password">
      <PasswordForm
        label="New password"
        description="Long is better than complicated, for example four words. Setting it ends every session and uses the link up."
        kind="new-password"
        submit="Set the password and sign in"
        isPending={set.isPending}
        what="The password is not set"
        error={set.error}
        onSubmit={(password) => set.mutate(password)}
      />
    </Door>
  );
}

/** The token of `#token=…`. */
export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || null;
}
