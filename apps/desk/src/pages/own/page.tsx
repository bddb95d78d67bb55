/** Own. */
import { PageHead } from '../../ui/page.tsx';

export function Own() {
  return <PageHead title="Own" />;
}
