/** A page's data: while it comes, when it failed, and when it is there. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FRAME } from '../frame/texts.ts';
import { Trouble } from '../frame/trouble.tsx';
import { PageHead } from './page.tsx';

export function Loaded<Answer>({
  query,
  title,
  children,
}: {
  readonly query: Pick<UseQueryResult<Answer>, 'data' | 'error' | 'refetch'>;
  /** Of a page whose own title comes with its data. */
  readonly title?: string;
  readonly children: (answer: Answer) => ReactNode;
}) {
  const again = () => void query.refetch();
  if (query.data === undefined) {
    return (
      <>
        {title !== undefined && <PageHead title={title} />}
        {query.error === null ? <Loading /> : <Trouble error={query.error} again={again} />}
      </>
    );
  }
  return (
    <>
      {query.error !== null && <Trouble error={query.error} again={again} />}
      {children(query.data)}
    </>
  );
}

export function Loading() {
  return (
    <div className="loading" role="status">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
      </svg>
      {FRAME.loading}
    </div>
  );
}
