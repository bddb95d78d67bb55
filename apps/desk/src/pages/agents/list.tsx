/** Agents in a table: how each stands, what waits there, its version, clock and certificate; and the end of one. */
import type { AgentRow } from '@bellwether/api';
import { useMay } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { type Column, Twin } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { revokeAgent } from './queries.ts';
import { certificateOf, clockWords, type Link, linkOf } from './standing.ts';
import { AGENTS, LINK_WORDS } from './texts.ts';

const words = AGENTS.list;

function nameCell({ officeName, name }: AgentRow) {
  return (
    <>
      {officeName}
      <span className="soft under">{name}</span>
    </>
  );
}

function fits({ officeName, name }: AgentRow, typed: string): boolean {
  return `${officeName} ${name}`.toLowerCase().includes(typed);
}

export function AgentsList({
  agents,
  heard,
  onRevoked,
}: {
  readonly agents: readonly AgentRow[];
  readonly heard: ReadonlySet<number>;
  readonly onRevoked: (agent: AgentRow) => void;
}) {
  const mayRevoke = useMay('agents.change');
  const columns: readonly Column<AgentRow>[] = [
    { name: words.columns.office, cell: nameCell, heads: true },
    { name: words.columns.link, cell: (agent) => <How agent={agent} link={linkOf(agent, heard)} /> },
    {
      name: words.columns.heard,
      cell: ({ lastHeard }) => (lastHeard === null ? words.never : <Moment iso={lastHeard} />),
    },
    { name: words.columns.backlog, cell: ({ backlog }) => <Waiting backlog={backlog} /> },
    { name: words.columns.version, cell: ({ version }) => version ?? words.unknown },
    { name: words.columns.clock, cell: ({ clockAhead }) => <Clock ahead={clockAhead} /> },
    { name: words.columns.until, cell: ({ until }) => <CertificateEnd until={until} /> },
    ...(mayRevoke ? [revokeColumn(onRevoked)] : []),
  ];
  return (
    <LongTable
      caption={words.title}
      words={words}
      rows={agents}
      keyOf={({ id }) => String(id)}
      fits={fits}
      columns={columns}
    />
  );
}

function How({ agent: { point }, link }: { readonly agent: AgentRow; readonly link: Link }) {
  const { name, mark, sign } = LINK_WORDS[link];
  return (
    <>
      <span className={`sign sign--${sign}`}>
        <span aria-hidden="true">{mark}</span> {name}
      </span>
      {/* What an agent said of its blocks is old when it is not heard. */}
      {link === 'heard' && point !== null && <span className="soft under">{words.blocks[point.state]}</span>}
    </>
  );
}

function Waiting({ backlog }: Pick<AgentRow, 'backlog'>) {
  if (backlog === null) return words.unknown;
  if (backlog.lines === 0) return '0';
  return (
    <>
      {count(backlog.lines)}
      {backlog.oldest !== null && (
        <span className="soft under">
          {words.since} <Moment iso={backlog.oldest} />
        </span>
      )}
    </>
  );
}

function Clock({ ahead }: { readonly ahead: number | null }) {
  if (ahead === null) return words.unknown;
  const { text, isWrong } = clockWords(ahead);
  return isWrong ? <strong>{text}</strong> : text;
}

function CertificateEnd({ until }: { readonly until: string }) {
  const state = certificateOf(until, Date.now());
  return (
    <>
      <Moment iso={until} how="full" />
      {state !== 'good' && <strong className="under">{words.certificate[state]}</strong>}
    </>
  );
}

function revokeColumn(onRevoked: (agent: AgentRow) => void): Column<AgentRow> {
  const { revoke } = AGENTS;
  return {
    name: words.columns.revoke,
    cell: (agent) => (
      <Act
        name={revoke.name}
        of={revoke.of(agent.officeName, agent.name)}
        says={revoke.says(agent.officeName, agent.name)}
        why={revoke.why}
        confirm={revoke.confirm}
        act={(why) => revokeAgent(agent.id, why)}
        onDone={() => onRevoked(agent)}
      />
    ),
  };
}

/** Those that were revoked, closed until they are asked for; nothing where there is none. */
export function RevokedAgents({ agents }: { readonly agents: readonly AgentRow[] }) {
  const { columns, by, show, title } = AGENTS.revoked;
  if (agents.length === 0) return null;
  return (
    <Twin label={show}>
      <LongTable
        caption={title}
        words={AGENTS.revoked}
        rows={agents}
        keyOf={({ id }) => String(id)}
        fits={fits}
        columns={[
          { name: columns.office, cell: nameCell, heads: true },
          {
            name: columns.enrolled,
            cell: ({ enrolledAt, enrolledBy }) => (
              <>
                <Moment iso={enrolledAt} />
                <span className="soft under">
                  {by} {enrolledBy}
                </span>
              </>
            ),
          },
          {
            name: columns.revoked,
            cell: ({ revokedAt }) => (revokedAt === null ? '' : <Moment iso={revokedAt} />),
          },
          { name: columns.why, cell: ({ revokedWhy }) => revokedWhy ?? '', wide: true },
        ]}
      />
    </Twin>
  );
}
