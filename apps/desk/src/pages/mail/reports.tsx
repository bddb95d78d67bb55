/** What people reported, and what may be said of what waits: that it is fraud is said by the state. */
import type { MailAnswer, MailReportRow } from '@bellwether/api';
import { useMay, useReach } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { useDone } from '../../ui/done.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { answerReport } from './queries.ts';
import { MAIL } from './texts.ts';

const { columns, ...words } = MAIL.reports;

const STATES = ['bad', 'fine'] as const;
const OFFICES = ['fine'] as const;

export function Reports({
  answer: { reports, reportedRight, reportedWrong },
  onDone,
}: {
  readonly answer: MailAnswer;
  readonly onDone: () => void;
}) {
  const [notice, say] = useDone();
  const mayAnswer = useMay('mail.release');
  const reach = useReach('mail.release');
  const answers = reach === 'all' || reach.includes('state') ? STATES : OFFICES;
  return (
    <Panel id="reports" title={words.title} intro={words.intro}>
      {notice}
      {reports.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <>
          <p>{words.right(reportedRight, reportedWrong)}</p>
          <Table
            caption={words.title}
            rows={reports}
            keyOf={({ id }) => String(id)}
            columns={[
              {
                name: columns.what,
                cell: ({ subject }) => (subject === '' ? MAIL.kept.noSubject : subject),
                heads: true,
              },
              {
                name: columns.who,
                cell: ({ reporter, officeName, at }) => (
                  <>
                    {reporter}
                    <span className="soft under">
                      {officeName}, <Moment iso={at} />
                    </span>
                  </>
                ),
              },
              {
                name: columns.outcome,
                cell: (row) => (
                  <Outcome
                    row={row}
                    answers={mayAnswer ? answers : []}
                    onDone={() => {
                      say(words.done);
                      onDone();
                    }}
                  />
                ),
                wide: true,
              },
            ]}
          />
        </>
      )}
    </Panel>
  );
}

function Outcome({
  row: { id, outcome, seconds, subject },
  answers,
  onDone,
}: {
  readonly row: MailReportRow;
  readonly answers: readonly ('bad' | 'fine')[];
  readonly onDone: () => void;
}) {
  return (
    <>
      {words.outcomes[outcome]}
      {seconds === null ? '' : `, ${words.within(seconds)}`}
      {outcome === 'waits' && answers.length > 0 && (
        <span className="buttons">
          {answers.map((is) => (
            <Act
              key={is}
              {...words[is]}
              of={subject === '' ? MAIL.kept.noSubject : subject}
              act={() => answerReport(id, { is })}
              onDone={onDone}
            />
          ))}
        </span>
      )}
    </>
  );
}
