/** Blocks that a computer does not enforce, with the reason in words. */
import type { BlocksAnswer } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { LongTable } from '../../ui/long-table.tsx';
import { Panel } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { BLOCKS, refusalText } from './texts.ts';

const words = BLOCKS.exceptions;

type Exception = BlocksAnswer['exceptions'][number];
type Row = Exception & { readonly officeName: string; readonly computer: string };

const COLUMNS: readonly Column<Row>[] = [
  {
    name: words.columns.block,
    cell: ({ value, block }) => (value === null ? words.unknown(block) : <BlockedAddress value={value} />),
    heads: true,
  },
  {
    name: words.columns.where,
    cell: ({ officeName, computer }) => (
      <>
        {officeName}
        <span className="soft under">{computer}</span>
      </>
    ),
  },
  {
    name: words.columns.state,
    cell: ({ state }) => (
      <span className={`sign sign--${state === 'missing' ? 'silent' : 'incomplete'}`}>
        <span aria-hidden="true">{state === 'missing' ? '!' : '×'}</span> {words.states[state]}
      </span>
    ),
  },
  {
    name: words.columns.why,
    cell: ({ why, detail }) => (
      <>
        {why === null ? words.missing : refusalText(why)}
        {/* A network that is never blocked says no more than the sentence before it. */}
        {detail !== '' && why !== 'never' && (
          <span className="soft under">{why === 'veto' ? words.veto(detail) : words.detail(detail)}</span>
        )}
      </>
    ),
    wide: true,
  },
];

export function Exceptions({ answer }: { readonly answer: BlocksAnswer }) {
  const { agents, exceptions } = answer;
  if (agents.length === 0) return null;
  const names = new Map(agents.map((agent) => [agent.agent, agent]));
  const rows = exceptions.map((one) => {
    const agent = names.get(one.agent);
    return { ...one, officeName: agent?.officeName ?? one.office, computer: agent?.name ?? '' };
  });
  // Missing ones first: what an office refused is meant so.
  rows.sort((a, b) => Number(b.state === 'missing') - Number(a.state === 'missing'));
  const total = agents.reduce((sum, { refused, missing }) => sum + refused + missing, 0);
  return (
    <Panel id="exceptions" title={words.title} intro={rows.length === 0 ? undefined : words.intro}>
      {rows.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={rows}
          keyOf={({ agent, block, state }) => `${agent} ${block} ${state}`}
          fits={({ value, officeName, computer }, typed) =>
            `${value ?? ''} ${officeName} ${computer}`.toLowerCase().includes(typed)
          }
          columns={COLUMNS}
        />
      )}
      {rows.length < total && (
        <p className="panel__more">{words.unlisted(count(rows.length), count(total))}</p>
      )}
    </Panel>
  );
}

/** What is blocked, with the way to what is held against it where that is one address. */
export function BlockedAddress({ value }: { readonly value: string }) {
  if (value.includes('/')) return <span className="address">{value}</span>;
  return (
    <Link to="/sources/$address" params={{ address: value }} className="address">
      {value}
    </Link>
  );
}
