/** Messages that belong together, over all offices. */
import type { MailCampaignRow } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { MAIL } from './texts.ts';

const { columns, ...words } = MAIL.campaigns;

export function Campaigns({ campaigns }: { readonly campaigns: readonly MailCampaignRow[] }) {
  return (
    <Panel id="campaigns" title={words.title} intro={words.intro}>
      {campaigns.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={campaigns}
          keyOf={({ id }) => id}
          columns={[
            {
              name: columns.what,
              cell: ({ id, subject, from }) => (
                <>
                  <Link to="/mail/campaigns/$id" params={{ id }}>
                    {subject === '' ? MAIL.kept.noSubject : subject}
                  </Link>
                  <span className="soft under">{from}</span>
                </>
              ),
              heads: true,
            },
            {
              name: columns.when,
              cell: ({ firstAt, lastAt }) => (
                <>
                  <Moment iso={firstAt} />
                  <span className="soft under">
                    <Moment iso={lastAt} />
                  </span>
                </>
              ),
            },
            { name: columns.offices, cell: ({ offices }) => count(offices), number: true },
            { name: columns.messages, cell: ({ messages }) => count(messages), number: true },
            { name: columns.kept, cell: ({ kept }) => count(kept), number: true },
            { name: columns.pulled, cell: ({ pulled }) => count(pulled), number: true },
          ]}
        />
      )}
    </Panel>
  );
}
