/** What people reported, and the two buttons for what waits. */
import type { MailAnswer, MailReportRow } from '@bellwether/api';
import { useMay } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { useDone } from '../../ui/done.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { answerReport } from './queries.ts';
import { MAIL } from './texts.ts';

const { columns, ...words } = MAIL.reports;

export function Reports({
  answer: { reports, reportedRight, reportedWrong },
  onDone,
}: {
  readonly answer: MailAnswer;
  readonly onDone: () => void;
}) {
  const [notice, say] = useDone();
  const mayAnswer = useMay('mail.release');
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
                    mayAnswer={mayAnswer}
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
  mayAnswer,
  onDone,
}: {
  readonly row: MailReportRow;
  readonly mayAnswer: boolean;
  readonly onDone: () => void;
}) {
  return (
    <>
      {words.outcomes[outcome]}
      {seconds === null ? '' : `, ${words.within(seconds)}`}
      {outcome === 'waits' && mayAnswer && (
        <span className="buttons">
          {(['bad', 'fine'] as const).map((is) => (
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
