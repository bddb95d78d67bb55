/** Each computer that blocks: what it was told, what it read back in its firewall, and what is wrong. */
import type { BlocksAnswer } from '@bellwether/api';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { type AtAgent, byNeed, type Standing } from './standing.ts';
import { BLOCKS, STANDING_WORDS } from './texts.ts';

const words = BLOCKS.each;

type Row = { readonly agent: AtAgent; readonly standing: Standing; readonly sequence: number };

const COLUMNS: readonly Column<Row>[] = [
  {
    name: words.columns.office,
    cell: ({ agent }) => (
      <>
        {agent.officeName}
        <span className="soft under">{agent.name}</span>
      </>
    ),
    heads: true,
  },
  { name: words.columns.standing, cell: (row) => <How {...row} />, wide: true },
  {
    name: words.columns.heard,
    cell: ({ agent: { heardAt } }) => (heardAt === null ? words.never : <Moment iso={heardAt} />),
  },
  ...(['decided', 'enforced', 'refused', 'missing', 'vetoes'] as const).map(
    (what): Column<Row> => ({
      name: words.columns[what],
      cell: ({ agent }) => (agent.heardAt === null ? '–' : count(agent[what])),
      number: true,
    }),
  ),
];

export function AgentsTable({ answer }: { readonly answer: BlocksAnswer }) {
  const { agents, sequence } = answer;
  return (
    <Panel id="computers" title={words.title} intro={agents.length === 0 ? undefined : words.intro}>
      {agents.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={byNeed(answer).map((one) => ({ ...one, sequence }))}
          keyOf={({ agent }) => String(agent.agent)}
          fits={({ agent }, typed) => `${agent.officeName} ${agent.name}`.toLowerCase().includes(typed)}
          columns={COLUMNS}
        />
      )}
    </Panel>
  );
}

function How({ agent, standing, sequence }: Row) {
  const { name, mark, sign } = STANDING_WORDS[standing];
  return (
    <>
      <span className={`sign sign--${sign}`}>
        <span aria-hidden="true">{mark}</span> {name}
      </span>
      {standing === 'behind' && <span className="soft under">{words.order(agent.sequence, sequence)}</span>}
      {agent.why.length > 0 && <span className="soft under">{words.says(agent.why.join('; '))}</span>}
    </>
  );
}
