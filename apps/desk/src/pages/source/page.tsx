/** One source: the verdict in words, its walk to it, and what was decided. */
import type { SourceAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { sourceQuery } from '../../api/queries.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { Decisions } from './decisions.tsx';
import { SOURCE } from './texts.ts';
import { WalkPanel } from './walk.tsx';

/** Drills that are named beside the verdict: who reads it wants to know whether, not all of them. */
const MOST_DRILLS = 3;

const route = getRouteApi('/sources/$address');

export function Source() {
  const { address } = route.useParams();
  return (
    <Loaded title={address} query={useQuery(sourceQuery(address))}>
      {(answer) => <About answer={answer} />}
    </Loaded>
  );
}

function About({ answer }: { readonly answer: SourceAnswer }) {
  const verdict = SOURCE.verdicts[answer.verdict];
  return (
    <>
      <PageHead title={answer.source} />
      <div className={`spoken spoken--${toneOf(answer.verdict)}`}>
        <p className="spoken__lead">{verdict.name}.</p>
        <p className="spoken__after">
          {verdict.text}
          {answer.spared !== null && ` ${SOURCE.spared(answer.spared)}`}
          {answer.scanner !== null && ` ${SOURCE.scanner(answer.scanner.name)}`}
        </p>
        {answer.drills.slice(0, MOST_DRILLS).map(({ drill, title, from }) => (
          <p key={drill} className="spoken__after">
            {SOURCE.drill(title, drill)} <Moment iso={from} />
          </p>
        ))}
      </div>
      <Facts answer={answer} />
      <WalkPanel answer={answer} />
      <Decisions decisions={answer.decisions} />
      <p>
        <Link to="/contacts" search={{ source: answer.source }} className="usa-button usa-button--outline">
          {SOURCE.back}
        </Link>
      </p>
    </>
  );
}

function toneOf(verdict: SourceAnswer['verdict']): 'calm' | 'care' | 'alarm' {
  if (verdict === 'intrusion') return 'alarm';
  return verdict === 'unknown' ? 'calm' : 'care';
}

function Facts({ answer }: { readonly answer: SourceAnswer }) {
  const { facts, noMoment } = SOURCE;
  return (
    <dl className="facts">
      <div>
        <dt>{facts.contacts}</dt>
        <dd>{count(answer.contacts)}</dd>
      </div>
      <div>
        <dt>{facts.targets}</dt>
        <dd>{count(answer.targets)}</dd>
      </div>
      <div>
        <dt>{facts.offices}</dt>
        <dd>{count(answer.offices)}</dd>
      </div>
      <div>
        <dt>{facts.first}</dt>
        <dd>{answer.first === null ? noMoment : <Moment iso={answer.first} />}</dd>
      </div>
      <div>
        <dt>{facts.last}</dt>
        <dd>{answer.last === null ? noMoment : <Moment iso={answer.last} />}</dd>
      </div>
      {answer.campaign !== null && (
        <div>
          <dt>{facts.campaign}</dt>
          <dd>{answer.campaign}</dd>
        </div>
      )}
    </dl>
  );
}
