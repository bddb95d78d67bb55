/** What can be said tonight, first; then what was not checked, and the numbers, each with what it is a part of. */
import type { NightSummary, RollsAnswer } from '@bellwether/api';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { ROLLS } from './texts.ts';

export function Tonight({ rolls }: { readonly rolls: RollsAnswer }) {
  const words = ROLLS.tonight;
  const { tonight, sentences } = rolls;
  if (tonight === null) {
    return (
      <div className="spoken spoken--care">
        <p className="spoken__lead">{words.none}</p>
      </div>
    );
  }
  const isWell = tonight.unauthorised === 0;
  return (
    <section
      aria-label={words.title}
      className={`spoken spoken--${isWell ? (tonight.witnessed ? 'calm' : 'care') : 'alarm'}`}
    >
      <p className="spoken__lead">
        {isWell ? words.well(tonight.records) : words.wrong(tonight.unauthorised, tonight.records)}
      </p>
      {(sentences.length === 0 ? [words.noSentences] : sentences).map((sentence) => (
        <p key={sentence} className="spoken__after">
          {sentence}
        </p>
      ))}
      <p className="spoken__after">
        {words.sealed} <Moment iso={tonight.at} how="full" />.{' '}
        {tonight.witnessed ? words.witnessed : words.unwitnessed}
      </p>
    </section>
  );
}

export function NotChecked({ rolls }: { readonly rolls: RollsAnswer }) {
  const words = ROLLS.notChecked;
  const { notChecked: said, tonight, sentences } = rolls;
  // The statement says it by itself; before there is one, the seal alone tells.
  const all = sentences.length === 0 && tonight?.captures === 'dumps' ? [...said, ROLLS.undone] : said;
  return (
    <Panel id="not-checked" title={words.title} intro={all.length === 0 ? undefined : words.intro}>
      {all.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <ul className="steps-list">
          {all.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The numbers of a night. `hands`: of tonight only. */
export function NightFigures({
  night,
  hands,
}: {
  readonly night: NightSummary;
  readonly hands?: RollsAnswer['hands'];
}) {
  const words = ROLLS.figures;
  const { records, changed, authorised, fromFeeds, awaiting, unauthorised } = night;
  const figures = [
    { name: words.changed, value: changed, note: words.changedNote(records) },
    { name: words.authorised, value: authorised, note: words.ofChanged(changed) },
    { name: words.feeds, value: fromFeeds, note: words.ofChanged(changed) },
    {
      name: words.awaiting,
      value: awaiting,
      note: words.ofRecords(records),
      tone: awaiting > 0 ? 'care' : '',
    },
    {
      name: words.unauthorised,
      value: unauthorised,
      note: words.ofRecords(records),
      tone: unauthorised > 0 ? 'alarm' : '',
    },
    ...(hands === undefined
      ? []
      : [
          {
            name: words.hands,
            value: hands.offices[0],
            note: words.handsNote(hands.offices[1], ...hands.records),
          },
        ]),
  ];
  return (
    <div className="figures">
      {figures.map(({ name, value, note, tone = '' }) => (
        <div key={name} className={tone === '' ? 'figure' : `figure figure--${tone}`}>
          <p className="figure__value">{count(value)}</p>
          <p className="figure__name">{name}</p>
          <p className="figure__note">{note}</p>
        </div>
      ))}
    </div>
  );
}
