/** The hub's live events: what changed is asked anew, and pages know whether they are still told. */
import type { Changed } from '@bellwether/api';
import type { QueryClient } from '@tanstack/react-query';
import { KEYS_OF_TOPIC } from './queries.ts';

/** How the line to the hub is. */
export type Line = 'connecting' | 'live' | 'lost';

/** Asking again more often than this shows nothing that a person could read, ms. */
const LEAST_PAUSE = 1000;

/** An EventSource gives up where the hub answers with an error; this long after, a new one is tried, ms. */
const AGAIN_AFTER = 5000;

/** Listens until the returned function is called. `onLine` hears how the line is. */
export function listen(client: QueryClient, onLine: (line: Line) => void): () => void {
  const waiting = new Set<string>();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let events: EventSource;
  let wasLost = false;

  const askAnew = () => {
    for (const key of waiting) void client.invalidateQueries({ queryKey: [key] });
    waiting.clear();
    pause = undefined;
  };
  const changed = ({ data }: MessageEvent<string>) => {
    for (const topic of (JSON.parse(data) as Changed).topics) {
      for (const key of KEYS_OF_TOPIC[topic] ?? []) waiting.add(key);
    }
    pause ??= setTimeout(askAnew, LEAST_PAUSE);
  };
  const connect = () => {
    events = new EventSource('/api/v1/live');
    events.addEventListener('changed', changed);
    events.addEventListener('open', () => {
      onLine('live');
      // What changed meanwhile was told to nobody.
      if (wasLost) void client.invalidateQueries();
      wasLost = false;
    });
    events.addEventListener('error', () => {
      wasLost = true;
      onLine('lost');
      if (events.readyState !== EventSource.CLOSED) return;
      again = setTimeout(connect, AGAIN_AFTER);
      // It was refused, not cut: who is signed out learns it from the next answer, and why.
      void client.invalidateQueries({ queryKey: ['today'] });
    });
  };
  connect();
  return () => {
    clearTimeout(pause);
    clearTimeout(again);
    events.close();
  };
}
