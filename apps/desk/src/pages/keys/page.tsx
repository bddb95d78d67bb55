/** Keys. */
import { PageHead } from '../../ui/page.tsx';

export function Keys() {
  return <PageHead title="Keys" />;
}
