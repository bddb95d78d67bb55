/** The account as a funnel: lines on top, contacts below, each with its sum and whether that is right. */
import type { TodayAnswer } from '@bellwether/api';
import { Panel } from '../../ui/page.tsx';
import { Table, Twin } from '../../ui/table.tsx';
import { GROUPS } from '../../words/dispositions.ts';
import { count } from '../../words/formats.ts';
import { type FunnelRow, type FunnelSum, funnelOf } from './funnel.ts';
import { TODAY } from './texts.ts';

/** The shortest bar that is still seen, percent of the whole: a single contact among 100,000 must not vanish. */
const LEAST_PERCENT = 0.5;

export function Account({ today }: { readonly today: TodayAnswer }) {
  const { account, refusedAtIntake } = today;
  const funnel = funnelOf(account);
  const words = TODAY.account;
  return (
    <Panel
      id="account"
      title={words.title}
      intro={words.intro}
      aside={
        <p
          className={funnel.right ? 'verdict verdict--good' : 'verdict verdict--bad'}
          role={funnel.right ? undefined : 'alert'}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={funnel.right ? 'M3 8.5 6.5 12 13 4.5' : 'M4 4l8 8M12 4l-8 8'} />
          </svg>
          {funnel.right ? words.right : words.wrong}
        </p>
      }
    >
      <div className="funnel">
        <Sum
          title={words.lines}
          sum={funnel.lines}
          note={words.formulaLines(count(account.lines), count(account.repeated))}
        />
        <Sum title={words.contacts} sum={funnel.contacts} note={words.ofContacts} />
      </div>
      {account.late > 0 && <p className="soft">{words.late(count(account.late))}</p>}
      {account.lostAtSensor > 0 && <p className="strong">{words.lost(count(account.lostAtSensor))}</p>}
      {refusedAtIntake.length > 0 && (
        <>
          <h3>{words.refused}</h3>
          <ul>
            {refusedAtIntake.map(({ port, reason, batches, lines }) => (
              <li key={`${port} ${reason}`}>
                {count(lines)} lines in {count(batches)} batches at {port}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      <Twin>
        <PartsTable caption={words.lines} sum={funnel.lines} />
        <PartsTable caption={words.contacts} sum={funnel.contacts} />
      </Twin>
    </Panel>
  );
}

function Sum({
  title,
  sum,
  note,
}: {
  readonly title: string;
  readonly sum: FunnelSum;
  readonly note: string;
}) {
  return (
    <div className="sum">
      <h3 className="sum__title">{title}</h3>
      <p className="sum__total">
        <span className="sum__number">{count(sum.total)}</span> <span className="soft">{note}</span>
      </p>
      {sum.difference !== 0 && <p className="strong">{TODAY.account.off(count(sum.difference))}</p>}
      <ul className="sum__parts">
        {sum.parts.map((part) => (
          <Part key={part.key} part={part} />
        ))}
      </ul>
    </div>
  );
}

function Part({ part }: { readonly part: FunnelRow }) {
  const group = GROUPS.find(({ of }) => of.some((name) => name === part.key))?.key ?? part.key;
  const width = part.value === 0 ? 0 : Math.max(LEAST_PERCENT, part.share * 100);
  const from = Math.min(part.from * 100, 100 - width);
  return (
    <li className="part" title={part.meaning}>
      <span className="part__name">{part.name}</span>
      <span className="part__number">{count(part.value)}</span>
      <svg className="part__bar" aria-hidden="true" width="100%" height="10">
        <rect className="part__ground" width="100%" height="10" rx="2" />
        {width > 0 && (
          <rect
            className={`part__fill fill--${group}`}
            x={`${from}%`}
            width={`${width}%`}
            height="10"
            rx="2"
          />
        )}
      </svg>
    </li>
  );
}

function PartsTable({ caption, sum }: { readonly caption: string; readonly sum: FunnelSum }) {
  const { columns } = TODAY.account;
  return (
    <Table
      caption={`${caption}: ${count(sum.total)}`}
      shown
      rows={sum.parts}
      keyOf={({ key }) => key}
      columns={[
        { name: columns.part, cell: ({ name }) => name, heads: true },
        { name: columns.meaning, cell: ({ meaning }) => meaning },
        { name: columns.number, cell: ({ value }) => count(value), number: true },
        { name: columns.share, cell: ({ share }) => `${(share * 100).toFixed(2)} %`, number: true },
      ]}
    />
  );
}
