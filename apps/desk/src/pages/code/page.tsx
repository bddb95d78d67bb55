/** A code becomes a passkey: type it, see whom it is for, make the passkey, print the recovery codes. */
import type { CodeAnswer, Enrolled } from '@bellwether/api';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { forgetAnswers } from '../../frame/leaving.ts';
import { PageHead } from '../../ui/page.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import { EnterCode } from './enter.tsx';
import { CODE } from './texts.ts';
import { Whose } from './whose.tsx';

type Step =
  | { readonly at: 'enter' }
  | { readonly at: 'whose'; readonly answer: CodeAnswer }
  | { readonly at: 'stopped' }
  | { readonly at: 'codes'; readonly name: string; readonly codes: readonly string[] };

const NUMBERS: Readonly<Record<Step['at'], number>> = { enter: 1, whose: 2, stopped: 2, codes: 4 };

export function Code() {
  const [step, setStep] = useState<Step>({ at: 'enter' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const goOn = async () => {
    forgetAnswers(client);
    await client.refetchQueries({ queryKey: ['me'] });
    await navigate({ to: '/' });
  };
  const enrolled = ({ name, recoveryCodes }: Enrolled) => {
    if (recoveryCodes === null) void goOn();
    else setStep({ at: 'codes', name, codes: recoveryCodes });
  };
  return (
    <div className="narrow">
      <PageHead
        title={CODE.title}
        above={
          step.at === 'enter' && (
            <p>
              <Link to="/sign-in">‹ {CODE.back}</Link>
            </p>
          )
        }
      />
      <Progress number={NUMBERS[step.at]} />
      {step.at === 'enter' && <EnterCode onAnswer={(answer) => setStep({ at: 'whose', answer })} />}
      {step.at === 'whose' && (
        <Whose
          answer={step.answer}
          onEnrolled={enrolled}
          onStop={() => setStep({ at: 'stopped' })}
          onAgain={() => setStep({ at: 'enter' })}
        />
      )}
      {step.at === 'stopped' && <Stopped again={() => setStep({ at: 'enter' })} />}
      {step.at === 'codes' && (
        <>
          <p className="notice" role="status">
            {CODE.done(step.name)}
          </p>
          <RecoveryCodes codes={step.codes} name={step.name} onKept={() => void goOn()} />
        </>
      )}
    </div>
  );
}

/** Where one is. It takes the focus when the step changes, so that who listens hears it. */
function Progress({ number }: { readonly number: number }) {
  const line = useRef<HTMLParagraphElement>(null);
  const before = useRef(number);
  useEffect(() => {
    if (before.current !== number) line.current?.focus();
    before.current = number;
  }, [number]);
  return (
    <p className="steps" ref={line} tabIndex={-1}>
      {CODE.step(number, CODE.steps.length)}: <span className="strong">{CODE.steps[number - 1]}</span>
    </p>
  );
}

function Stopped({ again }: { readonly again: () => void }) {
  return (
    <section className="panel" aria-labelledby="stopped">
      <h2 id="stopped">{CODE.stopped.title}</h2>
      <p>{CODE.stopped.text}</p>
      <button type="button" className="usa-button usa-button--outline" onClick={again}>
        {CODE.stopped.again}
      </button>
    </section>
  );
}
