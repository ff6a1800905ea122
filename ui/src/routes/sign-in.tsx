import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createRoute, useRouter } from '@tanstack/react-router';
import { logIn } from '../api/actions';
import { Door } from '../components/Door';
import { PasswordForm } from '../components/PasswordForm';
import { rootRoute } from './root';
import { signInSearch } from './search';

export const signInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in', validateSearch: signInSearch, component: SignInPage });

function SignInPage() {
  const { next } = signInRoute.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: logIn,
    onSuccess: async () => {
      queries.clear();
      await router.navigate({ href: next ?? '/' });
    },
  });
  return (
    <Door title="Sign in">
      <PasswordForm
        label="Owner's password"
        kind="current-password"
        submit="Sign in"
        isPending={enter.isPending}
        what="You are not signed in"
        error={enter.error}
        onSubmit={(password) => enter.mutate(password)}
      >
        <p className="secondary">
          No password yet, or forgotten? Run <code>tillbridge serve --owner-link</code> and open the link it prints.
        </p>
      </PasswordForm>
    </Door>
  );
}
