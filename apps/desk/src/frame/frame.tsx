/** What is around every page. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { type Line, listen } from '../api/live.ts';
import { todayQuery } from '../api/queries.ts';
import { Banner } from './banner.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { StepUp } from './step-up.tsx';
import { FRAME } from './texts.ts';
import { Boundary } from './trouble.tsx';

export function Frame() {
  const client = useQueryClient();
  const [line, setLine] = useState<Line>('connecting');
  useEffect(() => listen(client, setLine), [client]);
  const { data } = useQuery(todayQuery);
  const path = useLocation({ select: ({ pathname }) => pathname });
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    // Who listens to the page, and does not look, has to be told that another page is here.
    if (before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return (
    <>
      <a className="usa-skipnav" href="#main">
        {FRAME.skip}
      </a>
      <Banner />
      {data?.sample === true && (
        <aside className="sample-line" aria-label={FRAME.sampleLabel}>
          <p className="wide">{FRAME.sample}</p>
        </aside>
      )}
      <Header />
      <main id="main" className="wide main" ref={main} tabIndex={-1}>
        <Boundary key={path}>
          <Outlet />
        </Boundary>
      </main>
      <Footer line={line} />
      <StepUp />
    </>
  );
}
