/** `truth.json` of a sample: what its lines tell in truth. One source a line, so that it can be read as a stream. */
import { type ClassName, CONTACT_CLASSES } from '../contacts/contact-classes.ts';
import type { World } from '../contacts/world.ts';
import type { ThroughTruth } from '../contacts/writers/log-file.ts';
import { AUTHORITIES } from './authorities.ts';
import type { CutOff, SampleBatch } from './batches.ts';
import type { Day } from './day.ts';
import type { SampleChoice } from './options.ts';
import { type SensorDraw, type SensorPlan, STATE } from './sensors.ts';
import type { Unlisted } from './story.ts';
import type { Told } from './tell.ts';

/** What one sensor told. All are counts of lines but `repeated`, `lost` and `contacts`. */
export type SensorTruth = {
  readonly authority: string;
  readonly sensor: string;
  readonly format: string;
  readonly completeness: 'complete' | 'best-effort';
  readonly file: string;
  readonly lines: number;
  readonly told: number;
  readonly repeated: number;
  readonly lossReports: number;
  readonly lost: number;
  readonly ignored: number;
  /** Attempts to reach us: packets or flows, requests, connections of SSH, sign-ins. */
  readonly contacts: number;
  readonly batches: number;
  /** Contacts that must read as `through` and as `unsettled`. All others must not. */
  readonly through: number;
  readonly unsettled: number;
};

/** What all sensors of an authority told; `knocks` counts an event once that two of its sensors told. */
export type AuthorityTruth = {
  readonly authority: string;
  readonly name: string;
  readonly sensors: readonly string[];
  readonly lines: number;
  readonly contacts: number;
  readonly knocks: number;
};

/** The truth without the sources, which only the file holds. */
export type SampleTruth = {
  readonly schema: 'bellwether/sample-truth@1';
  readonly note: string;
  readonly options: SampleChoice;
  readonly from: string;
  readonly to: string;
  readonly totals: {
    readonly lines: number;
    readonly bytes: number;
    readonly contacts: number;
    readonly knocks: number;
    readonly batches: number;
    readonly sensors: number;
    readonly officesWithSensor: number;
    readonly officesWithoutSensor: number;
  };
  readonly sensors: readonly SensorTruth[];
  readonly authorities: readonly AuthorityTruth[];
  readonly through: ReadonlyArray<ThroughTruth & { readonly authority: string; readonly sensor: string }>;
  readonly unlisted: ReadonlyArray<Omit<Unlisted, 'destination'> & { readonly destination: string }>;
  readonly cutOff: { readonly authority: string; readonly from: string; readonly until: string };
  readonly silent: { readonly authority: string; readonly sensor: string; readonly from: string };
  readonly bestEffort: { readonly authority: string; readonly sensor: string };
  readonly sameLink: { readonly authority: string; readonly sensors: readonly string[] };
  /** `lea_id`s. */
  readonly withoutSensor: readonly string[];
  /** Sources and lines of each class. */
  readonly classes: Readonly<
    Partial<Record<ClassName, { readonly sources: number; readonly lines: number }>>
  >;
};

/** One source as `truth.json` has it. `lines` of all sensors. */
export type SampleSource = {
  readonly source: string;
  readonly class: ClassName;
  readonly nature: string;
  readonly campaign: string | null;
  readonly lines: number;
  readonly mayBeBlocked: boolean;
};

/** What the truth is put together from. */
export type TruthParts = {
  readonly choice: SampleChoice;
  readonly day: Day;
  readonly draw: SensorDraw;
  readonly told: readonly Told[];
  readonly batches: readonly SampleBatch[];
  readonly unlisted: readonly Unlisted[];
  readonly cutOff: CutOff;
  readonly silentFrom: number;
  /** Any of the worlds: they share their people. */
  readonly world: World;
};

const NOTE =
  'Everything here is made up. Which office has which sensor, what its addresses are and what happened there was drawn by chance, and says nothing about the real one. Names and numbers of registered voters are public (EAC, EAVS 2022).';

/** Puts the truth together; gives the sources beside it. */
export function sampleTruth(parts: TruthParts): {
  readonly truth: SampleTruth;
  readonly sources: readonly SampleSource[];
} {
  const { choice, day, draw, told, batches, cutOff, world } = parts;
  const iso = (time: number) => new Date(day.start + Math.floor(time / 1_000)).toISOString();
  const { incidents } = draw;
  const sensors = told.map((each) => sensorTruth(each, parts));
  const second = incidents.sameLink.second as SensorPlan;
  const authorities = [STATE, ...AUTHORITIES.map(({ leaId }) => leaId)].map((authority) =>
    authorityTruth(authority, sensors, second),
  );
  const sum = (of: (authority: AuthorityTruth) => number) =>
    authorities.reduce((all, each) => all + of(each), 0);
  const sources = sourcesOf(world);
  const { seed, date, scale } = choice;
  const truth: SampleTruth = {
    schema: 'bellwether/sample-truth@1',
    note: NOTE,
    options: { seed, date, scale },
    from: iso(0),
    to: iso(day.span),
    totals: {
      lines: sum(({ lines }) => lines),
      bytes: batches.reduce((all, { bytes }) => all + bytes, 0),
      contacts: sum(({ contacts }) => contacts),
      knocks: sum(({ knocks }) => knocks),
      batches: batches.length,
      sensors: sensors.length,
      officesWithSensor: draw.offices.length,
      officesWithoutSensor: draw.without.length,
    },
    sensors,
    authorities,
    through: told.flatMap(({ plan, through }) =>
      through.map((each) => ({ authority: plan.authority, sensor: plan.sensor, ...each })),
    ),
    unlisted: parts.unlisted.map((each) => ({ ...each, destination: world.book.text(each.destination) })),
    cutOff: { authority: cutOff.authority, from: iso(cutOff.from), until: iso(cutOff.until) },
    silent: { ...nameOf(incidents.silent.firewall), from: iso(parts.silentFrom) },
    bestEffort: nameOf(incidents.bestEffort.firewall),
    sameLink: {
      authority: second.authority,
      sensors: [incidents.sameLink.firewall.sensor, second.sensor],
    },
    withoutSensor: draw.without,
    classes: classesOf(sources),
  };
  return { truth, sources };
}

/** `truth.json` as text. */
export function sampleTruthText(truth: SampleTruth, sources: readonly SampleSource[]): string {
  const rows = sources.map((source) => JSON.stringify(source)).join(',\n');
  return `${JSON.stringify(truth).slice(0, -1)},"sources":[\n${rows}\n]}\n`;
}

function nameOf({ authority, sensor }: SensorPlan): { readonly authority: string; readonly sensor: string } {
  return { authority, sensor };
}

function sensorTruth({ plan, file, through, contacts }: Told, parts: TruthParts): SensorTruth {
  const { authority, sensor, format } = plan;
  const lossy = plan === parts.draw.incidents.bestEffort.firewall;
  const { lines, told, repeated, lossReports, lost, ignored } = file;
  const asked = parts.unlisted.filter((each) => each.authority === authority && each.sensor === sensor);
  return {
    authority,
    sensor,
    format,
    completeness: lossy ? 'best-effort' : 'complete',
    file: file.file,
    lines,
    told,
    repeated,
    lossReports,
    lost,
    ignored,
    contacts,
    batches: parts.batches.filter((each) => each.authority === authority && each.sensor === sensor).length,
    through: through.length,
    unsettled: asked.reduce((sum, each) => sum + each.contacts, 0),
  };
}

function authorityTruth(
  authority: string,
  sensors: readonly SensorTruth[],
  second: SensorPlan,
): AuthorityTruth {
  const own = sensors.filter((each) => each.authority === authority);
  const contacts = own.reduce((sum, each) => sum + each.contacts, 0);
  const again = own.find(({ sensor }) => authority === second.authority && sensor === second.sensor);
  return {
    authority,
    name: AUTHORITIES.find(({ leaId }) => leaId === authority)?.name ?? 'State of Missouri',
    sensors: own.map(({ sensor }) => sensor),
    lines: own.reduce((sum, each) => sum + each.lines, 0),
    contacts,
    knocks: contacts - (again?.contacts ?? 0),
  };
}

/** Those that some line tells of. */
function sourcesOf({ sources }: World): readonly SampleSource[] {
  const list: SampleSource[] = [];
  for (let at = 0; at < sources.count; at++) {
    const { source, class: name, campaign, files } = sources.truth(at);
    const lines = Object.values(files).reduce((sum, count) => sum + count, 0);
    if (lines === 0) continue;
    const { nature, mayBeBlocked } = CONTACT_CLASSES[name];
    list.push({ source, class: name, nature, campaign, lines, mayBeBlocked });
  }
  return list;
}

function classesOf(sources: readonly SampleSource[]): SampleTruth['classes'] {
  const classes: Partial<Record<ClassName, { sources: number; lines: number }>> = {};
  for (const { class: name, lines } of sources) {
    classes[name] ??= { sources: 0, lines: 0 };
    classes[name].sources++;
    classes[name].lines += lines;
  }
  return classes;
}
