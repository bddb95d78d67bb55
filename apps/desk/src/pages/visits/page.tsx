/** Visits. */
import { PageHead } from '../../ui/page.tsx';

export function Visits() {
  return <PageHead title="Visits" />;
}
