/**
 * Scenario 4: the same from the real account of another office's employee, after genuine mail: what is proved is all in order. Twin: a
 * clerk who really sends nine colleagues an agenda.
 */
import { pdfFile } from '../files/pdf.ts';
import { signatureOf } from '../letter/signature.ts';
import { DAY } from '../post/clock.ts';
import type { MailOffice } from '../world/world.ts';
import { colleagueOf, letterTo, type MailScenario, partyOf, planned } from './cast.ts';
import { lureCopies, nineOffices } from './fan-out.ts';

const AGENDAS = [
  `All,

attached is the agenda for our regional meeting {in the library basement|at the fairgrounds}. Bring your questions about early voting. Coffee's on {place}.`,
  `Good morning neighbors,

the minutes of last time and the agenda are attached. If you'd like to add a topic, answer by Wednesday.`,
  `Hi everybody - here's the sign-up sheet for the poll worker class we share. Print it, I have no room for a link. First come, first served.`,
  `Colleagues,

our county attorney reviewed the sample resolution. It is attached for whoever wants to use it. No reply needed.`,
];

/** Scenario 4. */
export const COMPROMISED_OFFICE: MailScenario = {
  id: 's04-compromised-office',
  attack: (cast) => {
    const { office: source, person, route } = colleagueOf(cast);
    const others = nineOffices(cast, [source]);
    const earlier = planned(cast, {
      role: 'before',
      why: `${person.name} really writes to colleagues`,
      at: cast.at - cast.draw.random.integer(4, 9) * DAY,
      office: others[0] as MailOffice,
      route,
      from: partyOf(person),
      ...letterTo(
        { ...cast, office: others[0] as MailOffice },
        {
          subjects: [
            'Shared poll worker class',
            'Regional meeting',
            'Question on provisional envelopes',
            'Carpool to Jefferson City',
          ],
          templates: AGENDAS,
          to: (others[0] as MailOffice).clerk,
          signed: signatureOf(cast.draw, person, source.name),
        },
      ),
    });
    return [
      earlier,
      ...lureCopies(
        cast,
        person,
        route.domain,
        others,
        `the account of ${person.name} at ${source.name} is in other hands: nine offices within the hour, one link`,
      ),
    ];
  },
  twin: (cast) => {
    const { office: source, person, route } = colleagueOf(cast);
    const { draw } = cast;
    const pdf = pdfFile({
      lines: [
        `${source.place}`,
        'Regional meeting of election authorities',
        `Room ${draw.random.integer(1, 40)}, doors open at 8:30`,
        '1. Early voting',
        '2. Recruiting',
        '3. Open questions',
      ],
    });
    const said = letterTo(cast, {
      subjects: ['Agenda', 'Regional meeting {place}', 'For our group', 'Papers for next week'],
      templates: AGENDAS,
      signed: signatureOf(draw, person, source.name),
    });
    return nineOffices(cast, [source]).map((office, place) =>
      planned(
        { ...cast, office },
        {
          role: 'twin',
          why: `${person.name} of ${source.name} sends nine colleagues an agenda without links`,
          at: cast.at + place * 2_000,
          route,
          from: partyOf(person),
          ...said,
          to: [partyOf(office.clerk)],
          files: [{ name: 'Agenda.pdf', type: 'application/pdf', bytes: pdf }],
        },
      ),
    );
  },
};
