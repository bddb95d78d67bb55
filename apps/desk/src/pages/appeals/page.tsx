/** Appeals: voters who asked to be let in again, what was held against them, and the digits that a caller reads out. */
import type { AppealRow, AppealsAnswer } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay, useReach } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { Caller } from './caller.tsx';
import { appealsQuery, endAppeal } from './queries.ts';
import { APPEALS } from './texts.ts';

export function Appeals() {
  const client = useQueryClient();
  const mayAnswer = useMay('appeals.answer');
  const askAnew = () => void client.invalidateQueries({ queryKey: ['appeals'] });
  return (
    <>
      <PageHead title={APPEALS.title}>
        <p>{APPEALS.intro}</p>
      </PageHead>
      <Loaded query={useQuery(appealsQuery)}>
        {(answer) => (
          <>
            <div className="spoken spoken--calm">
              <p className="spoken__lead">{APPEALS.spoken(answer.lastDay, answer.holding)}</p>
              {answer.lastDay > 0 && <p className="spoken__after">{APPEALS.whatItMeans}</p>}
            </div>
            {mayAnswer && <Caller onAnswer={askAnew} />}
            <LetIn answer={answer} onEnded={askAnew} />
          </>
        )}
      </Loaded>
    </>
  );
}

function LetIn({
  answer: { appeals },
  onEnded,
}: {
  readonly answer: AppealsAnswer;
  readonly onEnded: () => void;
}) {
  const words = APPEALS.list;
  const seesAll = useReach('appeals.read') === 'all';
  const mayEnd = useMay('appeals.answer', 'state');
  const [notice, say] = useDone();
  return (
    <Panel id="let-in" title={words.title} intro={seesAll ? words.intro : words.stateOnly}>
      {notice}
      {!seesAll ? null : appeals.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={appeals}
          keyOf={({ id }) => String(id)}
          fits={({ network, against, note }, typed) =>
            [network, note ?? '', ...against].some((text) => text.toLowerCase().includes(typed))
          }
          columns={[
            ...COLUMNS,
            ...(mayEnd
              ? [
                  endColumn((network) => {
                    say(APPEALS.end.done(network));
                    onEnded();
                  }),
                ]
              : []),
          ]}
        />
      )}
    </Panel>
  );
}

const { columns, how, by, nothing, ended } = APPEALS.list;

const COLUMNS: readonly Column<AppealRow>[] = [
  { name: columns.network, cell: ({ network }) => <span className="address">{network}</span>, heads: true },
  {
    name: columns.how,
    cell: ({ how: asked, at, by: who, note }) => (
      <>
        {how[asked]}, <Moment iso={at} />
        {(who !== null || note !== null) && (
          <span className="soft under">{[who === null ? '' : by(who), note ?? ''].join(' ').trim()}</span>
        )}
      </>
    ),
  },
  {
    name: columns.against,
    cell: ({ against }) => (against.length === 0 ? nothing : against.join(', ')),
    wide: true,
  },
  {
    name: columns.until,
    cell: ({ until, endedAt }) => (endedAt === null ? <Moment iso={until} /> : ended),
  },
];

function endColumn(onDone: (network: string) => void): Column<AppealRow> {
  const { end } = APPEALS;
  return {
    name: columns.end,
    cell: ({ id, network, endedAt, until }) =>
      endedAt !== null || Date.parse(until) <= Date.now() ? null : (
        <Act
          name={end.name}
          of={network}
          says={end.says(network)}
          confirm={end.confirm}
          act={() => endAppeal(id)}
          onDone={() => onDone(network)}
        />
      ),
  };
}
