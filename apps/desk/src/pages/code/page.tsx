/** Your code. */
import { PageHead } from '../../ui/page.tsx';

export function Code() {
  return <PageHead title="Your code" />;
}
