/**
 * The draft of a surface as YAML, which `parseSurface` reads. What is guessed is guessed towards caution: few things
 * are public, and what would widen trust is a comment (`draft-candidates.ts`).
 */
import { EXACT_TARGETS } from '../judge/targets.ts';
import { addSeen, type Draft, MANY_SOURCES, nothingSeen, type Seen } from './draft.ts';
import { monitoringLines, proxyLines } from './draft-candidates.ts';
import { type DraftPlace, networkLines, partPlaces } from './draft-networks.ts';
import { counted, span, textOf, times, yamlText } from './draft-text.ts';
import { NAMED_PORTS } from './named.ts';
import { hasPorts, protocolName } from './protocols.ts';
import type { Audience } from './surface.ts';

/**
 * Ports on which an office serves everybody: mail, names, web. Anything else that many sources reach is drafted for
 * staff, and says so: it is more likely a door that stands open than a service for the public.
 */
const PUBLIC_PORTS: ReadonlySet<number> = new Set([25, 53, 80, 443]);

/** Addresses in one line; further ones go to another line. */
const MAX_ADDRESSES = 24;

/** Writes the draft. */
export function writeDraft(draft: Draft): string {
  const { ours, outside } = partPlaces(draft.places);
  const { count } = draft.contacts;
  const stated = [...networkLines(ours), ...serviceLines(ours), ...sensorLines(ours)];
  const lines = [
    `# Draft of a surface from ${counted(count, 'contact')} that ${count === 1 ? 'was' : 'were'} served, ${span(draft.contacts)}.`,
    '# It shows what is, not what ought to be: confirm or correct each line, and take out what should not be there.',
    ...leftOut(draft, outside),
    ...(stated.length > 0 ? stated : ['networks: [] # nothing was served: name the networks that are yours']),
    ...proxyLines(draft.visitors),
    ...monitoringLines(draft.visitors),
  ];
  return `${lines.join('\n')}\n`;
}

function leftOut({ caps, placesLeftOut, visitorsLeftOut, unnamed }: Draft, outside: number): string[] {
  const lines: string[] = [];
  if (outside > 0) lines.push(`# ${counted(outside, 'place')} outside, used from inside, left out.`);
  if (unnamed > 0)
    lines.push(`# ${counted(unnamed, 'contact')} by protocols that a surface does not name left out.`);
  if (placesLeftOut > 0) {
    const left = counted(placesLeftOut, 'contact');
    lines.push(
      `# ${left} left out: more than ${caps.places} places were reached. Read fewer logs at a time.`,
    );
  }
  if (visitorsLeftOut > 0) {
    const left = counted(visitorsLeftOut, 'contact');
    lines.push(
      `# ${left} of sources beyond the first ${caps.visitors} not looked at for proxies and monitoring.`,
    );
  }
  return lines;
}

function audienceOf(place: DraftPlace): Audience {
  if (place.login || place.sources < MANY_SOURCES) return 'staff';
  return place.web || PUBLIC_PORTS.has(place.port) ? 'public' : 'staff';
}

/** The section `services`: one line for each public place; places for staff on the same port share one. */
function serviceLines(places: readonly DraftPlace[]): string[] {
  const groups = new Map<string, DraftPlace[]>();
  for (const place of places) {
    const audience = audienceOf(place);
    const alone = audience !== 'staff' || place.destination === null;
    const where = alone ? (place.destination ?? `sensor ${place.sensor}`) : '';
    const key = `${audience} ${place.protocol} ${place.port} ${where}`;
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  const names = new Set<string>();
  const lines = [...groups.values()].flatMap((group) =>
    chunks(group, MAX_ADDRESSES).map((some) => serviceLine(some, names)),
  );
  return lines.length === 0 ? [] : ['services:', ...lines];
}

function serviceLine(group: readonly DraftPlace[], names: Set<string>): string {
  const [first] = group as [DraftPlace];
  const audience = audienceOf(first);
  const parts = [`name: ${yamlText(nameOf(group, audience, names))}`];
  if (first.destination === null) parts.push(`sensor: ${yamlText(first.sensor)}`);
  else {
    const addresses = group.map(({ destination }) => yamlText(textOf(destination!)));
    parts.push(`address: ${addresses.length === 1 ? addresses[0] : `[${addresses.join(', ')}]`}`);
  }
  if (hasPorts(first.protocol)) parts.push(`port: ${portOf(first)}`);
  parts.push(`protocol: ${protocolName(first.protocol)}`, `audience: ${audience}`);

  const seen = nothingSeen();
  for (const place of group) addSeen(seen, place);
  const sources = Math.max(...group.map((place) => place.sources));
  // Beyond what is counted exactly it is an estimate.
  const about = sources > EXACT_TARGETS ? 'about ' : '';
  const each = `${about}${counted(sources, 'source')}`;
  const from = group.length === 1 ? each : `up to ${each} each`;
  const open = audience === 'staff' && sources >= MANY_SOURCES && !first.login;
  const doubt = open ? '; many sources: does it stand open?' : '';
  return `  - { ${parts.join(', ')} } # confirm: seen ${times(seen.count)} from ${from}, ${span(seen)}${doubt}`;
}

/** A log that does not tell the port leaves it open; a web server's is one of two, or both. */
function portOf({ port, web }: DraftPlace): string {
  if (port !== 0) return String(port);
  return web ? '[80, 443]' : '1-65535';
}

function nameOf(group: readonly DraftPlace[], audience: Audience, names: Set<string>): string {
  const [{ destination, sensor, port, protocol, web }] = group as [DraftPlace];
  const registered = NAMED_PORTS.find(
    (one) => one.port === port && one.protocols.some((each) => each === protocol),
  );
  const unregistered = port === 0 && web ? 'web' : [protocolName(protocol), port || []].flat().join('-');
  const kind = registered?.name.replace(/ .*/, '') ?? unregistered;
  const place = destination === null ? sensor : group.length > 1 ? audience : textOf(destination);
  const base = `${kind}-${place}`
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  let name = base;
  for (let i = 2; names.has(name); i++) name = `${base}-${i}`;
  names.add(name);
  return name;
}

/** The section `sensors`: those that services refer to. */
function sensorLines(places: readonly DraftPlace[]): string[] {
  const bySensor = new Map<string, Seen>();
  for (const place of places) {
    if (place.destination !== null) continue;
    const seen = bySensor.get(place.sensor) ?? nothingSeen();
    addSeen(seen, place);
    bySensor.set(place.sensor, seen);
  }
  if (bySensor.size === 0) return [];
  const lines = [...bySensor].map(([sensor, seen]) => {
    // What would mean something in a pattern, or a folder, stands there as any one character.
    const files = `${sensor.replaceAll(/[*/\\]/g, '?')}*`;
    const confirm = `seen ${times(seen.count)}, ${span(seen)}`;
    return `  - { id: ${yamlText(sensor)}, files: ${yamlText(files)} } # confirm: ${confirm}`;
  });
  return ['sensors:', ...lines];
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
