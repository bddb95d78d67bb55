/**
 * From the YAML that an office writes to a `Surface`. docs/reference/surface.md tells every key; a test there keeps
 * the two together. Strict: what is not understood is refused with its line, because a key that is passed over
 * (`never_blok`) would be believed to work.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { readNetworks } from './fields.ts';
import { KEYS } from './keys.ts';
import type { SurfaceError } from './problems.ts';
import { checkReferences, type Placed } from './references.ts';
import { readAuthorised, readEngagement, readProxy, readSensor, readService } from './sections.ts';
import type { Surface } from './surface.ts';
import { type Fields, type Value, YamlFile } from './yaml.ts';

/**
 * Reads a surface. On failure every mistake is listed, by line (see `SurfaceError`). Whether names are known and
 * addresses are ours is looked at once every entry can be read.
 */
export function parseSurface(text: string): Result<Surface, SurfaceError> {
  const file = new YamlFile(text);
  const root = file.root();
  if (!root) return err(file.problems.asError());
  if (root.node === null) {
    file.problems.add(0, 'SURFACE_KEY_MISSING', 'the file states nothing', `Begin with "networks:".`);
    return err(file.problems.asError());
  }
  const fields = file.fields(root, KEYS.surface, 'the surface');
  if (!fields) return err(file.problems.asError());

  const services = entries(file, fields, 'services', readService);
  const authorised = entries(file, fields, 'authorised', readAuthorised);
  const proxies = entries(file, fields, 'proxies', readProxy);
  const sensors = entries(file, fields, 'sensors', readSensor);
  const engagements = entries(file, fields, 'engagements', readEngagement);
  const surface: Surface = {
    networks: networks(file, fields, 'networks'),
    services: services.map(({ entry }) => entry),
    authorised: authorised.map(({ entry }) => entry),
    neverBlock: networks(file, fields, 'never_block'),
    proxies: proxies.map(({ entry }) => entry),
    shared: networks(file, fields, 'shared'),
    sensors: sensors.map(({ entry }) => entry),
    engagements: engagements.map(({ entry }) => entry),
  };
  // An entry that could not be read has no name: to look for it would only give errors that go away with the first.
  if (file.problems.total === 0) {
    checkReferences(file, surface, { services, authorised, sensors, engagements });
  }
  return file.problems.total === 0 ? ok(surface) : err(file.problems.asError());
}

function entries<Entry>(
  file: YamlFile,
  fields: Fields,
  key: string,
  read: (file: YamlFile, value: Value) => Entry | undefined,
): readonly Placed<Entry>[] {
  const value = fields.byKey.get(key);
  if (!value) return [];
  return (file.list(value, `"${key}"`) ?? []).flatMap((item) => {
    const entry = read(file, item);
    return entry === undefined ? [] : [{ entry, at: (name: string) => file.placeOf(item, name) }];
  });
}

function networks(file: YamlFile, fields: Fields, key: string): Surface['networks'] {
  const value = fields.byKey.get(key);
  // Who writes `networks: []` says that none is known yet, as a draft from logs without anything served does.
  if (value && key === 'networks' && file.isEmptyList(value)) return [];
  return (value && readNetworks(file, value, key)) ?? [];
}
