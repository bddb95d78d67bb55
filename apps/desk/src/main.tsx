/** Starts the desk. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HubProblem } from './api/ask.ts';
import { attend } from './api/attended.ts';
import { router } from './routes.tsx';
import './style/desk.scss';

/** What is older than this is asked anew when it is shown again, ms. Live events ask sooner. */
const FRESH_FOR = 10_000;

/** A hub that restarts is back within ten seconds; what it refuses, it refuses again. */
const MOST_RETRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_FOR,
      retry: (times, error) => times < MOST_RETRIES && error instanceof HubProblem && error.status === 0,
    },
  },
});

attend(window);

createRoot(document.getElementById('desk') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
