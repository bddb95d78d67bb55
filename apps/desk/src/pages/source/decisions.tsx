/** What was decided about a source: why, how often such a thing is wrong, and when it ends. */
import type { DecisionRow } from '@bellwether/api';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { counted, errorBound } from '../../words/formats.ts';
import { SOURCE } from './texts.ts';

export function Decisions({ decisions }: { readonly decisions: readonly DecisionRow[] }) {
  const words = SOURCE.decisions;
  return (
    <Panel id="decisions" title={words.title}>
      {decisions.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <ul className="cards cards--wide">
          {decisions.map((decision) => (
            <li key={decision.id}>
              <article className="card">
                <h3 className="card__title">
                  <span className="address">{decision.value}</span>
                </h3>
                <p>{decision.reason}</p>
                <dl className="facts facts--small">
                  <div>
                    <dt>{words.from}</dt>
                    <dd>
                      <Moment iso={decision.from} />
                    </dd>
                  </div>
                  <div>
                    <dt>{words.until}</dt>
                    <dd>
                      <Moment iso={decision.until} />
                    </dd>
                  </div>
                  {decision.evidence !== null && (
                    <div>
                      <dt>{words.evidence}</dt>
                      <dd>
                        {words.evidenceText(
                          counted(decision.evidence.contacts, 'contact'),
                          counted(decision.evidence.targets, 'target'),
                        )}
                      </dd>
                    </div>
                  )}
                  <div>
                    <dt>{words.rule}</dt>
                    <dd>
                      <code>{decision.rule}</code>
                    </dd>
                  </div>
                </dl>
                <p>
                  <span className="strong">{words.wrong}: </span>
                  {errorBound(decision.alpha)}
                </p>
                <p className="soft">
                  {words.covers[decision.covers]}. {decision.forgeable && words.forgeable}
                </p>
              </article>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
