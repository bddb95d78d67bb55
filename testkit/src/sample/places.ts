/**
 * The worlds of the sample: one for each network, web site and login service, all with the same people in them.
 */
import { type WebHost, WebRequests } from '../contacts/web-requests.ts';
import { World, type WorldParts } from '../contacts/world.ts';
import type { Random } from '../random.ts';
import { SAMPLE_CUSTOMS } from './customs.ts';
import type { Day } from './day.ts';
import type { SensorDraw, SensorPlan, WatchedOffice } from './sensors.ts';
import { hostedAddress, officeSite, stateSite } from './sites.ts';
import { StateLink } from './state-link.ts';

/** A web site with the sensor that tells its requests. */
export type SitePlace = { readonly plan: SensorPlan; readonly world: World; readonly host: WebHost };

/** A login service with its sensor. */
export type LoginPlace = { readonly plan: SensorPlan; readonly world: World };

/** An office's network. */
export type OfficePlace = { readonly office: WatchedOffice; readonly link: World };

/** Everywhere that something happens. */
export type Places = {
  /** All office networks as one, for those who walk over the whole state. */
  readonly state: World;
  readonly offices: readonly OfficePlace[];
  /** The state's portal first, then its results, then those of offices. */
  readonly sites: readonly SitePlace[];
  /** The state's bastion and its sign-in, then those of offices. */
  readonly logins: readonly LoginPlace[];
};

/** Makes the worlds. `knocks` is how many there will be, about: it sets how many sources are neighbours. */
export function makePlaces(random: Random, day: Day, knocks: number, draw: SensorDraw): Places {
  const kept = { network: false, ssh: true, sshLines: true };
  const customs = SAMPLE_CUSTOMS;
  const { span } = day;
  const people = new World(random, span, knocks, kept, { customs });
  const place = (parts: WorldParts, network: boolean) =>
    new World(random, span, knocks, { ...kept, network }, { neighbour: people, customs, ...parts });

  const offices = draw.offices.map((office) => ({ office, link: place({ site: officeSite(office) }, true) }));
  const links = new Map(offices.map(({ office, link }) => [office.place, link.network]));
  const network = new StateLink(people.book, links);
  const state = place({ site: stateSite(draw.offices), network }, false);

  const sitesOfOffices = draw.offices.flatMap(({ site, place: at }) =>
    site === undefined ? [] : [{ plan: site, destination: people.estate.address(hostedAddress(at)) }],
  );
  const { portal, resultsSite } = people.estate;
  const sites = draw.state
    .flatMap((plan) =>
      plan.sensor === 'voter-portal'
        ? [{ plan, destination: portal }]
        : plan.sensor === 'results-site'
          ? [{ plan, destination: resultsSite }]
          : [],
    )
    .concat(sitesOfOffices)
    .map(({ plan, destination }) => ({ plan, world: people, host: hostAt(plan, destination) }));

  const logins = [
    ...draw.state
      .filter(({ format }) => format === 'sshd' || format === 'entra-signin')
      .map((plan) => ({ plan, world: place({}, false) })),
    ...draw.offices.flatMap((office) =>
      [office.ssh, office.desktop].flatMap((plan) =>
        plan === undefined ? [] : [{ plan, world: place({ site: officeSite(office) }, false) }],
      ),
    ),
  ];
  return { state, offices, sites, logins };
}

/** A web host whose connections no sensor of a network sees. */
function hostAt({ format }: SensorPlan, destination: number): WebHost {
  return { format, destination, port: 443, onLink: false, requests: new WebRequests(true) };
}
