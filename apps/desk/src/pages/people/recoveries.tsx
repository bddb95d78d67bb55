/** Administrators who lost every passkey: a second one calls them, and agrees or refuses. */
import type { PersonRow, PhoneCode, RecoveryRow } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { Act } from '../../ui/act.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { decideRecovery } from './queries.ts';
import { RECOVERIES } from './texts.ts';

type RecoveriesProps = {
  readonly recoveries: readonly RecoveryRow[];
  readonly people: readonly PersonRow[];
  readonly onAgreed: (made: PhoneCode, recovery: RecoveryRow) => void;
  readonly onRefused: (recovery: RecoveryRow) => void;
};

export function Recoveries({ recoveries, people, onAgreed, onRefused }: RecoveriesProps) {
  if (recoveries.length === 0) return null;
  return (
    <Panel id="recoveries" title={RECOVERIES.title} intro={RECOVERIES.intro}>
      <ul className="cards">
        {recoveries.map((recovery) => (
          <li key={recovery.id}>
            <Recovery
              recovery={recovery}
              phone={people.find(({ id }) => id === recovery.person)?.phone ?? null}
              onAgreed={(made) => onAgreed(made, recovery)}
              onRefused={() => onRefused(recovery)}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Recovery({
  recovery,
  phone,
  onAgreed,
  onRefused,
}: {
  readonly recovery: RecoveryRow;
  readonly phone: string | null;
  readonly onAgreed: (made: PhoneCode) => void;
  readonly onRefused: () => void;
}) {
  const [called, setCalled] = useState(false);
  const [missing, setMissing] = useState(false);
  const field = useId();
  const words = RECOVERIES;
  const agree = useMutation({
    mutationFn: () => withStepUp(() => decideRecovery(recovery.id, true)),
    onSuccess: (made) => {
      if (made !== null) onAgreed(made);
    },
  });
  return (
    <article className="card card--care">
      <h3 className="card__title">{recovery.name}</h3>
      <p className="card__facts">
        {words.asked} <Moment iso={recovery.asked} /> {words.from}{' '}
        <span className="address">{recovery.from}</span>. {words.until} <Moment iso={recovery.until} />.
      </p>
      <p>
        <span className="strong">{words.first}</span> {phone !== null && words.number(phone)}
      </p>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!called) setMissing(true);
          else if (!agree.isPending) agree.mutate();
        }}
      >
        <div className="tick">
          <input
            id={field}
            type="checkbox"
            checked={called}
            aria-invalid={missing}
            aria-describedby={missing ? `${field}-error` : undefined}
            onChange={({ target }) => {
              setCalled(target.checked);
              setMissing(false);
            }}
          />
          <label htmlFor={field}>{words.tick(recovery.name)}</label>
        </div>
        {missing && (
          <p id={`${field}-error`} className="error-text" role="alert">
            {words.tickMissing}
          </p>
        )}
        {agree.error !== null && <Refused error={agree.error} />}
        <button type="submit" className="usa-button" aria-disabled={agree.isPending}>
          {words.agree}
        </button>
      </form>
      <div className="buttons">
        <Act
          name={words.refuse}
          of={recovery.name}
          says={words.refuseSays(recovery.name)}
          confirm={words.refuseConfirm}
          act={() => decideRecovery(recovery.id, false)}
          onDone={onRefused}
        />
      </div>
    </article>
  );
}
