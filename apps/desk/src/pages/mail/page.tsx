/** Mail: what came in and what became of it, what is kept from people and why, campaigns, reports, and where mail is judged. */
import type { MailAnswer } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay, useReach } from '../../api/me.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Account, Hooks } from './account.tsx';
import { Campaigns } from './campaigns.tsx';
import { Kept } from './kept.tsx';
import { keptQuery, mailQuery } from './queries.ts';
import { Reports } from './reports.tsx';
import { MAIL } from './texts.ts';
import { Warned } from './warned.tsx';

export function Mail() {
  const reach = useReach('mail.read');
  const isState = reach === 'all' || reach.includes('state');
  return (
    <>
      <PageHead title={MAIL.title}>
        <p>{MAIL.intro}</p>
        <p>
          <Link to="/mail/check">{MAIL.ways.check}</Link>
          {isState && (
            <>
              {' · '}
              <Link to="/mail/protected">{MAIL.ways.protected}</Link>
            </>
          )}
        </p>
      </PageHead>
      <Loaded query={useQuery(mailQuery)}>{(answer) => <All answer={answer} isState={isState} />}</Loaded>
    </>
  );
}

function All({ answer, isState }: { readonly answer: MailAnswer; readonly isState: boolean }) {
  const client = useQueryClient();
  const mayWarn = useMay('mail.write');
  const askAnew = () => void client.invalidateQueries({ queryKey: ['mail'] });
  return (
    <>
      <Spoken answer={answer} isState={isState} />
      <Loaded query={useQuery(keptQuery)}>{(kept) => <Kept kept={kept} onDone={askAnew} />}</Loaded>
      {!isState && (
        <Panel id="how-to-report" title={MAIL.report.title}>
          <p>{MAIL.report.text}</p>
        </Panel>
      )}
      <Campaigns campaigns={answer.campaigns} />
      <Reports answer={answer} onDone={askAnew} />
      {isState && mayWarn && <Warned onDone={askAnew} />}
      <Account answer={answer} />
      <Hooks hooks={answer.hooks} />
    </>
  );
}

function Spoken({ answer, isState }: { readonly answer: MailAnswer; readonly isState: boolean }) {
  const { waiting, mistakes, counts } = answer;
  return (
    <div className={`spoken spoken--${waiting > 0 ? 'care' : 'calm'}`}>
      <p className="spoken__lead">
        {isState ? MAIL.spoken(answer) : MAIL.spokenToClerk(counts.held + counts.blocked)}
      </p>
      <p className="spoken__after">{MAIL.mistakes(mistakes)}</p>
      {counts.unchecked > 0 && <p className="spoken__after">{MAIL.unchecked(counts.unchecked)}</p>}
    </div>
  );
}
