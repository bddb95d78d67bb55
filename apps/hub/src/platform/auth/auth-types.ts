/**
 * What the parts of sign-in give each other. Everything that is asked with a secret takes the secret as it came and
 * compares hashes; nothing here keeps a secret. Times are ms since 1970.
 */
import type { Result } from '@bellwether/basics';
import type { Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { AuthError } from './errors.ts';
import type { ProgramActor } from './key-memory.ts';
import type { Directories } from './oidc-types.ts';
import type { Actor, BouncerTakes, Grant, Place, Role, Verb } from './rights.ts';

/** Where a request came from, as far as we can know. */
export type Origin = {
  /** Address of the other end. */
  readonly address: string;
  /** What the browser calls itself, cut at 200 characters. */
  readonly agent: string;
  /** The site it asked for: 'localhost' or the name of the hub; the RP ID of its passkeys. */
  readonly site: string;
  /** As the browser writes it: `http://localhost:8118`. */
  readonly origin: string;
};

/** How somebody signed in. */
export type How = 'passkey' | `oidc:${string}`;

/** A session that was begun: what the cookie holds is told once. */
export type NewSession = { readonly secret: string; readonly session: string };

/** Sessions. Looked up in the database at each request, so that who is removed is out at once. */
export type Sessions = {
  /** Begins one. Whatever cookie came along means nothing any more: the id is always new. */
  begin(
    person: string,
    how: How,
    passkey: string | null,
    origin: Origin,
    steppedUp: boolean,
  ): Promise<NewSession>;
  /**
   * Who this cookie stands for. Ends what is idle (30 minutes), too old (12 hours), or asked from another network.
   * `unattended`: nobody touched the page (a live update): it does not count as being used.
   */
  actorOf(secret: string, origin: Origin, unattended: boolean): Promise<Result<PersonActor, AuthError>>;
  /** Whether the session still stands, without counting as use: live connections ask every second. */
  stillStands(session: string): Promise<boolean>;
  stepUp(session: string): Promise<void>;
  /** `by`: who ended it, for the trail; the hub itself if nobody is named. */
  end(session: string, why: string, by?: Actor): Promise<void>;
  /** In a transaction the trail is the caller's, who says what it is part of. Gives how many there were. */
  endAllOf(person: string, why: string, tx?: Transaction<Tables>, by?: Actor): Promise<number>;
  listOf(person: string): Promise<readonly SessionRow[]>;
};

export type PersonActor = Extract<Actor, { kind: 'person' }>;

/** A session as its owner sees it. */
export type SessionRow = {
  readonly session: string;
  readonly how: string;
  readonly created: number;
  readonly seen: number;
  readonly network: string;
  readonly agent: string;
};

/** An entry of the trail, before it gets its number. `before`, `after`: what changed, as JSON; never a secret. */
export type Act = {
  readonly who: Actor | 'hub';
  readonly act: string;
  readonly place: Place;
  /** What it was done to: `person:ID`, `session:7`, `key:3`, `surface:12`. */
  readonly about: string;
  readonly why?: string | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Address that it was asked from. */
  readonly origin?: string | undefined;
};

/** The trail: an entry commits with what it tells of, in the same transaction. */
export type Trail = {
  add(tx: Transaction<Tables>, act: Act): Promise<void>;
};

/** Who looked. The first look of somebody in an hour is on disk before they are answered. */
export type Visits = {
  /** `places`: offices, `state`, or `*` for all at once. */
  note(actor: Actor, verb: Verb, places: readonly Place[]): Promise<void>;
  flush(): Promise<void>;
};

/** A person with what they may do. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  readonly state: 'invited' | 'active' | 'removed';
  readonly grants: readonly (Grant & {
    readonly id: number;
    readonly givenBy: string;
    readonly why: string | null;
  })[];
  readonly passkeys: number;
  readonly lastSeen: number | null;
  /** A code that was read to them still works until then. */
  readonly codeUntil: number | null;
};

/** What a code that is read over the phone is for. */
export type CodePurpose = 'enrol' | 'passkey' | 'recover';

/** A code that was made: told once, to whoever reads it over the phone. */
export type NewCode = { readonly code: string; readonly until: number };

/** Somebody to be invited. */
export type Invitation = {
  readonly name: string;
  readonly phone: string | null;
  readonly role: Role;
  readonly place: Place;
  readonly until: number | null;
  readonly why: string | null;
};

/** People, and what happens to them. Each method writes the trail; rights were asked before. */
export type People = {
  list(place: Place | 'all'): Promise<readonly Person[]>;
  find(id: string): Promise<Person | undefined>;
  invite(
    by: Actor,
    invitation: Invitation,
    origin: string,
  ): Promise<Result<{ person: string } & NewCode, AuthError>>;
  /** A new code for somebody who is invited, or an active person who gets another device (`passkey`) or lost all (`recover`). */
  newCode(
    by: Actor,
    person: string,
    purpose: CodePurpose,
    origin: string,
    why?: string,
  ): Promise<Result<NewCode, AuthError>>;
  withdrawCodes(by: Actor, person: string, origin: string): Promise<void>;
  /** Takes a code that somebody typed: it is used up, whoever it was. */
  takeCode(
    code: string,
    origin: Origin,
  ): Promise<Result<{ person: string; purpose: CodePurpose }, AuthError>>;
  giveRole(
    by: Actor,
    person: string,
    grant: Omit<Grant, 'from'>,
    why: string,
    origin: string,
  ): Promise<Result<void, AuthError>>;
  endGrant(by: Actor, grant: number, why: string, origin: string): Promise<Result<void, AuthError>>;
  /** Out within a second: sessions end, codes and passkeys are withdrawn. The last administrator cannot be removed. */
  removePerson(by: Actor, person: string, why: string, origin: string): Promise<Result<void, AuthError>>;
  /** Whether there is an administrator with a passkey: only then the machine is not alone. */
  hasAdministrator(): Promise<boolean>;
};

/** Printed codes, and administrators who lost every passkey. */
export type Recovery = {
  /** New codes for a person, told once; the old ones work no longer. */
  makeCodes(person: string, by: Actor, origin: string): Promise<readonly string[]>;
  codesLeft(person: string): Promise<number>;
  /**
   * Takes a printed code: it is used up. Of an administrator it opens nothing yet: it asks the other administrators
   * (AUTH_RECOVERY_WAITS), and one of them reads out a code of purpose `recover`.
   */
  takePrintedCode(code: string, origin: Origin): Promise<Result<{ person: string }, AuthError>>;
  waiting(): Promise<
    readonly { id: number; person: string; name: string; asked: number; from: string; until: number }[]
  >;
  /** Nobody decides about themselves. Agreed: a code to be read over the phone. */
  decideRecovery(
    by: Actor,
    id: number,
    approved: boolean,
    origin: string,
  ): Promise<Result<NewCode | null, AuthError>>;
};

/** Keys of programs. */
export type Keys = {
  /** `bouncer`: the key reads blocks, and takes them so; without it, it sends lines. */
  makeKey(
    by: Actor,
    place: Place,
    name: string,
    origin: string,
    bouncer?: BouncerTakes,
  ): Promise<{ id: number; key: string }>;
  withdrawKey(by: Actor, id: number, why: string, origin: string): Promise<Result<void, AuthError>>;
  placeOf(id: number): Promise<Place | undefined>;
  list(places: 'all' | readonly Place[]): Promise<readonly KeyRecord[]>;
  /** Who this key is; as it was last known while the database is away, since lines come in all the same. A withdrawn one ends within a second. */
  actorOf(secret: string): Promise<ProgramActor | undefined>;
  /** Who the key of this number is, if it was not withdrawn: for what was given to whoever had the key. */
  standing(id: string): Promise<ProgramActor | undefined>;
};

/** A key as it is listed. Times in ms. */
export type KeyRecord = {
  readonly id: number;
  readonly place: Place;
  readonly name: string;
  readonly madeBy: string;
  readonly made: number;
  readonly used: number | null;
  /** What it takes, if it is that of a bouncer. */
  readonly bouncer: BouncerTakes | null;
};

/** Something that is guessed at. */
export type Attempt = 'code' | 'printed-code' | 'passkey' | 'token' | 'key' | 'directory';

/** How often somebody may try: by network of the address, by account where one is named, and in all. */
export type Limits = {
  /** Whether one more attempt may be made now; it counts. */
  allow(attempt: Attempt, origin: Origin, account?: string): boolean;
  /** It was right: it counts no longer. */
  forgive(attempt: Attempt, origin: Origin, account?: string): void;
};

/** A question to a browser, in the standard's JSON form, and the ticket (a cookie) that it belongs to. */
export type Ceremony = { readonly options: object; readonly ticket: string };

/** Ceremonies of Web Authentication. A ticket works once, lives five minutes, and belongs to one site. */
export type Passkeys = {
  signInOptions(origin: Origin): Promise<Ceremony>;
  checkSignIn(
    ticket: string,
    credential: object,
    origin: Origin,
  ): Promise<Result<{ person: string; passkey: string }, AuthError>>;
  enrolOptions(person: string, origin: Origin): Promise<Ceremony>;
  /** Keeps the new passkey. Whoever enrols for the first time becomes active; with purpose `recover` the others are withdrawn. */
  checkEnrol(
    ticket: string,
    credential: object,
    name: string,
    purpose: CodePurpose,
    origin: Origin,
  ): Promise<Result<{ person: string; passkey: string }, AuthError>>;
  stepUpOptions(person: string, origin: Origin): Promise<Ceremony>;
  checkStepUp(
    person: string,
    ticket: string,
    credential: object,
    origin: Origin,
  ): Promise<Result<void, AuthError>>;
  listOf(person: string): Promise<readonly PasskeyRecord[]>;
  removePasskey(by: PersonActor, id: string, origin: string): Promise<Result<void, AuthError>>;
};

/** A passkey as its owner sees it. Times in ms. */
export type PasskeyRecord = {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly backedUp: boolean;
  readonly added: number;
  readonly used: number | null;
};

/** Everything of sign-in, as the door and the routes see it. */
export type Auth = {
  readonly sessions: Sessions;
  readonly people: People;
  readonly recovery: Recovery;
  readonly passkeys: Passkeys;
  readonly directories: Directories;
  readonly keys: Keys;
  readonly trail: Trail;
  readonly visits: Visits;
  readonly limits: Limits;
  /** No administrator has a passkey yet: the token opens everything, on loopback. Kept in memory, so that lines come in while the database is away. */
  readonly isAlone: () => boolean;
  /**
   * Asks the database whether there is an administrator by now, and if so, remembers it for good: from then on `isAlone` is
   * false, and asking again does nothing. For routes by which the first one may have come.
   */
  readonly lookAgain: () => Promise<void>;
};
