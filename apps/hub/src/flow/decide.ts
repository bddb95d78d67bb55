/**
 * Step 4, decide: what a person has to look at. The same thing again is the same incident with a higher count; what
 * further lines settle after all takes itself back.
 */
import type { Notice } from '@bellwether/contacts';

/** What is added to an incident, new or known. */
export type IncidentDelta = {
  /** The same while it is the same thing. */
  readonly key: string;
  readonly kind:
    | 'through'
    | 'unsettled'
    | 'sensor-gap'
    | 'sensor-losses'
    | 'sensor-clock'
    | 'sensor-unreadable';
  readonly stream: number;
  readonly reason: string;
  /** Event times, ms. */
  first: number;
  last: number;
  /** Contacts or events; below 0 where earlier ones are taken back. */
  count: number;
  readonly source: string | null;
  readonly destination: string | null;
  readonly port: number | null;
  readonly protocol: number | null;
  readonly line: number | null;
};

/** Adds a notice of the judge. */
export function addNotice(to: Map<string, IncidentDelta>, notice: Notice, stream: number): void {
  const { disposition, reason, destination, port, protocol } = notice;
  // What came through is one incident for each source; what is not settled, one for each thing that was reached.
  const source = disposition === 'through' ? notice.source : '';
  const key = `${disposition}|${reason}|${stream}|${destination ?? ''}|${port}|${protocol}|${source}`;
  add(to, {
    key,
    kind: disposition,
    stream,
    reason,
    first: notice.time,
    last: notice.lastTime,
    count: notice.count,
    source: notice.source === '' ? null : notice.source,
    destination,
    port,
    protocol,
    line: notice.line,
  });
}

/** Adds something that a sensor itself gives cause for. `time`: ms. */
export function addSensorTrouble(
  to: Map<string, IncidentDelta>,
  kind: 'sensor-gap' | 'sensor-losses' | 'sensor-clock' | 'sensor-unreadable',
  stream: number,
  reason: string,
  count: number,
  time: number,
): void {
  if (count === 0) return;
  add(to, {
    key: `${kind}|${reason}|${stream}`,
    kind,
    stream,
    reason,
    first: time,
    last: time,
    count,
    source: null,
    destination: null,
    port: null,
    protocol: null,
    line: null,
  });
}

function add(to: Map<string, IncidentDelta>, delta: IncidentDelta): void {
  const known = to.get(delta.key);
  if (known === undefined) {
    to.set(delta.key, delta);
    return;
  }
  known.count += delta.count;
  known.first = Math.min(known.first, delta.first);
  known.last = Math.max(known.last, delta.last);
}
