/**
 * `truth.json`: what the files of a run tell in truth. One source a line, so that it can be read as a stream.
 */
import { CONTACT_CLASSES } from './contact-classes.ts';
import type { Family } from './formats.ts';
import type { ContactsOptions } from './generate.ts';
import type { Sources } from './sources.ts';
import type { FileTruth, Sink, ThroughTruth } from './writers/log-file.ts';

/** The truth without the sources, which only the file holds. */
export type ContactsTruth = {
  readonly schema: 'bellwether/contacts-truth@1';
  readonly options: ContactsOptions;
  readonly from: string;
  readonly to: string;
  readonly files: readonly FileTruth[];
  readonly through: readonly ThroughTruth[];
};

/** Sources that are gathered before they go to the sink. */
const BATCH = 2_000;

/** The truth of a run. */
export function truthOf(
  options: ContactsOptions,
  start: number,
  span: number,
  files: readonly FileTruth[],
  through: readonly ThroughTruth[],
): ContactsTruth {
  return {
    schema: 'bellwether/contacts-truth@1',
    options,
    from: new Date(start).toISOString(),
    to: new Date(start + span / 1_000).toISOString(),
    files,
    through,
  };
}

/** Writes `truth.json`. A source that no file tells is left out. */
export function writeTruth(
  truth: ContactsTruth,
  sources: Sources,
  asked: ReadonlySet<Family>,
  start: number,
  sink: Sink,
): void {
  const head = JSON.stringify(truth);
  let text = `${head.slice(0, -1)},"sources":[`;
  let first = true;
  for (let source = 0; source < sources.count; source++) {
    const { class: name, first: from, last, ...known } = sources.truth(source);
    if (Object.keys(known.files).length === 0) continue;
    const { nature, evidence, expect, mayBeBlocked } = CONTACT_CLASSES[name];
    const row = {
      source: known.source,
      class: name,
      nature,
      campaign: known.campaign,
      contacts: known.contacts,
      targets: known.targets,
      first: iso(start, from),
      last: iso(start, last),
      files: known.files,
      mayBeBlocked,
      expect: asked.has(evidence) ? expect : 'nothing',
    };
    text += `${first ? '\n' : ',\n'}${JSON.stringify(row)}`;
    first = false;
    if (source % BATCH === 0) {
      sink.write('truth.json', Buffer.from(text));
      text = '';
    }
  }
  sink.write('truth.json', Buffer.from(`${text}\n]}\n`));
}

/** One source as `truth.json` has it. */
export type SourceRow = {
  readonly source: string;
  readonly class: keyof typeof CONTACT_CLASSES;
  readonly nature: string;
  readonly campaign: string | null;
  readonly contacts: number;
  readonly targets: number;
  /** Null when all its contacts were outbound or lay outside the run. */
  readonly first: string | null;
  readonly last: string | null;
  readonly files: Readonly<Record<string, number>>;
  readonly mayBeBlocked: boolean;
  readonly expect: string;
};

function iso(start: number, time: number): string | null {
  return Number.isFinite(time) ? new Date(start + Math.floor(time / 1_000)).toISOString() : null;
}
