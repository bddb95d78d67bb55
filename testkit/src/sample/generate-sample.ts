/**
 * A day of the sample state: who has sensors is drawn, everything plays, each sensor tells it, and the truth is written
 * beside it.
 */
import { HOUR } from '../contacts/world.ts';
import type { Sink } from '../contacts/writers/log-file.ts';
import { Random } from '../random.ts';
import { batchesOf, drawCutOff, type SampleBatch } from './batches.ts';
import { officeBudgets, stateBudget } from './budgets.ts';
import type { Day } from './day.ts';
import { playNetworks } from './network-traffic.ts';
import { chosen, KNOCKS, type SampleOptions } from './options.ts';
import { makePlaces, type Places } from './places.ts';
import { drawSensors, type SensorDraw, STATE } from './sensors.ts';
import { playEdges, playLogins, playSite } from './service-traffic.ts';
import { playStory } from './story.ts';
import { sampleSurface } from './surface.ts';
import { type Telling, type Told, tellSensor } from './tell.ts';
import { type SampleTruth, sampleTruth, sampleTruthText } from './truth.ts';

/** When the silent sensor falls silent, microseconds from midnight: people have gone home, and nobody notices. */
const SILENT_FROM = 18 * HOUR + (2 * HOUR) / 3;

/** A sample that was made. */
export type Sample = {
  readonly truth: SampleTruth;
  /** In the order of arrival. */
  readonly batches: readonly SampleBatch[];
};

/**
 * Makes the day and sends its files to the sink: `batches/AUTHORITY-SENSOR.log`, `batches.ndjson`, `surface.yaml` and
 * `truth.json`. Throws `RangeError` where an option makes no sense. Wants about 400 MB at scale 1.
 */
export function generateSample(options: SampleOptions, sink: Sink): Sample {
  const { day, ...choice } = chosen(options);
  const random = new Random(choice.seed);
  const draw = drawSensors(random.fork('sensors'));
  const knocks = Math.round(KNOCKS * choice.scale);
  const places = makePlaces(random, day, knocks, draw);

  const unlisted = playStory(random.fork('story'), places, draw.incidents);
  playEverything(random, places, draw, knocks);

  const told = tellEverything(random, places, draw, day, sink);
  const cutOff = drawCutOff(random.fork('cut-off'), draw.incidents.cutOff.authority.leaId);
  const batches = batchesOf(told, random, choice, day, cutOff);
  sink.write('batches.ndjson', Buffer.from(`${batches.map((batch) => JSON.stringify(batch)).join('\n')}\n`));
  sink.write('surface.yaml', Buffer.from(sampleSurface(draw, day, draw.incidents.bestEffort.firewall)));
  const silentFrom = SILENT_FROM;
  const world = places.state;
  const { truth, sources } = sampleTruth({
    choice,
    day,
    draw,
    told,
    batches,
    unlisted,
    cutOff,
    silentFrom,
    world,
  });
  sink.write('truth.json', Buffer.from(sampleTruthText(truth, sources)));
  return { truth, batches };
}

function playEverything(random: Random, places: Places, draw: SensorDraw, knocks: number): void {
  const budgets = officeBudgets(draw.offices, knocks);
  const budgetOf = (authority: string, of: 'site' | 'ssh' | 'desktop', sensor: string): number => {
    if (authority === STATE) return stateBudget(sensor, knocks);
    return budgets[draw.offices.findIndex((office) => office.authority.leaId === authority)]?.[of] ?? 0;
  };
  for (const site of places.sites) {
    playSite(random, site, budgetOf(site.plan.authority, 'site', site.plan.sensor));
  }
  const [portal] = places.sites;
  if (portal !== undefined) playEdges(random.fork('edges'), portal);
  for (const login of places.logins) {
    const of = login.plan.format === 'sshd' ? 'ssh' : 'desktop';
    playLogins(random, login, budgetOf(login.plan.authority, of, login.plan.sensor));
  }
  playNetworks(random, places.state, places.offices, budgets);
}

/** Each sensor tells its own; the state's first, then the offices' by their numbers. */
function tellEverything(
  random: Random,
  places: Places,
  { incidents }: SensorDraw,
  day: Day,
  sink: Sink,
): readonly Told[] {
  const tellings: Telling[] = [
    ...places.sites.map(({ plan, world, host }) => ({ plan, world, host, lossy: false })),
    ...places.logins.map(({ plan, world }) => ({ plan, world, lossy: false })),
    ...places.offices.flatMap(({ office, link }) =>
      [office.firewall, office.second].flatMap((plan) =>
        plan === undefined
          ? []
          : [
              {
                plan,
                world: link,
                lossy: plan === incidents.bestEffort.firewall,
                ...(plan === incidents.silent.firewall ? { silentFrom: SILENT_FROM } : {}),
              },
            ],
      ),
    ),
  ];
  return tellings
    .sort((a, b) => order(a) - order(b))
    .map((telling) => {
      const { authority, sensor } = telling.plan;
      return tellSensor(telling, random.fork(`${authority}/${sensor}/writer`), day, sink);
    });
}

function order({ plan }: Telling): number {
  return plan.authority === STATE ? 0 : Number(plan.authority);
}
