/** Five numbers, each with what it is of. */
import type { TodayAnswer } from '@bellwether/api';
import { count } from '../../words/formats.ts';
import { TODAY } from './texts.ts';

export function Figures({ today }: { readonly today: TodayAnswer }) {
  const { account, offices, decisions } = today;
  const { through, unsettled } = account.dispositions;
  const figures = [
    { value: count(account.knocks), name: TODAY.knocks, note: TODAY.knocksNote, tone: '' },
    {
      value: count(offices.knockedAt),
      name: `of ${count(offices.total)} offices`,
      note: TODAY.officesNote,
      tone: '',
    },
    {
      value: through === 0 ? '–' : count(through),
      name: TODAY.through,
      note: through === 0 ? TODAY.throughNone : TODAY.throughSome,
      tone: through === 0 ? '' : ' figure--alarm',
    },
    {
      value: count(unsettled),
      name: TODAY.open,
      note: TODAY.openNote,
      tone: unsettled === 0 ? '' : ' figure--care',
    },
    {
      value: count(decisions.inForce),
      name: TODAY.blocks,
      note: TODAY.blocksNote(count(decisions.made)),
      tone: '',
    },
  ];
  return (
    <section aria-label={TODAY.figures}>
      <dl className="figures">
        {figures.map(({ value, name, note, tone }) => (
          <div key={name} className={`figure${tone}`}>
            <dt className="figure__name">{name}</dt>
            <dd className="figure__value">{value}</dd>
            <dd className="figure__note">{note}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
