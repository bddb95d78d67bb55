/** Sign in. */
import { PageHead } from '../../ui/page.tsx';

export function SignIn() {
  return <PageHead title="Sign in" />;
}
