/** Starts the desk. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HubProblem } from './api/ask.ts';
import { attend } from './api/attended.ts';
import { forget, isForAnybody, whySignedOut } from './frame/leaving.ts';
import { router } from './routes.tsx';
import './style/desk.scss';

/** What is older than this is asked anew when it is shown again, ms. Live events ask sooner. */
const FRESH_FOR = 10_000;

/** A hub that restarts is back within ten seconds; what it refuses, it refuses again. */
const MOST_RETRIES = 2;

const client = new QueryClient({
  queryCache: new QueryCache({ onError: leave }),
  mutationCache: new MutationCache({ onError: leave }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_FOR,
      retry: (times, error) => times < MOST_RETRIES && error instanceof HubProblem && error.status === 0,
    },
  },
});

/** Whoever the hub does not know any more is led to *Sign in*, with the reason, and later back to this page. */
function leave(error: Error): void {
  const why = whySignedOut(error);
  const { pathname, href } = router.state.location;
  if (why === undefined || isForAnybody(pathname)) return;
  void router
    .navigate({ to: '/sign-in', search: { to: href, why }, replace: true })
    .then(() => forget(client));
}

attend(window);

createRoot(document.getElementById('desk') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
