/** What each kind of incident is, and what a person does about it. */
import type { Incident, IncidentKind } from '@bellwether/api';
import { counted } from './formats.ts';

/** Short name, why it matters, and the next step. */
export type IncidentWords = { readonly name: string; readonly why: string; readonly todo: string };

export const INCIDENT_WORDS: Readonly<Record<IncidentKind, IncidentWords>> = {
  through: {
    name: 'Something got through',
    why: 'A contact reached something that it should not have reached.',
    todo: 'Call the office now. Ask whether this was their own work; if not, cut off that service and keep its logs.',
  },
  unsettled: {
    name: 'Cannot be told yet',
    why: 'The sensor does not say enough to tell what became of it.',
    todo: 'Ask the office what runs there. If it is theirs, answer the question on the page Surface.',
  },
  'rolls-unauthorised': {
    name: 'Registrations differ',
    why: 'Registrations of this office were changed, and nobody with the right to do so signed for it.',
    todo: 'Look at each one on the page Rolls with the office. Put back what is wrong; have the office sign what is right.',
  },
  'rolls-extract': {
    name: 'A list differs from the roll',
    why: 'A poll book or a public list was made of the roll and does not have the same rows: a voter may be missing at the polls.',
    todo: 'Look at the rows on the page Rolls. Have whoever made the list make it again before it is used.',
  },
  'rolls-undone': {
    name: 'Changed and changed back',
    why: 'Registrations were changed between two nights and changed back. Two readings of the list look the same; only the record of changes tells.',
    todo: 'Look at each one on the page Rolls with the office: was it a mistake that was put right? If nobody knows of it, ask who used that account.',
  },
  'false-block': {
    name: 'A voter was kept waiting',
    why: 'We visited a service as a voter would, and a block stood in the way. Voters may meet it too.',
    todo: 'Find the block on the page Blocks and lift it. If none is there, ask the office why its door judged the visit.',
  },
  'sensor-silent': {
    name: 'A sensor fell silent',
    why: 'Nothing was heard of it, so nothing is known of what knocked there.',
    todo: 'Ask the office whether the device runs and the line is up. Lines that were kept there still count later.',
  },
  'sensor-gap': {
    name: 'Batches are missing',
    why: 'The sensor skipped numbers: something that it sent did not arrive.',
    todo: 'Ask the office to send the missing batches again. Sending twice does no harm.',
  },
  'sensor-losses': {
    name: 'A sensor dropped lines',
    why: 'The sensor says itself that it could not keep up.',
    todo: 'Ask the office to give the device more room for its log, or to log less of what is known.',
  },
  'sensor-clock': {
    name: 'A clock is wrong',
    why: 'Times of this sensor are far from those at which its lines arrived.',
    todo: 'Ask the office to set the clock of the device by the network (NTP).',
  },
  'sensor-unreadable': {
    name: 'Lines could not be read',
    why: 'Lines came that should have been understood and were not.',
    todo: 'Look at the line that is named. Tell us of its format, and it can be read and counted later.',
  },
  'intake-refused': {
    name: 'Lines were refused',
    why: 'The hub could not take in what was sent, and said so to the sender.',
    todo: 'See what was refused and why. A sender that keeps its lines sends them again by itself.',
  },
};

/** Kinds, the most pressing first. */
export const INCIDENT_KINDS = Object.keys(INCIDENT_WORDS) as readonly IncidentKind[];

/** States of an incident, as a person says them. */
export const STATE_WORDS: Readonly<Record<Incident['state'], string>> = {
  open: 'Open',
  taken: 'Someone is on it',
  closed: 'Closed',
};

/** Where it is: the office, and what of it. */
export function whereOf(incident: Incident): string {
  const office =
    incident.authorityName ?? (incident.authority === 'state' ? 'The state’s own sensors' : 'The hub');
  return incident.sensor === null ? office : `${office}, sensor ${incident.sensor}`;
}

/** The particulars: from whom, to what, how often. */
export function detailOf(incident: Incident): string {
  const parts: string[] = [];
  if (incident.destination !== null) {
    parts.push(`to ${incident.destination}${incident.port === null ? '' : `, port ${incident.port}`}`);
  }
  const unit = incident.kind === 'through' || incident.kind === 'unsettled' ? 'contact' : 'time';
  if (incident.count > 1 || unit === 'contact') parts.push(counted(incident.count, unit));
  return parts.join(' · ');
}
