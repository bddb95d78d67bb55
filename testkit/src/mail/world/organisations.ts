/** Vendors, contractors and agencies of the made-up state. Vendors and contractors are invented; agencies have their names only. */
import type { DmarcPolicy, Hosting } from './domains.ts';

/** An organisation that offices write with. */
export type MailOrganisation = {
  readonly name: string;
  readonly kind: 'vendor' | 'agency' | 'contractor';
  /** The first is the one that it usually writes from. */
  readonly domains: readonly string[];
  /** Products and short names. */
  readonly words: readonly string[];
  readonly hosting: Hosting;
  readonly dmarc: DmarcPolicy;
  /** What an office buys from it or gets from it, for sentences. */
  readonly thing: string;
};

type Row = readonly [
  name: string,
  kind: MailOrganisation['kind'],
  domains: string,
  words: string,
  hosting: Hosting,
  dmarc: DmarcPolicy,
  thing: string,
];

// biome-ignore format: one organisation a line
const TABLE: readonly Row[] = [
  ['Ballotline Systems', 'vendor', 'ballotlinesystems.com ballotline.net', 'Ballotline,BallotPoint', 'm365', 'reject', 'precinct scanners'],
  ['Prairie Roll Software', 'vendor', 'prairieroll.com prairieroll.io', 'Prairie Roll,RollKeeper', 'google', 'quarantine', 'voter registration software'],
  ['Meridian Tabulation', 'vendor', 'meridiantabulation.com meridiantab.com', 'Meridian,CentralCount', 'm365', 'none', 'central count tabulators'],
  ['Keystone Pollbooks', 'vendor', 'keystonepollbooks.com keypoll.us', 'Keystone,KeyPoll', 'own', 'reject', 'electronic pollbooks'],
  ['Cardinal Election Services', 'vendor', 'cardinalelection.com cardinal-es.com', 'Cardinal Election,CES', 'm365', null, 'election setup and coding'],
  ['Ozark Printing & Mailing', 'vendor', 'ozarkprintmail.com', 'Ozark Printing', 'own', null, 'ballot printing'],
  ['TrueMark Voting', 'vendor', 'truemarkvoting.com truemark.us', 'TrueMark,TrueMark One', 'google', 'reject', 'accessible voting machines'],
  ['Riverbend IT Group', 'vendor', 'riverbendit.com riverbend-support.com', 'Riverbend', 'm365', 'quarantine', 'managed computers'],
  ['Gateway Records Imaging', 'vendor', 'gatewayrecords.com', 'Gateway Records', 'google', 'none', 'document scanning'],
  ['Civic Envelope Company', 'vendor', 'civicenvelope.com', 'Civic Envelope', 'own', 'none', 'return envelopes'],
  ['Homestead Ballot Outreach', 'contractor', 'homesteadoutreach.org', 'Homestead Outreach', 'google', 'none', 'absentee application drives'],
  ['Midland Temporary Staffing', 'contractor', 'midlandstaffing.com', 'Midland Staffing', 'm365', 'none', 'poll worker placement'],
  ['Show-Me Courier', 'contractor', 'showmecourier.com', 'Show-Me Courier', 'own', null, 'ballot courier'],
  ['Missouri Secretary of State', 'agency', 'sos.mo.gov', 'Secretary of State,SOS Elections,MCVR', 'm365', 'reject', 'elections guidance'],
  ['CISA', 'agency', 'cisa.gov cisa.dhs.gov', 'CISA,Cybersecurity and Infrastructure Security Agency', 'own', 'reject', 'security advisories'],
  ['MS-ISAC', 'agency', 'cisecurity.org msisac.org', 'MS-ISAC,EI-ISAC,Center for Internet Security', 'm365', 'quarantine', 'security bulletins'],
  ['Election Assistance Commission', 'agency', 'eac.gov', 'EAC,HAVA', 'm365', 'reject', 'grant guidance'],
  ['FBI', 'agency', 'fbi.gov ic.fbi.gov', 'FBI,Federal Bureau of Investigation', 'own', 'reject', 'private industry notices'],
  ['Office of Administration', 'agency', 'oa.mo.gov', 'Office of Administration', 'm365', 'quarantine', 'grant payments'],
  ['Association of Midland Election Authorities', 'agency', 'amea-mo.org', 'AMEA', 'own', 'none', 'training and bulletins'],
];

/** All of them. */
export const ORGANISATIONS: readonly MailOrganisation[] = TABLE.map(
  ([name, kind, domains, words, hosting, dmarc, thing]) => ({
    name,
    kind,
    domains: domains.split(' '),
    words: words.split(','),
    hosting,
    dmarc,
    thing,
  }),
);

/** Freemail providers, as addresses name them; their zone here is made up. */
export const FREEMAIL = [
  'gmail.com',
  'outlook.com',
  'yahoo.com',
  'aol.com',
  'proton.me',
  'icloud.com',
] as const;

/** Hosts that give anybody a page under their own name: names that filters know. */
// biome-ignore format: a list
export const FREE_HOSTS = [
  'web.app', 'pages.dev', 'netlify.app', 'vercel.app', 'weeblysite.com', 'firebaseapp.com', 'workers.dev', 'glitch.me', 'github.io', 'blogspot.com',
] as const;
