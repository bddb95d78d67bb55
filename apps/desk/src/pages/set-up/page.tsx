/** Set up. */
import { PageHead } from '../../ui/page.tsx';

export function SetUp() {
  return <PageHead title="Set up" />;
}
