/** People: who may come in, what they may do, and until when; and everything with which that is changed. */
import type { CodeWish, PeopleAnswer, PersonRow, PhoneCode } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useMay } from '../../api/me.ts';
import { Choice } from '../../ui/choice.tsx';
import { useDone } from '../../ui/done.tsx';
import { Find } from '../../ui/find.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { CodeCard } from './code-card.tsx';
import { Person } from './person.tsx';
import { usePlaceName, usePlaces } from './places.ts';
import { invitePerson, LOOK_AGAIN, newCode, peopleQuery, withdrawCode } from './queries.ts';
import { Recoveries } from './recoveries.tsx';
import { RoleForm } from './role-form.tsx';
import { invitationOf } from './role-wish.ts';
import { PEOPLE, PERSON, RECOVERIES, ROLE_FORM, shownOf } from './texts.ts';

/** A code on screen: whose it is and what for. */
type Shown = {
  readonly made: PhoneCode;
  readonly purpose: CodeWish['purpose'];
  readonly name: string;
  readonly phone: string | null;
};

export function People() {
  const { place } = useParams({ strict: false });
  const [code, setCode] = useState<Shown>();
  const query = useQuery({
    ...peopleQuery(place),
    refetchInterval: code === undefined ? false : LOOK_AGAIN,
  });
  const placeName = usePlaceName();
  const places = usePlaces('people.read');
  return (
    <>
      <PageHead
        title={place === undefined ? PEOPLE.title : PEOPLE.titleAt(placeName(place))}
        above={
          place !== undefined &&
          places.length > 1 && (
            <p>
              <Link to="/people">‹ {PEOPLE.all}</Link>
            </p>
          )
        }
      >
        <p>{PEOPLE.intro}</p>
      </PageHead>
      <Loaded query={query}>
        {(answer) => <Answer key={place} answer={answer} place={place} code={code} setCode={setCode} />}
      </Loaded>
    </>
  );
}

function Answer({
  answer,
  place,
  code,
  setCode,
}: {
  readonly answer: PeopleAnswer;
  readonly place: string | undefined;
  readonly code: Shown | undefined;
  readonly setCode: (code: Shown | undefined) => void;
}) {
  const client = useQueryClient();
  const [inviting, setInviting] = useState(false);
  const [notice, say] = useDone();
  const mayInvite = useMay('people.invite') && answer.mayGive.length > 0;
  const opener = useRef<HTMLButtonElement>(null);
  const seen = useRef(false);
  const askAnew = () => {
    for (const key of ['people', 'me']) void client.invalidateQueries({ queryKey: [key] });
  };
  const show = (shown: Shown | undefined) => {
    say('');
    seen.current = false;
    setCode(shown);
    askAnew();
  };
  const done = (text: string) => {
    say(text);
    askAnew();
  };
  const whose = answer.people.find(({ id }) => id === code?.made.person);
  // Before the list was asked anew it knows nothing of the code: only what was there and is gone was used.
  if (whose !== undefined && whose.codeUntil !== null) seen.current = true;
  const used = seen.current && whose !== undefined && whose.codeUntil === null;
  const close = () => {
    show(undefined);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <>
      {notice}
      {code !== undefined && (
        <CodeCard
          made={code.made}
          name={code.name}
          phone={code.phone}
          used={used}
          onAgain={async () => show({ ...code, made: await newCode(code.made.person, code.purpose) })}
          onWithdraw={async () => {
            await withdrawCode(code.made.person);
            show(undefined);
            say(PERSON.withdrawn(code.name));
          }}
          onClose={close}
        />
      )}
      <Recoveries
        recoveries={answer.recoveries}
        people={answer.people}
        onAgreed={(made, { person, name }) =>
          show({
            ...{ made, name, purpose: 'recover' },
            phone: answer.people.find(({ id }) => id === person)?.phone ?? null,
          })
        }
        onRefused={({ name }) => done(RECOVERIES.refused(name))}
      />
      {inviting ? (
        <section className="panel" aria-labelledby="invite-title">
          <h2 id="invite-title">{ROLE_FORM.invite}</h2>
          <p className="panel__intro">{ROLE_FORM.inviteIntro}</p>
          <RoleForm
            mayGive={answer.mayGive}
            place={place}
            submit={async (fields, zone) => {
              const wish = invitationOf(fields, zone);
              return { made: await invitePerson(wish), name: wish.name, phone: wish.phone ?? null };
            }}
            onDone={(invited) => {
              setInviting(false);
              show({ ...invited, purpose: 'enrol' });
            }}
            onLeave={() => {
              setInviting(false);
              requestAnimationFrame(() => opener.current?.focus());
            }}
          />
        </section>
      ) : (
        mayInvite && (
          <p className="page-act">
            <button type="button" ref={opener} className="usa-button" onClick={() => setInviting(true)}>
              {PEOPLE.invite}
            </button>
          </p>
        )
      )}
      <List
        answer={answer}
        place={place}
        onCode={(person, made, purpose) => {
          show({ made, purpose, name: person.name, phone: person.phone });
        }}
        onDone={done}
      />
    </>
  );
}

const SHOWN = ['here', 'invited', 'removed'] as const;

function isShown({ state }: PersonRow, shown: (typeof SHOWN)[number]): boolean {
  return shown === 'here' ? state !== 'removed' : state === shown;
}

function List({
  answer,
  place,
  onCode,
  onDone,
}: {
  readonly answer: PeopleAnswer;
  readonly place: string | undefined;
  readonly onCode: (person: PersonRow, made: PhoneCode, purpose: CodeWish['purpose']) => void;
  readonly onDone: (text: string) => void;
}) {
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('here');
  const [name, setName] = useState('');
  const places = usePlaces('people.read');
  const navigate = useNavigate();
  const wanted = name.trim().toLowerCase();
  const named = answer.people.filter((person) => person.name.toLowerCase().includes(wanted));
  const people = named
    .filter((person) => isShown(person, shown))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return (
    <>
      <div className="filters">
        <fieldset>
          <legend className="unseen">{PEOPLE.show}</legend>
          <ul className="choices">
            {SHOWN.map((one) => (
              <li key={one}>
                <button
                  type="button"
                  className={one === shown ? 'choice choice--here' : 'choice'}
                  aria-pressed={one === shown}
                  onClick={() => setShown(one)}
                >
                  {PEOPLE.shown[one]}{' '}
                  <span className="choice__count">
                    {count(answer.people.filter((person) => isShown(person, one)).length)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </fieldset>
        {places.length > 1 && (
          <Choice
            label={PEOPLE.place}
            any={PEOPLE.everywhere}
            options={places.map((one) => ({ value: one.place, label: one.name }))}
            value={place ?? ''}
            onChange={(chosen) =>
              void (chosen === ''
                ? navigate({ to: '/people' })
                : navigate({ to: '/people/$place', params: { place: chosen } }))
            }
          />
        )}
        <Find label={PEOPLE.find} value={name} onChange={setName} />
      </div>
      <section className="panel" aria-labelledby="people-title">
        <h2 id="people-title" className="unseen">
          {PEOPLE.list}
        </h2>
        {people.length === 0 ? (
          <p role="status">{answer.people.length === 0 ? PEOPLE.noneHere : PEOPLE.none}</p>
        ) : (
          <>
            <p role="status" className="unseen">
              {shownOf(people.length)}
            </p>
            <div className="persons__head" aria-hidden="true">
              <span>{PEOPLE.columns.name}</span>
              <span>{PEOPLE.columns.roles}</span>
              <span>{PEOPLE.columns.state}</span>
              <span>{PEOPLE.columns.seen}</span>
            </div>
            <ul className="persons">
              {people.map((person) => (
                <Person
                  key={person.id}
                  person={person}
                  answer={answer}
                  onCode={(made, purpose) => onCode(person, made, purpose)}
                  onDone={onDone}
                />
              ))}
            </ul>
          </>
        )}
      </section>
    </>
  );
}
