/**
 * Sign-ins of Windows and of Entra ID: staff, and the guessers of SSH's kind. One set of scenarios for both, since the
 * people on both sides are the same.
 */
import type { Random } from '../../random.ts';
import type { ClassName } from '../contact-classes.ts';
import { SignInResult } from '../logins.ts';
import { Mark } from '../network-events.ts';
import { type Scenario, type Stage, sizeWithin, startFor } from '../scenario.ts';
import { MINUTE, SECOND } from '../world.ts';
import { officeTime } from './day.ts';
import { ephemeralPort } from './ports.ts';

type Door = 'windows' | 'entra';

/** The scenarios of one door. The staff play last and fill the budget. */
export function signInScenarios(door: Door): readonly Scenario[] {
  return [
    scenario(door, 'guessing', 0.25, (stage, of) => {
      const tries = sizeWithin(stage.random, 20, 5_000, stage.budget);
      guess(stage, door, of, tries, stage.random.spread(0.2, 40) * SECOND, stage.random.chance(0.5));
    }),
    scenario(door, 'very-slow', 0.1, (stage, of) => {
      const gap = stage.random.between(5, 15) * MINUTE;
      const tries = Math.max(
        15,
        Math.round(Math.min(stage.budget, stage.world.span / gap) * stage.random.between(0.5, 0.97)),
      );
      guess(stage, door, of, tries, gap, true);
    }),
    scenario(door, 'spray', 0.1, (stage, of) =>
      playShared(stage, door, of, stage.random.integer(4, 12), stage.world.customs.guessedPeople),
    ),
    scenario(door, 'distributed', 0.15, (stage, of) =>
      playShared(stage, door, of, 2, stage.world.customs.guessedPeople.slice(0, 3)),
    ),
    scenario(door, 'break-in', 0.02, (stage, of) => {
      const { world, random, budget } = stage;
      const source = world.foreign(random, of);
      const user = random.pick(world.customs.guessedPeople);
      const tries = sizeWithin(random, 15, 300, budget);
      const gap = random.spread(0.5, 100) * SECOND;
      let time = startFor(random, world.span, gap * tries * 1.5);
      for (let tried = 0; tried < tries; tried++) {
        signIn(stage, door, source, time, SignInResult.wrongPassword, user);
        time += random.wait(gap);
      }
      const last = Math.min(time, world.span - SECOND);
      if (world.customs.breakInsSucceed)
        signIn(stage, door, source, last, SignInResult.succeeded, user, Mark.through);
      else signIn(stage, door, source, last, SignInResult.lockedOut, user);
    }),
    scenario(door, 'staff', 0, (stage, of) => {
      const { world, random } = stage;
      const source = world.foreign(random, of);
      const user = random.pick(world.customs.people);
      let time = officeTime(random, world.span);
      for (let logins = random.integer(1, 9); logins > 0; logins--) {
        for (let typos = random.chance(0.1) ? random.integer(1, 2) : 0; typos > 0; typos--) {
          signIn(stage, door, source, time - typos * 8 * SECOND, SignInResult.wrongPassword, user);
        }
        signIn(stage, door, source, time, SignInResult.succeeded, user);
        time += random.spread(60, 15_000) * SECOND;
      }
    }),
  ];
}

function scenario(
  door: Door,
  temper: 'guessing' | 'very-slow' | 'spray' | 'distributed' | 'break-in' | 'staff',
  share: number,
  playOne: (stage: Stage, of: ClassName) => void,
): Scenario {
  const of: ClassName = `${door}-${temper}`;
  return {
    name: of,
    family: door,
    share,
    play(stage) {
      const store = stage.world[door];
      const end = store.count + stage.budget;
      if (stage.budget <= 0) return;
      do playOne(stage, of);
      while (store.count < end);
    },
  };
}

/** A spray or a botnet: one campaign, some tries from each address, spread over most of the run. */
function playShared(stage: Stage, door: Door, of: ClassName, each: number, users: readonly string[]): void {
  const { world, random, budget } = stage;
  const campaign = world.sources.campaign(of);
  const members = Math.max(8, Math.min(18_000, Math.round(budget / each)));
  const length = random.between(0.5, 0.95) * world.span;
  const start = startFor(random, world.span, length);
  for (let member = 0; member < members; member++) {
    const source = world.foreign(random, of, campaign);
    for (let tried = 0; tried < each; tried++) {
      signIn(
        stage,
        door,
        source,
        start + random.unit() * length,
        SignInResult.wrongPassword,
        random.pick(users),
      );
    }
  }
}

function guess(stage: Stage, door: Door, of: ClassName, tries: number, gap: number, oneUser: boolean): void {
  const { world, random } = stage;
  const source = world.foreign(random, of);
  const people = world.customs.guessedPeople;
  const only = random.pick(people);
  let time = startFor(random, world.span, gap * tries);
  for (let tried = 0; tried < tries; tried++) {
    const user = oneUser ? only : random.chance(0.5) ? random.pick(people) : unknownName(random);
    signIn(stage, door, source, time, resultFor(random, people.includes(user), tried), user);
    time += gap * random.between(0.8, 1.2);
  }
}

function resultFor(random: Random, known: boolean, tried: number): SignInResult {
  if (!known) return SignInResult.unknownUser;
  return tried > 10 && random.chance(0.3) ? SignInResult.lockedOut : SignInResult.wrongPassword;
}

function unknownName(random: Random): string {
  return random.pick([
    'administrator',
    'admin',
    'scanner',
    'test',
    'reception',
    'backup',
    'sqlsvc',
    'frontdesk',
  ]);
}

function signIn(
  { world, random }: Stage,
  door: Door,
  source: number,
  time: number,
  result: SignInResult,
  user: string,
  marks = 0,
): void {
  if (time >= world.span || time < 0) return;
  world[door].add(time, source, ephemeralPort(random), result, user, marks);
  world.sources.contact(
    world.book.ownerOf(source),
    time,
    world.estate.desktopGateway,
    door === 'windows' ? 3389 : 443,
  );
}
