/** What is around every page: whose it is, who is signed in, and what has to be known everywhere. */
import type { MeAnswer } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { type Line, listen } from '../api/live.ts';
import { meQuery } from '../api/queries.ts';
import { Loaded, Loading } from '../ui/loaded.tsx';
import { Banner } from './banner.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { isForAnybody } from './leaving.ts';
import { Lines } from './lines.tsx';
import { isIn } from './pages.ts';
import { StepUp } from './step-up.tsx';
import { FRAME } from './texts.ts';
import { Boundary } from './trouble.tsx';

export function Frame() {
  const me = useQuery(meQuery);
  const path = useLocation({ select: ({ pathname }) => pathname });
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    // Who listens to the page, and does not look, has to be told that another page is here.
    if (before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  const line = useLine(me.data !== undefined && isIn(me.data));
  return (
    <>
      <a className="usa-skipnav" href="#main">
        {FRAME.skip}
      </a>
      <Banner state={me.data?.state ?? null} />
      {me.data !== undefined && <Lines me={me.data} />}
      <Header me={me.data} />
      <main id="main" className="wide main" ref={main} tabIndex={-1}>
        <Boundary key={path}>
          <Suspense fallback={<Loading />}>
            {me.data === undefined ? <Loaded query={me}>{() => null}</Loaded> : <Page me={me.data} />}
          </Suspense>
        </Boundary>
      </main>
      <Footer line={line} />
      <StepUp />
    </>
  );
}

/** The page, if who is here may open any; else the way in, and later back here. */
function Page({ me }: { readonly me: MeAnswer }) {
  const { pathname, href } = useLocation();
  // While the way in is fetched, the address is its own already, and what stands here is still the other page.
  const shown = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '/' });
  const navigate = useNavigate();
  const mustLeave = !isIn(me) && !isForAnybody(pathname);
  useEffect(() => {
    if (mustLeave) void navigate({ to: '/sign-in', search: href === '/' ? {} : { to: href }, replace: true });
  }, [mustLeave, href, navigate]);
  return isIn(me) || isForAnybody(shown) ? <Outlet /> : <Loading />;
}

/** The line of live events, while somebody is in; undefined while nobody is. */
function useLine(wanted: boolean): Line | undefined {
  const client = useQueryClient();
  const [line, setLine] = useState<Line>('connecting');
  useEffect(() => {
    if (!wanted) return;
    setLine('connecting');
    return listen(client, setLine);
  }, [client, wanted]);
  return wanted ? line : undefined;
}
