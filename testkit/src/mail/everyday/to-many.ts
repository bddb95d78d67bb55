import { signatureOf } from '../letter/signature.ts';
import type { MailPlan } from '../plan.ts';
import { DAY } from '../post/clock.ts';
import { composeMail } from '../post/compose.ts';
import { type Cast, colleagueOf, contactOf, letterTo, partyOf, planned, routeOf } from '../scenarios/cast.ts';
import { ORGANISATIONS } from '../world/organisations.ts';
import { logoFile } from './office-life.ts';

const LIST_SUBJECTS = [
  '[clerks] Question about drop boxes',
  '[clerks] Training dates',
  '[clerks] Form 7 revised',
  '[clerks] Thanks to all',
  '[clerks] Surplus booths',
  '[clerks] Legislative update',
];

const LIST_TALK = [
  `Does anybody have {spare|surplus} voting booths to sell? We need a dozen, wheelchair height too.`,
  `Form 7 was revised, the old one may be used until it runs out. Thanks to Carol for the catch.`,
  `Our legislative committee met. Nothing passed that changes this election. Notes follow next week.`,
  `What do you do with ballots that arrive without a notary seal? Our attorney and the manual disagree.`,
  `Training dates for spring: two in the north, two in the south, one online. Seats are limited to {40|60}.`,
  `Thank you all for the condolences. My first day back is Monday.`,
];

/** Colleagues and the state on a mailing list: the footer breaks signatures; one list seals, the other rewrites nothing. */
export function lists(cast: Cast): readonly MailPlan[] {
  const { draw, world, office } = cast;
  const name = draw.any(['lists.sos.mo.gov', 'amea-mo.org']);
  const list = world.domains.domain(name);
  const { person, route, office: other } = colleagueOf(cast);
  const said = letterTo(cast, {
    subjects: LIST_SUBJECTS,
    templates: LIST_TALK,
    signed: signatureOf(draw, person, other.name),
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a mailing list of clerks, whose footer breaks the signature',
      route: {
        ...route,
        handledBy: {
          domain: list,
          listId: `clerks.${name}`,
          footer: `clerks mailing list\nhttps://${name}/mailman/listinfo/clerks`,
          seal: draw.random.chance(0.7) ? world.domains.sealKey(list) : null,
        },
      },
      from: partyOf(person),
      ...said,
      to: [
        { name: '', address: `clerks@${name}` },
        { name: '', address: office.clerk.address },
      ],
    }),
  ];
}

const NEWS = [
  `# {Fall|Winter} issue

[View in browser]({track})

Three counties tell how they recruit students as poll workers. [Read the story]({track})

A look at the ballot printing calendar: why paper is ordered in spring. [More]({track})

---

You get this since you signed up at a conference. [Unsubscribe]({track}) or [change what you get]({track}).`,
  `# This month in local government

- Grants: three deadlines in December
- Webinar: records retention without tears
- Tool: a cost sheet for new office space

[!See all]({track})

{vendor}, 100 Main Street. [Stop these mails]({track})`,
  `Hello {given},

the users' meeting takes place {in March|in April}. Early bird price until the end of the month: {sum}. [!Register]({track})

We hope to see {place} there.`,
  `# New in our store

"I voted" stickers, on rolls of 1,000. Wristbands. Table signs in two languages.

[!Shop now]({track})

Prices without shipping. [Opt out]({track})`,
];

/** Newsletters with links that count clicks. */
export function newsletters(cast: Cast): readonly MailPlan[] {
  const { draw, world, office } = cast;
  const isVendor = draw.random.chance(0.5);
  const vendor = draw.any(office.vendors);
  const name = isVendor
    ? vendor.name
    : draw.any([
        'County Officials Monthly',
        'The Civic Pressroom',
        'Heartland Records Review',
        'Sticker Works',
      ]);
  const domain = world.domains.domain(
    isVendor ? `news.${vendor.domains[0]}` : `${name.toLowerCase().replace(/[^a-z]/g, '')}.com`,
    'bulk',
    'none',
  );
  const track = `https://click.mailcourier.example/ls/click?upn=${draw.letters(60)}`;
  const said = letterTo(cast, {
    slots: { track, vendor: name, sum: draw.dollars(90, 400) },
    subjects: [
      '{place}: what is new this month',
      'Early bird ends soon',
      'Our fall issue is here',
      'Last chance: 20% off stickers',
      'You are invited',
      'News for county offices',
    ],
    templates: NEWS,
  });
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a newsletter that somebody signed up for',
      route: { ...routeOf(domain, 'bulk'), envelopeFrom: `bounces+${draw.letters(10)}@${domain.name}` },
      from: { name, address: `${draw.any(['news', 'hello', 'info'])}@${domain.name}` },
      ...said,
      style: 'newsletter',
      has: 'both',
      hidden: 'Stories, dates and deadlines for county offices',
      files: [logoFile(cast)],
    }),
  ];
}

/** A colleague passes a message on as an attachment; `inner` is made first, since it is enclosed whole. */
export async function passedOn(cast: Cast): Promise<readonly MailPlan[]> {
  const { draw } = cast;
  const { person, route, office } = colleagueOf(cast);
  const agency = draw.any(ORGANISATIONS.filter(({ kind }) => kind === 'agency'));
  const sender = contactOf(cast, agency);
  const inner = planned(
    { ...cast, at: cast.at - DAY },
    {
      role: 'everyday',
      why: 'enclosed',
      at: cast.at - DAY,
      office,
      route: sender.route,
      from: partyOf(sender.person),
      ...letterTo(
        { ...cast, office },
        {
          subjects: ['Calendar of duties', 'Office hours'],
          templates: [
            'The calendar of duties for the next quarter is on our site as always.',
            'Our help line is open until nine on the evening before the election.',
          ],
        },
      ),
    },
  );
  const { bytes } = await composeMail(inner, draw.fork('enclosed'));
  return [
    planned(cast, {
      role: 'everyday',
      why: 'a colleague passes a real message on, enclosed',
      route,
      from: partyOf(person),
      ...letterTo(cast, {
        subjects: [`FW: ${inner.subject}`, `Fwd: ${inner.subject}`],
        templates: [
          'In case you did not get this one.',
          'Forwarding, {given}. I think you are not on their list.',
        ],
        signed: signatureOf(draw, person, office.name),
      }),
      encloses: bytes,
    }),
  ];
}
