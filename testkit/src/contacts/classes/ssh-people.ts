/**
 * SSH as it should be: staff with and without typing errors, jobs that sign in every few minutes, and passers-by.
 */

import { GUESSED_USERS } from '../accounts.ts';
import { NAMED_PARTIES } from '../estate.ts';
import { parseIPv4 } from '../ip.ts';
import type { Scenario } from '../scenario.ts';
import { HOUR, MINUTE, SECOND } from '../world.ts';
import { officeTime } from './day.ts';
import { playLines, sshKnock, sshSession } from './ssh-session.ts';

/** Staff at home and in offices; one login in eight has a typing error or two, and one in forty a wrong name. */
export const sshStaff: Scenario = {
  name: 'ssh-staff',
  family: 'ssh',
  share: 0.12,
  play(stage) {
    playLines(stage, () => {
      const { world, random } = stage;
      const source = world.foreign(random, 'ssh-staff');
      const user = random.pick(world.customs.staffAccounts);
      let time = officeTime(random, world.span);
      for (let logins = random.integer(1, 8); logins > 0; logins--) {
        const typos = random.chance(0.12) ? random.integer(1, 2) : 0;
        const wrongName = random.chance(0.025) ? [{ user: user.slice(1), known: false }] : [];
        if (wrongName.length > 0) sshSession(stage, source, time - 20 * SECOND, wrongName, 'close');
        const tries = Array.from({ length: typos }, () => ({ user, known: true }));
        const how = typos === 0 && random.chance(0.7) ? 'key' : 'password';
        sshSession(stage, source, time, tries, how, user);
        time += random.spread(60, 20_000) * SECOND;
      }
    });
  },
};

/** A job of monitoring that signs in with its key every few minutes. */
export const sshMonitor: Scenario = {
  name: 'ssh-monitor',
  family: 'ssh',
  share: 0.03,
  play(stage) {
    const { world, random, budget } = stage;
    const source = world.named(parseIPv4(NAMED_PARTIES.monitoring.slice(0, -3)) + 10, 'ssh-monitor');
    const every = Math.max(MINUTE, (world.span * 4) / Math.max(1, budget));
    for (let time = random.unit() * every; time < world.span; time += every) {
      sshSession(stage, source, time, [], 'key', 'monitor');
    }
  },
};

/** Passers-by: a banner taken, one or two tries, never seen again. The last to play: they fill the budget. */
export const sshBackground: Scenario = {
  name: 'ssh-background',
  family: 'ssh',
  share: 0,
  play(stage) {
    playLines(stage, () => {
      const { world, random } = stage;
      const source = world.foreign(random, 'ssh-background');
      const time = random.unit() * (world.span - HOUR / 6);
      if (random.chance(0.6)) sshKnock(stage, source, time);
      else sshSession(stage, source, time, [{ user: random.pick(GUESSED_USERS), known: false }], 'close');
    });
  },
};
