/** One message, looked at safely: its words, where its links lead as words, and its files as pictures or text. */
import type { KeptMailDetail, MailPartRow, MailView } from '@bellwether/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Done, useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Now, Release } from './kept.tsx';
import { keptOneQuery, viewPart } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.look;

export function LookAt() {
  const { id = '' } = useParams({ strict: false });
  return (
    <Loaded query={useQuery(keptOneQuery(id))} title={words.title}>
      {(detail) => <Message detail={detail} />}
    </Loaded>
  );
}

function Message({ detail: { message, text, links, parts } }: { readonly detail: KeptMailDetail }) {
  const client = useQueryClient();
  const [notice, say] = useDone();
  const { subject, from, fromName, to, officeName, at, reasons, campaign } = message;
  return (
    <>
      <PageHead
        title={subject === '' ? MAIL.kept.noSubject : subject}
        above={
          <p>
            <Link to="/mail">{words.back}</Link>
          </p>
        }
      />
      {notice}
      <Panel id="head" title={words.why}>
        <ul>
          {reasons.length === 0 ? (
            <li>{MAIL.kept.noReason}</li>
          ) : (
            reasons.map(({ code, text: why }) => <li key={code}>{why}</li>)
          )}
        </ul>
        <dl className="facts facts--stacked">
          <dt>{words.from}</dt>
          <dd>{fromName === '' ? from : `${fromName} <${from}>`}</dd>
          <dt>{words.to}</dt>
          <dd>
            {to.join(', ')} ({officeName})
          </dd>
          <dt>{words.when}</dt>
          <dd>
            <Moment iso={at} how="full" />
          </dd>
          <dt>{words.state}</dt>
          <dd>
            <Now message={message} />
          </dd>
        </dl>
        {campaign !== null && (
          <p>
            <Link to="/mail/campaigns/$id" params={{ id: campaign }}>
              {words.campaign}
            </Link>
          </p>
        )}
        <Release
          message={message}
          onDone={() => {
            say(MAIL.release.done);
            void client.invalidateQueries({ queryKey: ['mail'] });
          }}
        />
      </Panel>
      <Panel id="text" title={words.text}>
        {text === null ? <p>{words.noText}</p> : <p className="said">{text}</p>}
      </Panel>
      {text !== null && (
        <>
          <Panel id="links" title={words.links} {...(links.length > 0 ? { intro: words.linksIntro } : {})}>
            {links.length === 0 ? (
              <p className="nothing">{words.noLinks}</p>
            ) : (
              <ul>
                {links.map(({ text: shown, host, url }, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same link may stand twice, and the list never changes
                  <li key={at}>
                    {shown === '' ? words.bare(host) : words.link(shown, host)}
                    <span className="soft under address">{url}</span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel id="files" title={words.files}>
            {parts.length === 0 ? (
              <p className="nothing">{words.noFiles}</p>
            ) : (
              parts.map((part) => <File key={part.number} id={message.id} part={part} />)
            )}
          </Panel>
        </>
      )}
    </>
  );
}

function File({ id, part }: { readonly id: number; readonly part: MailPartRow }) {
  const show = useMutation({ mutationFn: () => viewPart(id, part.number) });
  const name = words.file(part.name, part.bytes);
  return (
    <div className="stack">
      <p>{name}</p>
      {show.data === undefined ? (
        <p>
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-disabled={show.isPending}
            aria-label={`${words.show}: ${name}`}
            onClick={() => {
              if (!show.isPending) show.mutate();
            }}
          >
            {words.show}
          </button>
        </p>
      ) : (
        <View view={show.data} />
      )}
      {show.error !== null && <Refused error={show.error} />}
    </div>
  );
}

function View({ view: { why, pages, text, cut } }: { readonly view: MailView }) {
  return (
    <>
      {why !== null && <Done>{why}</Done>}
      {pages.map((page, at) => (
        <img
          // biome-ignore lint/suspicious/noArrayIndexKey: pages have no name but their number
          key={at}
          className="shown-page"
          alt={words.page(at + 1, pages.length)}
          src={`data:image/png;base64,${page}`}
        />
      ))}
      {text.trim() !== '' && <p className="said">{text}</p>}
      {cut && <p>{words.cut}</p>}
    </>
  );
}
