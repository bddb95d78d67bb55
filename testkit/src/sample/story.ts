/**
 * What a person should find in the day: one attack that a county's web site answered, and things that nobody has listed.
 */

import { officeTime } from '../contacts/classes/day.ts';
import { ephemeralPort } from '../contacts/classes/ports.ts';
import { breakInOnce } from '../contacts/classes/web-injection.ts';
import { HOUR, SECOND } from '../contacts/world.ts';
import type { Random } from '../random.ts';
import type { OfficePlace, Places } from './places.ts';
import type { Incidents } from './sensors.ts';

/** A service that answers and that the surface does not list. */
export type Unlisted = {
  readonly authority: string;
  readonly sensor: string;
  /** Number in the address book. */
  readonly destination: number;
  readonly port: number;
  readonly contacts: number;
};

/** What was set up and forgotten: a camera, a printer's page, a telephone system, a remote screen. */
const FORGOTTEN = [
  { host: 140, port: 8080 },
  { host: 151, port: 9443 },
  { host: 133, port: 5001 },
  { host: 120, port: 5900 },
] as const;

/** Plays the story; tells which services are unlisted. */
export function playStory(random: Random, places: Places, incidents: Incidents): readonly Unlisted[] {
  const site = places.sites.find(({ plan }) => plan === incidents.breakIn.site);
  if (site === undefined) throw new Error('the office with the break-in has no web site');
  breakInOnce({ world: site.world, host: site.host, random: random.fork('break-in'), budget: 1 });
  return incidents.unlisted.map((office, at) => {
    const place = places.offices.find((each) => each.office === office) as OfficePlace;
    return askUnlisted(random.fork(`unlisted/${at}`), place, FORGOTTEN[at % FORGOTTEN.length] as Answering);
  });
}

type Answering = { readonly host: number; readonly port: number };

/** One to three passers-by come to something that answers them, and leave. */
function askUnlisted(random: Random, { office, link }: OfficePlace, { host, port }: Answering): Unlisted {
  const destination = link.estate.office(0, host);
  let contacts = 0;
  for (let visitor = random.integer(1, 3); visitor > 0; visitor--) {
    const source = link.foreign(random, 'background');
    let time = officeTime(random, link.span - 2 * HOUR);
    for (let turn = random.integer(1, 3); turn > 0; turn--) {
      const sent = random.integer(300, 900);
      const received = random.integer(2_000, 30_000);
      const duration = random.between(0.3, 9) * SECOND;
      const sourcePort = ephemeralPort(random);
      link.connect({ time, source, destination, sourcePort, port, duration, sent, received });
      contacts++;
      time += random.spread(20, 900) * SECOND;
    }
  }
  return { authority: office.authority.leaId, sensor: office.firewall.sensor, destination, port, contacts };
}
