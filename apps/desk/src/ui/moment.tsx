/** A moment in the state's zone, with the machine's spelling beside it. */
import { useDay } from '../frame/day.ts';
import { exactMoment, moment, shortMoment, USUAL_ZONE } from '../words/formats.ts';

/** Zone in which every page writes its times. */
export function useZone(): string {
  return useDay()?.zone ?? USUAL_ZONE;
}

const WRITE = { full: moment, short: shortMoment, exact: exactMoment } as const;

export function Moment({ iso, how = 'short' }: { readonly iso: string; readonly how?: keyof typeof WRITE }) {
  const zone = useZone();
  return (
    <time dateTime={iso} title={iso}>
      {WRITE[how](iso, zone)}
    </time>
  );
}
