import { Button, PasswordInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Failed } from './States';
import styles from './Door.module.css';

type PasswordFormProps = {
  label: string;
  description?: string;
  kind: 'current-password' | 'new-password';
  submit: string;
  isPending: boolean;
  what: string;
  error: unknown;
  onSubmit: (password: string) => void;
  children?: ReactNode;
};

/** Asks for the owner's password, old or new. Pasting and password managers work. */
export function PasswordForm({ label, description, kind, submit, isPending, what, error, onSubmit, children }: PasswordFormProps) {
  const [password, setPassword] = useState('');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(password);
      }}
    >
      {/* Password managers file a password under a name; there is one owner. */}
      <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
      <PasswordInput
        autoFocus
        required
        withAsterisk={false}
        label={label}
        description={description}
        name="password"
        autoComplete={kind}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={isPending}>{submit}</Button>
      {error !== null && <Failed what={what} error={error} />}
      {children}
    </form>
  );
}
