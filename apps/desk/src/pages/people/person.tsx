/** One person in the list: who, what they may do, how they stand; opened, what is known of them and what can be changed. */
import type { CodeWish, GrantRow, PeopleAnswer, PersonRow, PhoneCode } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { may, useMe } from '../../api/me.ts';
import { withStepUp } from '../../api/step-up.ts';
import { Act } from '../../ui/act.tsx';
import { Moment, useZone } from '../../ui/moment.tsx';
import { Refused } from '../../ui/refused.tsx';
import { longDay } from '../../words/formats.ts';
import { roleName } from '../../words/roles.ts';
import { nameOf, useNames } from './names.ts';
import { usePlaceName } from './places.ts';
import { endRole, giveRole, newCode, removePerson, signOutPerson, withdrawCode } from './queries.ts';
import { RoleForm } from './role-form.tsx';
import { mayGiveAll, roleOf } from './role-wish.ts';
import { PEOPLE, PERSON } from './texts.ts';

/** What happened to a person, for the page that lists them. */
export type PersonEvents = {
  readonly onCode: (made: PhoneCode, purpose: CodeWish['purpose']) => void;
  readonly onDone: (text: string) => void;
};

type PersonProps = PersonEvents & {
  readonly person: PersonRow;
  readonly answer: PeopleAnswer;
};

const SIGN = { active: 'complete', invited: 'open', removed: 'none' } as const;

export function Person({ person, ...more }: PersonProps) {
  const [open, setOpen] = useState(false);
  const { person: me } = useMe();
  const body = useId();
  const { name, state, grants, lastSeen } = person;
  return (
    <li className={`person person--${state}`}>
      <div className="person__row">
        <h3 className="person__name">
          {name} {me?.id === person.id && <span className="soft">({PEOPLE.you})</span>}
        </h3>
        <Roles grants={grants} />
        <p className="person__state">
          <span className={`sign sign--${SIGN[state]}`}>{PEOPLE.states[state]}</span>
        </p>
        <p className="person__seen">
          <span className="person__label">{PEOPLE.columns.seen} </span>
          {lastSeen === null ? PEOPLE.never : <Moment iso={lastSeen} />}
        </p>
        <button
          type="button"
          className="usa-button usa-button--outline"
          aria-expanded={open}
          aria-controls={body}
          aria-label={PEOPLE.details(name)}
          onClick={() => setOpen(!open)}
        >
          {open ? PEOPLE.less : PEOPLE.more}
        </button>
      </div>
      <div id={body} hidden={!open}>
        {open && <Details person={person} {...more} />}
      </div>
    </li>
  );
}

function Roles({ grants }: { readonly grants: readonly GrantRow[] }) {
  const placeName = usePlaceName();
  const zone = useZone();
  if (grants.length === 0) return <p className="person__roles soft">{PEOPLE.noRole}</p>;
  return (
    <ul className="person__roles">
      {grants.map(({ id, role, place, until }) => (
        <li key={id}>
          {roleAt(role, place, placeName)}
          {until !== null && (
            <span className="soft">
              {' '}
              {PEOPLE.until} {longDay(until, zone)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Details({ person, answer, onCode, onDone }: PersonProps) {
  const me = useMe();
  const { facts } = PERSON;
  const isMe = me.person?.id === person.id;
  const mayChange = may(me, 'people.change') && person.state !== 'removed' && !isMe;
  return (
    <div className="person__details">
      <dl className="facts facts--small">
        <div>
          <dt>{facts.phone}</dt>
          <dd>{person.phone ?? facts.noPhone}</dd>
        </div>
        <div>
          <dt>{facts.passkeys}</dt>
          <dd>{person.passkeys}</dd>
        </div>
        {person.codeUntil !== null && (
          <div>
            <dt>{facts.code}</dt>
            <dd>
              {facts.codeUntil} <Moment iso={person.codeUntil} />
            </dd>
          </div>
        )}
      </dl>
      {person.grants.length > 0 && (
        <>
          <h4>{PERSON.roles}</h4>
          <ul className="grants">
            {person.grants.map((grant) => (
              <li key={grant.id}>
                <Grant
                  person={person}
                  grant={grant}
                  mayEnd={
                    mayChange && may(me, 'people.change', grant.place) && mayGiveAll(answer.mayGive, [grant])
                  }
                  onDone={onDone}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {person.state === 'removed' && <p className="soft">{PERSON.removed}</p>}
      {isMe && (
        <p>
          {PERSON.own} <Link to="/own">{PERSON.ownLink}</Link>
        </p>
      )}
      {mayChange && <Changes person={person} answer={answer} onCode={onCode} onDone={onDone} />}
    </div>
  );
}

function Grant({
  person,
  grant,
  mayEnd,
  onDone,
}: {
  readonly person: PersonRow;
  readonly grant: GrantRow;
  readonly mayEnd: boolean;
  readonly onDone: (text: string) => void;
}) {
  const placeName = usePlaceName();
  const names = useNames();
  const zone = useZone();
  const words = PERSON.end;
  const role = roleAt(grant.role, grant.place, placeName);
  return (
    <>
      <p>
        <span className="strong">{role}</span>
        {grant.until !== null && ` ${PEOPLE.until} ${longDay(grant.until, zone)}`}.{' '}
        <span className="soft">
          {PERSON.given(nameOf(grant.givenBy, names))} <Moment iso={grant.from} how="full" />
          {grant.why !== null && `: ${PERSON.why(grant.why)}`}
        </span>
      </p>
      {mayEnd && (
        <Act
          name={words.name}
          of={`${role}, ${person.name}`}
          says={words.says(person.name)}
          why={words.why}
          confirm={words.confirm}
          act={(why) => endRole(person.id, grant.id, why)}
          onDone={() => onDone(words.done(person.name))}
        />
      )}
    </>
  );
}

function Changes({ person, answer, onCode, onDone }: PersonProps) {
  const me = useMe();
  const [giving, setGiving] = useState(false);
  const giver = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  useEffect(() => {
    if (left.current && !giving) giver.current?.focus();
    left.current = false;
  }, [giving]);
  const code = useMutation({
    mutationFn: (purpose: CodeWish['purpose']) => withStepUp(() => newCode(person.id, purpose)),
    onSuccess: onCode,
  });
  const withdraw = useMutation({
    mutationFn: () => withStepUp(() => withdrawCode(person.id)),
    onSuccess: () => onDone(PERSON.withdrawn(person.name)),
  });
  // Whoever has the code is that person: only who could give them all their roles makes one, or removes them.
  const mayAll = mayGiveAll(answer.mayGive, person.grants);
  const purposes = (person.state === 'invited' ? PURPOSES_OF_INVITED : PURPOSES_OF_ACTIVE).filter(
    (purpose) => mayAll && (purpose !== 'recover' || may(me, 'people.recover', 'state')),
  );
  const error = code.error ?? withdraw.error;
  if (giving) {
    return (
      <RoleForm
        mayGive={answer.mayGive}
        place={person.grants[0]?.place}
        person={person}
        submit={(fields, zone) => giveRole(person.id, roleOf(fields, zone))}
        onDone={() => {
          setGiving(false);
          onDone(PERSON.givenNow(person.name));
        }}
        onLeave={() => {
          left.current = true;
          setGiving(false);
        }}
      />
    );
  }
  return (
    <>
      <div className="buttons">
        {purposes.map((purpose) => (
          <button
            key={purpose}
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${PERSON.code[purpose].name}: ${person.name}, ${PERSON.code[purpose].says}`}
            aria-disabled={code.isPending}
            onClick={() => code.isPending || code.mutate(purpose)}
          >
            {PERSON.code[purpose].name}
          </button>
        ))}
        {mayAll && person.codeUntil !== null && (
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${PERSON.withdraw}: ${person.name}`}
            aria-disabled={withdraw.isPending}
            onClick={() => withdraw.isPending || withdraw.mutate()}
          >
            {PERSON.withdraw}
          </button>
        )}
        {answer.mayGive.length > 0 && (
          <button
            ref={giver}
            type="button"
            className="usa-button usa-button--outline"
            aria-label={`${PERSON.give}: ${person.name}`}
            onClick={() => setGiving(true)}
          >
            {PERSON.give}
          </button>
        )}
        {mayAll && person.state === 'active' && (
          <Act
            name={PERSON.signOut.name}
            of={person.name}
            says={PERSON.signOut.says(person.name)}
            why={PERSON.signOut.why}
            confirm={PERSON.signOut.confirm}
            act={(why) => signOutPerson(person.id, why)}
            onDone={() => onDone(PERSON.signOut.done(person.name))}
          />
        )}
        {mayAll && (
          <Act
            name={PERSON.remove.name}
            of={person.name}
            says={PERSON.remove.says(person.name)}
            why={PERSON.remove.why}
            confirm={PERSON.remove.confirm}
            act={(why) => removePerson(person.id, why)}
            onDone={() => onDone(PERSON.remove.done(person.name))}
          />
        )}
      </div>
      {!mayAll && <p className="soft">{PERSON.notYours}</p>}
      {error !== null && <Refused error={error} />}
    </>
  );
}

/** A role and where: who holds it at the state holds it for all offices. */
function roleAt(role: string, place: string, placeName: (place: string) => string): string {
  return PEOPLE.role(roleName(role), place === 'state' ? PEOPLE.allOffices : placeName(place));
}

/** What a code is for that is read to somebody who was not here yet. */
const PURPOSES_OF_INVITED: readonly CodeWish['purpose'][] = ['enrol'];

/** What a code is for that is read to somebody who has a passkey already, or had one. */
const PURPOSES_OF_ACTIVE: readonly CodeWish['purpose'][] = ['passkey', 'recover'];
