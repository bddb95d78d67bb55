/**
 * The radiation that every address of the internet receives.
 */
import { Kind } from '../network-events.ts';
import type { Scenario } from '../scenario.ts';
import { SECOND } from '../world.ts';
import { playUntilSpent } from './fast-scans.ts';
import { ephemeralPort, POPULAR_PORTS } from './ports.ts';
import { anyTarget } from './targets.ts';

/** One or two packets of nobody's particular interest: worms that missed, wrong numbers, research that moved on. */
export const background: Scenario = {
  name: 'background',
  family: 'network',
  share: 0.06,
  play(stage) {
    playUntilSpent(stage, () => {
      const { world, random } = stage;
      const source = world.foreign(random, 'background');
      const kind = random.chance(0.8) ? Kind.syn : random.chance(0.8) ? Kind.udp : Kind.echo;
      const port =
        kind === Kind.echo ? 0 : random.chance(0.7) ? random.pick(POPULAR_PORTS) : random.integer(1, 65_535);
      const packets = random.chance(0.6) ? 1 : 2;
      let time = random.unit() * world.span;
      const near = anyTarget(random, world);
      for (let sent = 0; sent < packets; sent++) {
        const target = random.chance(0.5) ? near : anyTarget(random, world);
        const door = world.estate.isOpenDoor(target, port);
        if (!door) world.probe(source, target, time, ephemeralPort(random), port, kind);
        time += random.spread(1, 20_000) * SECOND;
      }
    });
  },
};
