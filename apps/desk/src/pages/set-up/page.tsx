/** The first run: five steps, each of which can be left and taken up again. */
import type { Enrolled, SetUpAnswer, SetUpStep } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../api/me.ts';
import { setUpQuery } from '../../api/queries.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import { count } from '../../words/formats.ts';
import { AdministratorStep } from './administrator.tsx';
import { HttpsState, HttpsStep } from './https.tsx';
import { OfficesStep } from './offices.tsx';
import { SampleStep } from './sample.tsx';
import { StateStep } from './state.tsx';
import { SET_UP } from './texts.ts';

const route = getRouteApi('/set-up');

export function SetUp() {
  const mayConfigure = useMay('state.configure');
  const query = useQuery({ ...setUpQuery, enabled: mayConfigure });
  const [enrolled, setEnrolled] = useState<Enrolled>();
  const client = useQueryClient();
  if (!mayConfigure && enrolled === undefined) {
    return (
      <PageHead title={SET_UP.title}>
        <p>{SET_UP.notYours}</p>
      </PageHead>
    );
  }
  if (enrolled?.recoveryCodes != null) {
    const goOn = () => {
      void client.invalidateQueries();
      setEnrolled(undefined);
    };
    return (
      <>
        <PageHead title={SET_UP.title} />
        <p className="notice" role="status">
          {SET_UP.administrator.welcome(enrolled.name)}
        </p>
        <RecoveryCodes codes={enrolled.recoveryCodes} name={enrolled.name} onKept={goOn} />
      </>
    );
  }
  return (
    <>
      <PageHead title={SET_UP.title}>
        <p>{SET_UP.intro}</p>
      </PageHead>
      <Loaded query={query}>{(answer) => <Steps answer={answer} onEnrolled={setEnrolled} />}</Loaded>
    </>
  );
}

function Steps({
  answer,
  onEnrolled,
}: {
  readonly answer: SetUpAnswer;
  readonly onEnrolled: (enrolled: Enrolled) => void;
}) {
  const { step: chosen } = route.useSearch();
  const navigate = useNavigate();
  const next = answer.steps.find(({ done }) => !done)?.step;
  const open =
    chosen === 'none' ? undefined : (answer.steps.find(({ step }) => step === chosen)?.step ?? next);
  // Without a step in the address, the first that is to do is open.
  const goOn = () => void navigate({ to: '/set-up', search: {} });
  const forms: Readonly<Record<SetUpStep, ReactNode>> = {
    state: <StateStep answer={answer} onDone={goOn} />,
    administrator: <AdministratorStep onEnrolled={onEnrolled} onDone={goOn} />,
    offices: <OfficesStep answer={answer} onDone={goOn} />,
    https: <HttpsStep answer={answer} onDone={goOn} />,
    sample: <SampleStep answer={answer} onDone={goOn} />,
  };
  return (
    <>
      {next === undefined && <Finished />}
      <ol className="stages" aria-label={SET_UP.list}>
        {answer.steps.map(({ step, done }, index) => {
          const mayOpen = step !== 'administrator' || !done;
          const isOpen = step === open && mayOpen;
          return (
            <li key={step} className="panel stage">
              <div className="panel__head">
                <h2>
                  {index + 1}. {SET_UP.names[step]}
                </h2>
                <span className={done ? 'sign sign--complete' : 'sign sign--open'}>
                  {done ? `✓ ${SET_UP.done}` : SET_UP.todo}
                </span>
              </div>
              {!isOpen && <Summary step={step} done={done} answer={answer} />}
              {isOpen && forms[step]}
              {mayOpen && (
                <Link
                  to="/set-up"
                  className="stage__toggle"
                  search={{ step: isOpen ? 'none' : step }}
                  aria-label={`${isOpen ? SET_UP.leave : done ? SET_UP.change : SET_UP.begin}: ${SET_UP.names[step]}`}
                >
                  {isOpen ? SET_UP.leave : done ? SET_UP.change : SET_UP.begin}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** What a step came to, while it is closed. */
function Summary({
  step,
  done,
  answer,
}: {
  readonly step: SetUpStep;
  readonly done: boolean;
  readonly answer: SetUpAnswer;
}) {
  const { state, offices, sample, https } = answer;
  if (step === 'state') return state.name && <p>{SET_UP.state.summary(state.name, state.zone)}</p>;
  if (step === 'administrator') {
    return <p>{done ? SET_UP.administrator.summary : SET_UP.administrator.why}</p>;
  }
  if (step === 'offices') return <p>{SET_UP.offices.summary(count(offices))}</p>;
  if (step === 'sample') return <p>{SET_UP.sample.summary[sample ? 'loaded' : 'none']}</p>;
  return (
    <>
      <p>{SET_UP.https.summary[https.how]}</p>
      <HttpsState https={https} />
    </>
  );
}

function Finished() {
  const words = SET_UP.finished;
  return (
    <section className="notice stages-done" aria-labelledby="finished">
      <h2 id="finished">{words.title}</h2>
      <p>{words.text}</p>
      <div className="buttons">
        <Link to="/people" className="usa-button">
          {words.people}
        </Link>
        <Link to="/" className="usa-button usa-button--outline">
          {words.today}
        </Link>
      </div>
    </section>
  );
}
