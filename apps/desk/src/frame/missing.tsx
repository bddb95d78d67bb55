/** An address at which there is no page. */
import { Link } from '@tanstack/react-router';
import { PageHead } from '../ui/page.tsx';
import { FRAME } from './texts.ts';

export function Missing() {
  return (
    <>
      <PageHead title={FRAME.missing.title}>
        <p>{FRAME.missing.text}</p>
      </PageHead>
      <Link to="/" className="usa-button">
        {FRAME.missing.home}
      </Link>
    </>
  );
}
