/** The log: how large it is, what is published, what waits; its key, and proofs to take away. */
import type { LogAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Copy } from '../../ui/copy.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Proof } from './proof.tsx';
import { logQuery } from './queries.ts';
import { LOG } from './texts.ts';

export function Log() {
  return (
    <>
      <PageHead title={LOG.title}>
        <p>{LOG.intro}</p>
        <p>
          <Link to="/evidence">{LOG.witnesses}</Link>
        </p>
      </PageHead>
      <Loaded query={useQuery(logQuery)}>
        {(log) => (
          <>
            <Standing log={log} />
            <div className="pair">
              <Facts log={log} />
              <Proof published={log.published?.size ?? '0'} />
            </div>
            <Key log={log} />
            {log.verifier !== null && <Verifier verifier={log.verifier} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function Standing({ log }: { readonly log: LogAnswer }) {
  const { newest, published, pending, witnesses, quorum } = log;
  const isAll = published?.size === newest.size;
  // Without a rule anything is published: that is no reason to be calm.
  const isWitnessed = quorum !== null;
  return (
    <div className={`spoken spoken--${isAll && isWitnessed ? 'calm' : 'care'}`}>
      <p className="spoken__lead">
        {published === null
          ? LOG.unpublished
          : !isWitnessed
            ? LOG.unwitnessed(entries(published.size))
            : isAll
              ? LOG.allPublished(entries(newest.size))
              : LOG.published(entries(published.size), entries(newest.size))}
      </p>
      <p className="spoken__after">
        {pending === null ? (
          LOG.nothingWaits
        ) : (
          <>
            {LOG.waits(pending.cosigned, witnesses)} {LOG.since} <Moment iso={pending.since} />.
          </>
        )}{' '}
        {quorum === null ? LOG.noPolicy : LOG.quorum(quorum)}
      </p>
    </div>
  );
}

function Facts({ log: { newest, published } }: { readonly log: LogAnswer }) {
  const words = LOG.facts;
  const facts = [
    { name: words.size, value: entries(newest.size) },
    { name: words.root, value: <code>{newest.root}</code> },
    { name: words.published, value: published === null ? words.none : entries(published.size) },
    ...(published === null ? [] : [{ name: words.publishedRoot, value: <code>{published.root}</code> }]),
  ];
  return (
    <Panel id="facts" title={words.title}>
      <dl className="facts facts--long">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Key({ log: { key, origin } }: { readonly log: LogAnswer }) {
  return (
    <Panel id="key" title={LOG.key.title} intro={LOG.key.text}>
      <Copy label={LOG.key.label} text={key} />
      <p>
        <span className="strong">{LOG.key.origin}: </span>
        {origin}
      </p>
    </Panel>
  );
}

function Verifier({
  verifier: { index, version, files },
}: {
  readonly verifier: NonNullable<LogAnswer['verifier']>;
}) {
  const words = LOG.verifier;
  return (
    <Panel id="verifier" title={words.title} intro={words.text(version, entries(index))}>
      <dl className="facts facts--long">
        {Object.entries(files).map(([name, hash]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{hash}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <a href="/public/verify/bellwether-verify.html" download>
          {words.save}
        </a>
      </p>
    </Panel>
  );
}

/** A number of entries, which may be beyond 2^53. */
function entries(size: string): string {
  return BigInt(size).toLocaleString('en-US');
}
