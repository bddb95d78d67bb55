/** Whether what a surface says in one place fits what it says in another: names, and whose addresses are whose. */
import { type Cidr, formatCidr, masked } from '@bellwether/basics';
import { nearest } from './spelling.ts';
import type { Authorised, Engagement, Sensor, Service, Surface } from './surface.ts';
import type { YamlFile } from './yaml.ts';

/** An entry, and where in the text each of its keys stands. */
export type Placed<Entry> = { readonly entry: Entry; readonly at: (key: string) => number };

/** The entries that have names or refer to some. */
export type PlacedEntries = {
  readonly services: readonly Placed<Service>[];
  readonly authorised: readonly Placed<Authorised>[];
  readonly sensors: readonly Placed<Sensor>[];
  readonly engagements: readonly Placed<Engagement>[];
};

/** Names that are guessed at: as many as are listed. */
const MAX_GUESSES = 20;

/** Notes every reference that leads nowhere, every name given twice, every address of ours outside our networks. */
export function checkReferences(file: YamlFile, surface: Surface, placed: PlacedEntries): void {
  checkTwice(
    file,
    'service',
    placed.services.map(({ entry, at }) => ({ name: entry.name, at: at('name') })),
  );
  checkTwice(
    file,
    'sensor',
    placed.sensors.map(({ entry, at }) => ({ name: entry.id, at: at('id') })),
  );
  checkTwice(
    file,
    'engagement',
    placed.engagements.map(({ entry, at }) => ({ name: entry.name, at: at('name') })),
  );

  const services = new Set(surface.services.map(({ name }) => name));
  const sensors = new Set(surface.sensors.map(({ id }) => id));
  const isOurs = insideOneOf(surface.networks);
  for (const { entry, at } of placed.services) {
    const what = `the service "${entry.name}"`;
    if (entry.sensor !== null) checkKnown(file, at('sensor'), what, 'sensor', entry.sensor, sensors);
    checkOurs(file, at('address'), what, entry.addresses, isOurs);
  }
  for (const { entry, at } of placed.authorised) {
    const what = `the entry for "${entry.who}"`;
    for (const name of entry.services ?? []) {
      checkKnown(file, at('services'), what, 'service', name, services);
    }
  }
  for (const { entry, at } of placed.sensors) {
    const what = `the sensor "${entry.id}"`;
    if (entry.service !== null) checkKnown(file, at('service'), what, 'service', entry.service, services);
  }
  for (const { entry, at } of placed.engagements) {
    checkOurs(file, at('target'), `the engagement "${entry.name}"`, entry.targets, isOurs);
  }
}

function checkTwice(
  file: YamlFile,
  kind: string,
  names: readonly { readonly name: string; readonly at: number }[],
): void {
  const seen = new Set<string>();
  for (const { name, at } of names) {
    if (seen.has(name))
      file.problems.add(at, 'SURFACE_NAME_TWICE', `there is another ${kind} called "${name}"`);
    seen.add(name);
  }
}

function checkKnown(
  file: YamlFile,
  at: number,
  what: string,
  kind: string,
  name: string,
  known: ReadonlySet<string>,
): void {
  if (known.has(name)) return;
  // To compare with every name is dear, and who has more mistakes than are listed reads none of the last guesses.
  const meant = file.problems.total < MAX_GUESSES ? nearest(name, [...known]) : undefined;
  const help = meant && `Did you mean "${meant}"?`;
  file.problems.add(
    at,
    'SURFACE_NAME_UNKNOWN',
    `${what} refers to the ${kind} "${name}", which is not listed`,
    help,
  );
}

function checkOurs(
  file: YamlFile,
  at: number,
  what: string,
  addresses: readonly Cidr[],
  isOurs: (address: Cidr) => boolean,
): void {
  for (const address of addresses) {
    if (isOurs(address)) continue;
    const reason = `${what} is about ${formatCidr(address)}, which lies in none of our networks`;
    file.problems.add(at, 'SURFACE_CONTRADICTION', reason, 'Correct it, or add its network to "networks".');
  }
}

/** Whether a prefix lies inside one of the networks: by their lengths, so that long lists cost little. */
function insideOneOf(networks: readonly Cidr[]): (address: Cidr) => boolean {
  const known = new Set(networks.map(formatCidr));
  const lengths = [...new Set(networks.map(({ bits }) => bits))];
  return (address) =>
    lengths.some((bits) => bits <= address.bits && known.has(formatCidr(masked({ ...address, bits }))));
}
