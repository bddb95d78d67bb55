/**
 * Who may do what: one table, and one pure function over it. Nothing else in the hub decides about rights; a route says
 * which verb it is and of which office, and the door asks here. docs/reference/rights.md is written from this table.
 */

/** Roles of people. Each is given at one place, the state or one office, and may end. */
export const ROLES = [
  'administrator',
  'analyst',
  'navigator',
  'clerk',
  'deputy',
  'vendor',
  'auditor',
  'observer',
] as const;
export type Role = (typeof ROLES)[number];

/** Columns of the table: the roles, and the kinds of programs that ask. */
export const COLUMNS = [...ROLES, 'machine', 'sensor', 'bouncer'] as const;

/** `state`, or the `lea_id` of an office. What belongs to the state belongs to no office; its reach is all of them. */
export type Place = string;

/** A role that somebody holds at a place. Times in ms; `until` null: until it is taken away. */
export type Grant = {
  readonly role: Role;
  readonly place: Place;
  readonly from: number;
  readonly until: number | null;
};

/** Who asks. */
export type Actor =
  /** A person who is signed in. `steppedUp`: when they last showed their passkey, ms. */
  | {
      readonly kind: 'person';
      readonly person: string;
      readonly name: string;
      readonly grants: readonly Grant[];
      /** Public number of the session, no secret. */
      readonly session: string;
      readonly steppedUp: number | null;
    }
  /** Whoever can read the hub's data folder. `alone`: no administrator has been set up yet, so that there is nobody else. */
  | { readonly kind: 'machine'; readonly alone: boolean }
  /** A program with a key for the lines of one place. */
  | { readonly kind: 'sensor'; readonly key: string; readonly name: string; readonly place: Place }
  /** A firewall, a web server or another program that turns away what is blocked, with a key to read the blocks. */
  | {
      readonly kind: 'bouncer';
      readonly key: string;
      readonly name: string;
      readonly place: Place;
      readonly takes: BouncerTakes;
    };

/** What a bouncer takes. */
export type BouncerTakes = {
  /** What stands behind it: services of the public, or private ones too. Blocks of private services alone go to the latter. */
  readonly guards: 'public' | 'private';
  /** How it takes networks: as they are, or address by address; `by-agent`: as its product and way of working need it. */
  readonly ranges: 'by-agent' | 'as-they-are' | 'expanded';
  /** Most entries that it holds. */
  readonly most: number;
  /** Whether it sees the client behind a proxy of ours, as a web server or the proxy itself does; else packets alone. */
  readonly sees?: 'packets' | 'client';
};

const x = true;
const o = false;

// biome-ignore format: a table is read by its columns
export const RIGHTS = {
  //                    admin analyst navig clerk deputy vendor audit observ machine sensor bouncer
  'account.read':      [x,    x,      x,    x,    x,     x,     x,    x,     o,      o,      o],
  'contacts.read':     [x,    x,      x,    x,    x,     x,     x,    o,     o,      o,      o],
  'contacts.export':   [x,    x,      x,    x,    o,     o,     x,    o,     o,      o,      o],
  'sources.read':      [x,    x,      x,    x,    x,     x,     x,    o,     o,      o,      o],
  'incidents.read':    [x,    x,      x,    x,    x,     x,     x,    o,     o,      o,      o],
  'incidents.change':  [x,    x,      x,    x,    x,     o,     o,    o,     o,      o,      o],
  'decisions.read':    [x,    x,      x,    x,    x,     x,     x,    o,     o,      o,      o],
  'surface.read':      [x,    x,      x,    x,    x,     x,     x,    o,     o,      o,      o],
  'surface.answer':    [x,    x,      x,    x,    x,     o,     o,    o,     o,      o,      o],
  'surface.write':     [x,    x,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'lines.send':        [o,    o,      o,    o,    o,     o,     o,    o,     x,      x,      o],
  'blocks.read':       [o,    o,      o,    o,    o,     o,     o,    o,     o,      o,      x],
  'appeals.read':      [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'appeals.answer':    [x,    x,      x,    x,    x,     o,     o,    o,     o,      o,      o],
  'blocks.undo':       [x,    x,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'agents.read':       [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'agents.change':     [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'drills.read':       [x,    x,      x,    x,    x,     o,     x,    x,     x,      o,      o],
  'drills.run':        [x,    x,      o,    o,    o,     o,     o,    o,     x,      o,      o],
  'mail.read':         [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'mail.release':      [x,    x,      x,    x,    x,     o,     o,    o,     o,      o,      o],
  'mail.write':        [x,    x,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'mail.tell':         [o,    o,      o,    o,    o,     o,     o,    o,     x,      x,      o],
  'keys.read':         [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'keys.change':       [x,    x,      x,    x,    o,     o,     o,    o,     o,      o,      o],
  'people.read':       [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'people.invite':     [x,    o,      o,    x,    o,     o,     o,    o,     o,      o,      o],
  'people.change':     [x,    o,      o,    x,    o,     o,     o,    o,     o,      o,      o],
  'people.recover':    [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'visits.read':       [x,    o,      o,    x,    x,     o,     x,    o,     o,      o,      o],
  'trail.read':        [x,    o,      o,    x,    o,     o,     x,    o,     o,      o,      o],
  'trail.export':      [x,    o,      o,    o,    o,     o,     x,    o,     o,      o,      o],
  'rolls.read':        [x,    x,      x,    x,    x,     o,     x,    o,     o,      o,      o],
  'rolls.sign':        [o,    o,      o,    x,    x,     o,     o,    o,     o,      o,      o],
  'rolls.letters':     [x,    o,      o,    x,    x,     o,     o,    o,     o,      o,      o],
  'rolls.operate':     [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'rolls.erase':       [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'evidence.read':     [x,    x,      x,    x,    x,     x,     x,    x,     o,      o,      o],
  'state.configure':   [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
  'sample.clear':      [x,    o,      o,    o,    o,     o,     o,    o,     o,      o,      o],
} as const satisfies Readonly<Record<string, readonly boolean[]>>;

/** Something that can be done. */
export type Verb = keyof typeof RIGHTS;
export const VERBS = Object.keys(RIGHTS) as readonly Verb[];

/** What is done only by somebody who has shown their passkey within `STEP_UP_LIFE`: it opens doors, or cannot be undone. */
export const STEP_UP: ReadonlySet<Verb> = new Set<Verb>([
  'people.invite',
  'people.change',
  'people.recover',
  'keys.change',
  'agents.change',
  'trail.export',
  'rolls.letters',
  'rolls.operate',
  'rolls.erase',
  'state.configure',
  'sample.clear',
]);

/** Five minutes: time for one errand, not for a lunch. */
export const STEP_UP_LIFE = 300_000;

/** Where a role can be held. Who watches over all offices holds it at the state, who runs an office holds it there. */
const AT_STATE: ReadonlySet<Role> = new Set<Role>([
  'administrator',
  'analyst',
  'vendor',
  'auditor',
  'observer',
]);
const AT_OFFICE: ReadonlySet<Role> = new Set<Role>(['navigator', 'clerk', 'deputy', 'vendor', 'auditor']);

/** Roles of people from outside: they always end. */
export const PASSING: ReadonlySet<Role> = new Set<Role>(['vendor', 'auditor']);

/** An engagement or an audit takes a quarter; who needs longer is asked again. ms. */
export const LONGEST_PASSING = 92 * 86_400_000;

/** Roles that a clerk gives at their own office; everybody else is invited by the state. */
const GIVEN_BY_CLERK: ReadonlySet<Role> = new Set<Role>(['deputy', 'vendor']);

/** Everywhere, or at these places. */
export type Reach = 'all' | ReadonlySet<Place>;

/** Where somebody may do it, at a moment (ms). */
export function reachOf(actor: Actor, verb: Verb, now: number): Reach {
  if (actor.kind === 'machine') return mayMachine(actor.alone, verb) ? 'all' : new Set();
  if (actor.kind !== 'person') return new Set(cell(verb, actor.kind) ? [actor.place] : []);
  const places = new Set<Place>();
  for (const grant of actor.grants) {
    if (!isInForce(grant, now) || !cell(verb, grant.role)) continue;
    if (grant.place === 'state') return 'all';
    places.add(grant.place);
  }
  return places;
}

/** Whether somebody may do it there, at a moment (ms). */
export function can(actor: Actor, verb: Verb, place: Place, now: number): boolean {
  const reach = reachOf(actor, verb, now);
  return reach === 'all' || reach.has(place);
}

/** Whether a person has to show their passkey (again) first. Programs cannot, and are asked for nothing. */
export function needsStepUp(actor: Actor, verb: Verb, now: number): boolean {
  if (!STEP_UP.has(verb) || actor.kind !== 'person') return false;
  return actor.steppedUp === null || now - actor.steppedUp >= STEP_UP_LIFE;
}

/** Why a grant is no good: its place or its end. */
export type GrantFault = 'place' | 'no-end' | 'end-too-late' | 'ends-before' | 'not-yours-to-give';

/** Whether somebody may give this role there, from `now` on; undefined: they may. */
export function faultOfGrant(
  actor: Actor,
  { role, place, until }: Omit<Grant, 'from'>,
  now: number,
): GrantFault | undefined {
  if (!(place === 'state' ? AT_STATE : AT_OFFICE).has(role)) return 'place';
  if (until !== null && until <= now) return 'ends-before';
  if (PASSING.has(role) && until === null) return 'no-end';
  if (PASSING.has(role) && until! - now > LONGEST_PASSING) return 'end-too-late';
  const reach = reachOf(actor, 'people.invite', now);
  if (reach === 'all') return undefined;
  return reach.has(place) && GIVEN_BY_CLERK.has(role) ? undefined : 'not-yours-to-give';
}

/** Whether a grant holds at a moment (ms). */
export function isInForce({ from, until }: Grant, now: number): boolean {
  return from <= now && (until === null || now < until);
}

/** Before there is an administrator, whoever holds the machine does everything but what needs a person. */
function mayMachine(alone: boolean, verb: Verb): boolean {
  return cell(verb, 'machine') || (alone && cell(verb, 'administrator'));
}

function cell(verb: Verb, column: (typeof COLUMNS)[number]): boolean {
  return RIGHTS[verb][COLUMNS.indexOf(column)]!;
}
