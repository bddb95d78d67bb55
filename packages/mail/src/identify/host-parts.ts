/** The parts of a host name that are compared with the names of others. */
import { getPublicSuffix } from 'tldts';
import { organisationOf } from './organisation.ts';
import { readableHost } from './punycode.ts';
import { latinOf, skeletonOf } from './skeleton.ts';

/** A host name, taken apart. */
export type HostParts = {
  /** As a reader sees it: letters of any script, lower case. */
  readonly shown: string;
  /** What a registrar sold. */
  readonly organisation: string;
  /** Without what registrars sell below, and without dots and hyphens: `boonecountymo`; letters as they are shown. */
  readonly label: string;
  /** What registrars sell below: `gov`, `co.uk`. */
  readonly suffix: string;
  /** All of it without dots and hyphens: `boonecountymogov`, in Latin letters. */
  readonly whole: string;
  /** What the label looks like. */
  readonly skeleton: string;
};

/** Parts of what a registrar sold of a host. */
export function organisationParts(host: string): HostParts {
  const organisation = organisationOf(host);
  return partsOf(organisation, organisation);
}

/** Parts of a name as it stands, sub-domains with it: offices of a state share one registrar's name (`sos.mo.gov`, `oa.mo.gov`). */
export function listedParts(domain: string): HostParts {
  return partsOf(domain, organisationOf(domain));
}

function partsOf(name: string, organisation: string): HostParts {
  const suffix = getPublicSuffix(name, { allowPrivateDomains: true }) ?? '';
  const shown = readableHost(name).toLowerCase();
  const readableSuffix = readableHost(suffix);
  const stem = shown.endsWith(`.${readableSuffix}`) ? shown.slice(0, -readableSuffix.length - 1) : shown;
  const label = joined(stem);
  return { shown, organisation, label, suffix, whole: joined(latinOf(shown)), skeleton: skeletonOf(label) };
}

/** Without dots and hyphens. */
export function joined(name: string): string {
  return name.replaceAll(/[.\-_]/g, '');
}
