/** One sheet, one thing at a time: look at the changes, be told of a test if there was one, compare the words, sign. */
import type { MeAnswer, SheetAnswer, SheetSummary } from '@bellwether/api';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { may, useMay, useMe } from '../../api/me.ts';
import { Done, useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead } from '../../ui/page.tsx';
import { dayName } from '../rolls/day-name.ts';
import { Compare } from './compare.tsx';
import { Letters } from './letters.tsx';
import { Look } from './look.tsx';
import { Paper } from './paper.tsx';
import { type SheetRef, sheetQuery } from './queries.ts';
import { sheetSentence } from './sentence.ts';
import { SHEETS } from './texts.ts';
import { Told } from './told.tsx';

const route = getRouteApi('/sheets/$office/$day/$sequence');

/** Where in the work on a sheet somebody is. */
type Step = 'look' | 'told' | 'compare';

/** The steps that are named: who is told of a test looks at the list still. */
type ShownStep = 'look' | 'compare' | 'sign';

export function Sheet() {
  const of = route.useParams();
  // Another sheet at the same address begins anew.
  return <OneSheet key={`${of.office} ${of.day} ${of.sequence}`} of={of} />;
}

function OneSheet({ of }: { readonly of: SheetRef }) {
  const [page, setPage] = useState(1);
  const [step, setStep] = useState<Step>('look');
  const [noticed, setNoticed] = useState(false);
  const [signed, setSigned] = useState<SheetSummary>();
  const [said, say] = useDone();
  const client = useQueryClient();
  const query = useQuery({ ...sheetQuery(of, page), placeholderData: keepPreviousData });
  const me = useMe();
  const maySign = may(me, 'rolls.sign', of.office) || signsBesideOthers(me, query.data);
  const renew = () => {
    for (const key of ['sheets', 'rolls']) void client.invalidateQueries({ queryKey: [key] });
  };
  const goTo = (next: Step) => {
    say('');
    setStep(next);
    scrollTo({ top: 0 });
  };
  const turnTo = (next: number) => {
    setPage(next);
    scrollTo({ top: 0 });
  };
  return (
    <Loaded title={SHEETS.title} query={query}>
      {(answer) => (
        <>
          <Head
            answer={answer}
            step={signed !== undefined ? 'sign' : step === 'compare' ? 'compare' : 'look'}
          />
          {said}
          {signed !== undefined ? (
            <Signed sheet={signed} />
          ) : step === 'compare' && answer.words.length > 0 ? (
            <Compare
              of={of}
              answer={answer}
              maySign={maySign}
              onBack={() => {
                // What was a test may have been the last page.
                setPage(Math.min(page, answer.pages));
                setStep('look');
              }}
              onSigned={(sheet) => {
                say('');
                setSigned(sheet);
                renew();
              }}
            />
          ) : step === 'told' && answer.test !== null ? (
            <Told
              test={answer.test}
              noticed={noticed}
              onCompare={() => goTo('compare')}
              onBack={() => {
                setPage(1);
                goTo('look');
              }}
            />
          ) : (
            <Look
              of={of}
              answer={answer}
              maySign={maySign}
              onPage={turnTo}
              onRefused={(changes) => {
                say(SHEETS.refusal.done(changes, answer.words.length > 0));
                turnTo(1);
                renew();
              }}
              onLooked={async (found) => {
                // The words are told from now on, and what was a test is off the list.
                await client.invalidateQueries({ queryKey: ['sheets'] });
                setNoticed(found ?? false);
                goTo(found === null ? 'compare' : 'told');
              }}
              onCompare={() => goTo('compare')}
            />
          )}
          {(answer.sheet.state === 'signed' || answer.sheet.state === 'partly') && <Letters of={of} />}
          {answer.words.length > 0 && <Paper answer={answer} />}
        </>
      )}
    </Loaded>
  );
}

function Head({ answer: { sheet }, step }: { readonly answer: SheetAnswer; readonly step: ShownStep }) {
  const own = useMay('rolls.sign', sheet.office);
  const isOpen = sheet.state === 'awaiting';
  return (
    <>
      <PageHead
        title={SHEETS.loadedFor(sheet.name)}
        above={
          <p className="unprinted">
            <Link to="/sheets">{SHEETS.all}</Link>
          </p>
        }
      >
        <p>{SHEETS.name(dayName(sheet.day), sheet.sequence)}</p>
      </PageHead>
      <div className={`spoken spoken--${isOpen && sheet.odd > 0 ? 'care' : 'calm'}`}>
        <p className="spoken__lead">{sheetSentence(sheet, own)}</p>
        <p className="spoken__after">
          {isOpen ? (
            <>
              {SHEETS.first.until} <Moment iso={sheet.until} how="full" />.
            </>
          ) : (
            <>
              {SHEETS.look.done} {SHEETS.states[sheet.state]}
              {sheet.doneAt !== null && (
                <>
                  , <Moment iso={sheet.doneAt} how="full" />
                </>
              )}
              .
            </>
          )}
        </p>
      </div>
      {isOpen && <Steps at={step} />}
    </>
  );
}

function Steps({ at }: { readonly at: ShownStep }) {
  const all: readonly ShownStep[] = ['look', 'compare', 'sign'];
  return (
    <ol className="sheet-steps unprinted" aria-label={SHEETS.steps.label}>
      {all.map((step) => (
        <li key={step} aria-current={step === at ? 'step' : undefined}>
          {SHEETS.steps[step]}
        </li>
      ))}
    </ol>
  );
}

function Signed({ sheet }: { readonly sheet: SheetSummary }) {
  const words = SHEETS.done;
  return (
    <>
      <Done>
        {sheet.state === 'awaiting'
          ? words.waits
          : sheet.state === 'partly'
            ? words.partly
            : words.signed(sheet.name)}
      </Done>
      <ul className="beside">
        <li>
          <Link to="/">{words.today}</Link>
        </li>
        <li>
          <Link to="/sheets">{words.more}</Link>
        </li>
      </ul>
    </>
  );
}

/** Whether somebody of another office may be the second to sign. */
function signsBesideOthers(me: MeAnswer, answer: SheetAnswer | undefined): boolean {
  const { needsSecond = false, signatures = 0 } = answer?.sheet ?? {};
  return needsSecond && signatures > 0 && may(me, 'rolls.sign');
}
