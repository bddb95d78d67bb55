/** One campaign: which offices it reached in which hour, and what was moved out of mailboxes. */
import type { MailCampaignAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { campaignQuery } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.campaign;

export function Campaign() {
  const { id = '' } = useParams({ strict: false });
  return (
    <Loaded query={useQuery(campaignQuery(id))} title={words.title}>
      {(answer) => <All answer={answer} />}
    </Loaded>
  );
}

function All({ answer: { campaign, reached, pulls } }: { readonly answer: MailCampaignAnswer }) {
  const { columns, pullColumns } = words;
  return (
    <>
      <PageHead
        title={campaign.subject === '' ? words.title : campaign.subject}
        above={
          <p>
            <Link to="/mail">{MAIL.look.back}</Link>
          </p>
        }
      >
        <p>{campaign.from}</p>
      </PageHead>
      <div className="spoken spoken--care">
        <p className="spoken__lead">{words.spoken(campaign.offices, campaign.messages, campaign.kept)}</p>
      </div>
      <Panel id="reached" title={words.reached}>
        <Table
          caption={words.reached}
          rows={reached}
          keyOf={({ office, hour }) => `${office} ${hour}`}
          columns={[
            { name: columns.office, cell: ({ officeName }) => officeName, heads: true },
            { name: columns.hour, cell: ({ hour }) => <Moment iso={hour} /> },
            { name: columns.messages, cell: ({ messages }) => count(messages), number: true },
            { name: columns.kept, cell: ({ kept }) => count(kept), number: true },
          ]}
        />
      </Panel>
      <Panel id="pulls" title={words.pulls}>
        {pulls.length === 0 ? (
          <p className="nothing">{words.noPulls}</p>
        ) : (
          <Table
            caption={words.pulls}
            rows={pulls}
            keyOf={({ at, mailbox, act }) => `${at} ${mailbox} ${act}`}
            columns={[
              {
                name: pullColumns.mailbox,
                cell: ({ mailbox, officeName }) => (
                  <>
                    {mailbox}
                    <span className="soft under">{officeName}</span>
                  </>
                ),
                heads: true,
              },
              { name: pullColumns.when, cell: ({ at }) => <Moment iso={at} /> },
              { name: pullColumns.what, cell: ({ act }) => words.acts[act] },
              {
                name: pullColumns.by,
                cell: ({ by, why }) => (
                  <>
                    {by}
                    <span className="soft under">{why}</span>
                  </>
                ),
                wide: true,
              },
            ]}
          />
        )}
      </Panel>
    </>
  );
}
