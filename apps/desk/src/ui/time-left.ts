/** How long something works still, counted down on screen. */
import { useEffect, useState } from 'react';

/** Once a second: the clock shows seconds. */
const TICK = 1000;

/** Until a moment (ISO 8601), ms, anew each second; below zero once it is over. */
export function useTimeLeft(until: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  return Date.parse(until) - now;
}
