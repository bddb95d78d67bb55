/**
 * The one sentence that a Secretary reads aloud, and what has to be said right after it.
 *
 * It never says more than is known: "every one is accounted for" needs an account that balances, and sensors that told
 * everything; nothing found is "none detected", because how often something is missed is not measured yet.
 */
import type { TodayAnswer } from '@bellwether/api';
import { atMostPercent, count, counted, named, spokenMoment } from '../../words/formats.ts';
import type { Scope } from './scope.ts';

/** How a page shows it: calm, with a warning, or loud. */
export type Tone = 'calm' | 'care' | 'alarm';

/** The sentence, what follows it, and how loud it is. */
export type Spoken = { readonly lead: string; readonly after: readonly string[]; readonly tone: Tone };

/** Says what is known of a day, to whom it concerns. */
export function sentence(today: TodayAnswer, scope: Scope = { of: 'state' }): Spoken {
  const { account } = today;
  const sample = today.sample ? ['This is a made-up sample state. No number here is about Missouri.'] : [];
  if (account.lines === 0) {
    return {
      lead: `No sensor has sent a line for the 24 hours to ${until(today)}, so nothing can be said about them.`,
      after: [...unheard(today, scope), ...sample],
      tone: 'care',
    };
  }
  if (!balances(today)) {
    return {
      lead: `The account of the 24 hours to ${until(today)} does not balance, so do not use its numbers.`,
      after: [
        'Lines were kept, and can be counted again. Ask who runs the hub to run “bellwether doctor”.',
        ...sample,
      ],
      tone: 'alarm',
    };
  }
  const through = account.dispositions.through;
  const open = account.dispositions.unsettled;
  const gaps = whoIsNotComplete(today, scope);
  const came = `${counted(account.knocks, 'knock')} came to ${whereTo(today, scope)} in the 24 hours to ${until(today)}`;
  const kept =
    gaps === undefined ? 'every one is accounted for' : `what reached us is accounted for, but ${gaps}`;
  const looked =
    open === 0 ? '' : `, and ${counted(open, 'contact is', 'contacts are')} still being looked at`;
  return {
    lead: `${came}; ${kept}; ${whatGotThrough(today, scope)}${looked}.`,
    after: [
      ...earlier(today),
      'How often we miss is not measured yet.',
      ...keptWaiting(today),
      ...unheard(today, scope),
      ...sample,
    ],
    tone: through > 0 ? 'alarm' : gaps !== undefined || open > 0 ? 'care' : 'calm',
  };
}

/** Whether the account's two sums are right, by its own word and by ours. */
export function balances({ account }: Pick<TodayAnswer, 'account'>): boolean {
  const { lines, repeated, unreadable, ignored, detail, contacts, dispositions } = account;
  const settled = Object.values(dispositions).reduce((sum, some) => sum + some, 0);
  return (
    account.balanced && lines + repeated === unreadable + ignored + detail + contacts && contacts === settled
  );
}

function until(today: TodayAnswer): string {
  return spokenMoment(today.to, today.zone);
}

/** At which offices it knocked. */
function whereTo({ offices }: TodayAnswer, scope: Scope): string {
  if (scope.of === 'office') return `your office, ${scope.name},`;
  const your = scope.of === 'offices' ? 'your ' : '';
  return `${count(offices.knockedAt)} of ${your}${count(offices.total)} offices`;
}

function whatGotThrough(today: TodayAnswer, scope: Scope): string {
  const through = today.account.dispositions.through;
  if (through === 0) return 'none was detected getting through';
  // Who has one office need not be told which.
  const places = scope.of === 'office' ? '' : placesOf(today, (incident) => incident.lastAt >= today.from);
  return `${counted(through, 'contact')} got through${places === '' ? '' : `, at ${places}`}`;
}

/** What got through before this day and is not closed: no part of the day's numbers, and not to be forgotten. */
function earlier(today: TodayAnswer): string[] {
  const old = today.through.filter(({ lastAt, state }) => lastAt < today.from && state !== 'closed');
  if (old.length === 0) return [];
  const places = placesOf(today, ({ lastAt, state }) => lastAt < today.from && state !== 'closed');
  return [`From before, ${counted(old.length, 'case is', 'cases are')} still open, at ${places}.`];
}

function placesOf(today: TodayAnswer, which: (incident: TodayAnswer['through'][number]) => boolean): string {
  const names = today.through
    .filter(which)
    .map(
      ({ authorityName, authority }) =>
        authorityName ?? (authority === 'state' ? 'the state’s own systems' : 'an office without a name'),
    );
  return named([...new Set(names)]);
}

/** Who did not tell everything, as half a sentence; undefined if all did. */
function whoIsNotComplete(today: TodayAnswer, scope: Scope): string | undefined {
  const offices = today.map.filter(({ state }) => state === 'silent' || state === 'incomplete');
  const state = today.needsPerson.some(
    ({ authority, kind }) => authority === 'state' && kind.startsWith('sensor-') && kind !== 'sensor-clock',
  );
  const names = [...(state ? ['the state’s own sensors'] : []), ...offices.map(({ name }) => name)];
  if (names.length > 0 && scope.of === 'office') return 'your sensors did not tell everything';
  if (names.length > 0) return `not everything came from ${named(names)}`;
  const { watched, complete } = today.offices;
  if (complete < watched)
    return `${counted(watched - complete, 'office')} with sensors did not tell everything`;
  if (today.account.lostAtSensor > 0) return `sensors dropped ${counted(today.account.lostAtSensor, 'line')}`;
  const refused = today.refusedAtIntake.reduce((sum, { lines }) => sum + lines, 0);
  if (refused > 0) return `${counted(refused, 'line was', 'lines were')} refused on the way in`;
  return undefined;
}

/** Beyond so large a bound, visits are too few to say anything about others. */
const WORTH_SAYING = 0.5;

/** How often voters are kept waiting by mistake, as visits of our own have measured it. */
function keptWaiting({ falseBlocks }: TodayAnswer): string[] {
  if (falseBlocks === null || falseBlocks.visits === 0) return [];
  const { visits, kept, days, bound } = falseBlocks;
  const known = `${count(kept)} of ${counted(visits, 'known-good visit')} in ${count(days)} days ${kept === 1 ? 'was' : 'were'} kept waiting by a block`;
  return [
    bound > WORTH_SAYING
      ? `${known}; these are too few to say how many are.`
      : `${known}; at most ${atMostPercent(bound)} of such visits are.`,
  ];
}

/** Offices of which nothing is known are part of the truth about the others. */
function unheard({ offices }: TodayAnswer, scope: Scope): string[] {
  const without = offices.total - offices.watched;
  if (without === 0) return [];
  if (scope.of === 'office') return ['Your office has no sensor; nothing is known of what came to it.'];
  const your = scope.of === 'offices' ? 'your ' : '';
  return [
    `${count(without)} of ${your}${count(offices.total)} offices ${without === 1 ? 'has' : 'have'} no sensor; nothing is known of what came to them.`,
  ];
}
