/** The account of seven days, which adds up, and where mail is judged. */
import type { MailAnswer, MailCounts, MailHookRow } from '@bellwether/api';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { MAIL } from './texts.ts';

type Day = MailAnswer['days'][number];

const COUNTS = [
  'received',
  'delivered',
  'marked',
  'held',
  'blocked',
  'unchecked',
] as const satisfies readonly (keyof MailCounts)[];

export function Account({ answer: { days, counts, putOff, rechecked } }: { readonly answer: MailAnswer }) {
  const { columns, ...words } = MAIL.account;
  const rows: readonly Day[] = [...days, { day: 'all', counts }];
  return (
    <Panel id="mail-account" title={words.title} intro={words.intro}>
      {days.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={rows}
          keyOf={({ day }) => day}
          columns={[
            { name: columns.day, cell: ({ day }) => (day === 'all' ? 'Seven days' : day), heads: true },
            ...COUNTS.map(
              (name): Column<Day> => ({
                name: columns[name],
                cell: (row) => count(row.counts[name]),
                number: true,
              }),
            ),
          ]}
        />
      )}
      {putOff > 0 && <p>{words.putOff(putOff)}</p>}
      {rechecked > 0 && <p>{words.rechecked(rechecked)}</p>}
    </Panel>
  );
}

export function Hooks({ hooks }: { readonly hooks: readonly MailHookRow[] }) {
  const words = MAIL.hooks;
  const { columns } = words;
  return (
    <Panel id="hooks" title={words.title} intro={words.intro}>
      {hooks.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={hooks}
          keyOf={({ hook, office }) => `${hook} ${office}`}
          fits={({ officeName }, typed) => officeName.toLowerCase().includes(typed)}
          columns={[
            { name: columns.office, cell: ({ officeName }) => officeName, heads: true },
            { name: columns.hook, cell: ({ hook }) => words.names[hook] },
            { name: columns.acts, cell: ({ acts }) => words.acts[acts] },
            { name: columns.received, cell: ({ received }) => count(received), number: true },
            {
              name: columns.exposed,
              cell: ({ exposed, acts }) =>
                exposed === null || acts === 'before'
                  ? words.never
                  : words.exposed(exposed.median, exposed.most),
            },
            { name: columns.heard, cell: ({ lastHeard }) => <Moment iso={lastHeard} /> },
          ]}
        />
      )}
    </Panel>
  );
}
