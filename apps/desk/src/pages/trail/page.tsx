/** Trail. */
import { PageHead } from '../../ui/page.tsx';

export function Trail() {
  return <PageHead title="Trail" />;
}
