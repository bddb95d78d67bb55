/** People. */
import { PageHead } from '../../ui/page.tsx';

export function People() {
  return <PageHead title="People" />;
}
