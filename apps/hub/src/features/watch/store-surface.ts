/** The surface that holds, and what of it is still asked: things that answered and that it does not list. */
import type { SurfaceAnswer, SurfaceQuestion, SurfaceReply } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { Surface } from '@bellwether/contacts';
import { parseSurface, type SurfaceError } from '@bellwether/contacts/surface';
import { isMap, isSeq, type Pair, parseDocument, Scalar, type YAMLMap, YAMLSeq } from 'yaml';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Records } from './dependencies.ts';
import { cidrText } from './store-networks.ts';
import { placeInReach } from './store-reach.ts';

/** The rules whose contacts a surface would settle, if it listed what was reached. */
export const ASKING_RULES = ['accepted-unlisted', 'served-unlisted'];

/** Questions on one page: each is one service, so more than this is a network that was never listed. */
const MOST_QUESTIONS = 200;

/** IP protocols (IANA) that a service may have, as a surface spells them. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp',
  132: 'sctp',
};

/** Protocols that have ports. */
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

/** A question, and what is needed to act on its answer. */
export type OpenQuestion = SurfaceQuestion & { readonly incident: number; readonly protocol: number | null };

/** The newest surface; `undefined` if none was ever stated. */
export async function newestSurface(db: Records) {
  return await db.selectFrom('surfaces').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** What is asked about sensors in reach, those with the most contacts first. */
export async function surfaceQuestions(db: Records, reach: Reach): Promise<OpenQuestion[]> {
  const rows = await db
    .selectFrom('incidents')
    .leftJoin('authorities', 'authorities.lea_id', 'incidents.authority')
    .leftJoin('sensors', 'sensors.id', 'incidents.sensor')
    .selectAll('incidents')
    .select(['authorities.name as authority_name', 'sensors.name as sensor_name'])
    .where('incidents.kind', '=', 'unsettled')
    .where('incidents.state', '<>', 'closed')
    .where('incidents.reason', 'in', ASKING_RULES)
    .where(placeInReach('incidents.authority', reach))
    .orderBy('incidents.count', 'desc')
    .orderBy('incidents.id')
    .limit(MOST_QUESTIONS)
    .execute();
  return rows.map((row) => ({
    key: row.key,
    authority: row.authority,
    authorityName: row.authority === 'state' ? 'State' : row.authority_name,
    sensor: row.sensor_name ?? '',
    destination: row.destination ?? '',
    port: row.port ?? 0,
    reason: row.reason,
    first: row.opened_at.toISOString(),
    last: row.last_at.toISOString(),
    contacts: row.count,
    incident: row.id,
    protocol: row.protocol,
  }));
}

/** Services as the API shows them: to who does not see the whole state, those that are named by a sensor in reach. */
export function servicesOf({ services }: Surface, reach: Reach): SurfaceAnswer['services'] {
  const own = services.filter(({ addresses, sensor }) => {
    if (reach === 'all') return true;
    return addresses.length === 0 && sensor !== null && reach.has(sensor.split('/')[0]!);
  });
  return own.map(({ name, audience, addresses, sensor, ports }) => ({
    name,
    audience,
    addresses: addresses.length > 0 ? addresses.map(cidrText) : [`sensor ${sensor}`],
    ports: ports.map(({ low, high }) => (low === high ? `${low}` : `${low}-${high}`)).join(', '),
  }));
}

/**
 * The surface with one more service, the thing that the question is about, from its first contact on. Comments and order
 * stay as they are. A network of ours that is not listed yet is listed, and so is a sensor that the service is named by.
 */
export function withService(
  yaml: string,
  question: OpenQuestion,
  name: string,
  audience: Exclude<SurfaceReply['answer'], 'not-ours'>,
): Result<string, SurfaceError> {
  const before = parseSurface(yaml);
  if (yaml.trim() !== '' && before.isErr()) return before;
  const alone = added(yaml, question, name, audience, false);
  const parsed = parseSurface(alone);
  if (parsed.isOk()) return ok(alone);
  // What answered at an address of ours is in a network of ours.
  const withNetwork = added(yaml, question, name, audience, true);
  const again = parseSurface(withNetwork);
  return again.isOk() ? ok(withNetwork) : err(parsed.error);
}

function added(
  yaml: string,
  { destination, port, protocol, first, sensor, authority }: OpenQuestion,
  name: string,
  audience: string,
  addNetwork: boolean,
): string {
  const document = parseDocument(yaml);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  const root = document.contents as unknown as YAMLMap<Scalar<string>, unknown>;
  const spelled = PROTOCOLS[protocol ?? 6] ?? 'tcp';
  const id = `${authority ?? 'state'}/${sensor}`;
  const service = document.createNode(
    {
      name,
      ...(destination === '' ? { sensor: id } : { address: destination }),
      ...(WITH_PORTS.has(spelled) ? { port } : {}),
      ...(spelled === 'tcp' ? {} : { protocol: spelled }),
      audience,
      from: first,
    },
    { flow: true },
  ) as YAMLMap<Scalar<string>, Scalar>;
  // IPv6 and what looks like a number stand in quotes, as docs/reference/surface.md asks for.
  for (const { key, value } of service.items as Pair<Scalar<string>, Scalar>[]) {
    if ((key.value === 'address' || key.value === 'name') && value instanceof Scalar) {
      value.type = Scalar.QUOTE_DOUBLE;
    }
  }
  if (!root.has('networks'))
    root.set(document.createNode('networks'), document.createNode([], { flow: true }));
  if (addNetwork && destination !== '') listOf(document, root, 'networks').add(quoted(destination));
  listOf(document, root, 'services').add(service);
  if (destination === '') {
    const sensors = listOf(document, root, 'sensors');
    const known = sensors.items.some((item) => isMap(item) && item.get('id') === id);
    if (!known) sensors.add(document.createNode({ id }, { flow: true }));
  }
  return document.toString({ lineWidth: 0 });
}

/** The list under a key: made if it is missing, and of one entry if that stood there alone. */
function listOf(
  document: ReturnType<typeof parseDocument>,
  root: YAMLMap<Scalar<string>, unknown>,
  key: string,
): YAMLSeq {
  const there = root.get(key, true) as unknown;
  if (isSeq(there)) {
    // `[]` on one line would put a whole service into it.
    if (there.items.length === 0 && key !== 'networks') there.flow = false;
    return there;
  }
  const list = new YAMLSeq();
  list.flow = key === 'networks';
  if (there instanceof Scalar && there.value !== null) list.add(there);
  root.set(document.createNode(key), list);
  return list;
}

function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
