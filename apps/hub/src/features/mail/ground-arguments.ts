/** The arguments with which commands say what judging stands on. */
import { ok, type Result } from '@bellwether/basics';
import type { MailError, MailGround, Past, ProtectedList } from '@bellwether/mail';
import { usualFolder } from '../../platform/folder.ts';
import { dnsResolver, noDns, zoneFileResolver } from './dns/resolver.ts';
import type { MailFileError } from './files/errors.ts';
import { groundOf, localWeights, NOBODY, officeFile } from './ground.ts';

/** As `parseArgs` takes them. */
export const GROUND_OPTIONS = {
  office: { type: 'string' },
  data: { type: 'string' },
  'as-shipped': { type: 'boolean' },
  zone: { type: 'string' },
  offline: { type: 'boolean' },
} as const;

/** As `parseArgs` gives them. */
export type GroundArguments = {
  readonly office?: string | undefined;
  readonly data?: string | undefined;
  readonly 'as-shipped'?: boolean | undefined;
  readonly zone?: string | undefined;
  readonly offline?: boolean | undefined;
};

/** A ground, and the list that it was made of. */
export type ListedGround = MailGround & { readonly past: Past; readonly list: ProtectedList };

/** The ground that arguments ask for. `now`: ms. */
export function groundFrom(
  { office, data, zone, offline, ...asked }: GroundArguments,
  now: () => number,
): Result<ListedGround, MailError | MailFileError> {
  const list = office === undefined ? ok(NOBODY) : officeFile(office);
  if (list.isErr()) return list;
  const resolve =
    zone === undefined ? ok(offline === true ? noDns : dnsResolver(now)) : zoneFileResolver(zone);
  if (resolve.isErr()) return resolve;
  const weights = asked['as-shipped'] === true ? ok(null) : localWeights(dataFolder(data));
  if (weights.isErr()) return weights;
  return ok({ ...groundOf(list.value, resolve.value, weights.value), list: list.value });
}

/** The data folder that is named, or the usual one. */
export function dataFolder(named: string | undefined): string {
  return named ?? usualFolder(process.env, process.getuid?.());
}
