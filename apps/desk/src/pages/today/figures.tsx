/** Five numbers, each with what it is of. */
import type { TodayAnswer } from '@bellwether/api';
import { count } from '../../words/formats.ts';
import { OFFICE_WORDS } from '../../words/offices.ts';
import type { Scope } from './scope.ts';
import { TODAY } from './texts.ts';

export function Figures({ today, scope }: { readonly today: TodayAnswer; readonly scope: Scope }) {
  const { account, offices, decisions } = today;
  const { through, unsettled } = account.dispositions;
  const office = scope.of === 'office' ? sensorsOf(today) : undefined;
  const figures = [
    { value: count(account.knocks), name: TODAY.knocks, note: TODAY.knocksNote, tone: '' },
    office ?? {
      value: count(offices.knockedAt),
      name: (scope.of === 'state' ? TODAY.ofOffices : TODAY.ofYourOffices)(count(offices.total)),
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

/** Of one office: its sensors, and how well it is heard. */
function sensorsOf({ map: [office] }: TodayAnswer) {
  if (office === undefined) return undefined;
  const { meaning } = OFFICE_WORDS[office.state];
  return { value: count(office.sensors), name: TODAY.sensors(office.sensors), note: meaning, tone: '' };
}
