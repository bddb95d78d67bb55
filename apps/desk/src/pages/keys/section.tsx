/** Keys with which programs send lines of a place or read blocks: which there are, a new one (shown this once), a certificate, an end. */
import type { KeyRow, NewKey } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../../api/me.ts';
import { Act, type ActField } from '../../ui/act.tsx';
import { Copy } from '../../ui/copy.tsx';
import { useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { NameForm } from '../../ui/name-form.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { type Names, nameOf, useNames } from '../people/names.ts';
import { BouncerFields, type BouncerWish, bouncerOf, NO_BOUNCER } from './bouncer-fields.tsx';
import { CertificateBox, type ShownCertificate } from './certificate-box.tsx';
import { curlWithKey } from './lines.ts';
import { askCertificate, keysQuery, makeKey, withdrawKey } from './queries.ts';
import { KEYS } from './texts.ts';

/** A key on screen. */
type Shown = { readonly key: string; readonly name: string; readonly readsBlocks: boolean };

/** The section of a page; nothing for who may not see keys there. */
export function KeysSection({ place }: { readonly place: string }) {
  const mayRead = useMay('keys.read', place);
  return mayRead ? <Section place={place} /> : null;
}

function Section({ place }: { readonly place: string }) {
  const mayChange = useMay('keys.change', place);
  const client = useQueryClient();
  const [made, setMade] = useState<Shown>();
  const [certificate, setCertificate] = useState<ShownCertificate>();
  const [wish, setWish] = useState<BouncerWish>(NO_BOUNCER);
  const [notice, say] = useDone();
  const names = useNames();
  const askAnew = () => void client.invalidateQueries({ queryKey: ['keys'] });
  return (
    <Panel id="keys" title={KEYS.title} intro={KEYS.intro}>
      {notice}
      {made !== undefined && <MadeKeyBox made={made} place={place} onClose={() => setMade(undefined)} />}
      {certificate !== undefined && (
        <CertificateBox shown={certificate} onClose={() => setCertificate(undefined)} />
      )}
      <Loaded query={useQuery(keysQuery(place))}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p className="nothing">{KEYS.none}</p>
          ) : (
            <Table
              caption={KEYS.title}
              rows={keys}
              keyOf={({ id }) => String(id)}
              columns={columnsFor(mayChange, names, {
                onCertified: setCertificate,
                onWithdrawn: (name) => {
                  say(KEYS.withdraw.done(name));
                  askAnew();
                },
              })}
            />
          )
        }
      </Loaded>
      {mayChange && (
        <NameForm
          words={KEYS.make}
          isReady={() => {
            const isReady = bouncerOf(wish) !== undefined;
            setWish({ ...wish, isWrong: !isReady });
            return isReady;
          }}
          act={(name) => makeKey(keyWish(place, name, wish))}
          onDone={(name, { key }) => {
            say('');
            setMade({ key, name, readsBlocks: wish.readsBlocks });
            setWish(NO_BOUNCER);
            askAnew();
          }}
        >
          <BouncerFields wish={wish} onChange={setWish} />
        </NameForm>
      )}
    </Panel>
  );
}

/** What was changed. */
type Changes = {
  readonly onCertified: (shown: ShownCertificate) => void;
  readonly onWithdrawn: (name: string) => void;
};

/** A request for a certificate, as openssl writes it. */
const REQUEST: ActField = {
  hint: KEYS.certificate.hint,
  missing: KEYS.certificate.missing,
  isEnough: (text) => /^-----BEGIN [A-Z ]*CERTIFICATE REQUEST-----[\s\S]*-----END [A-Z ]*-----$/.test(text),
  rows: 6,
  longest: 8_192,
};

function keyWish(place: string, name: string, wish: BouncerWish): NewKey {
  const bouncer = bouncerOf(wish);
  return { place, name, ...(bouncer == null ? {} : { bouncer }) };
}

function columnsFor(
  mayChange: boolean,
  names: Names,
  { onCertified, onWithdrawn }: Changes,
): readonly Column<KeyRow>[] {
  const { columns, certificate, withdraw } = KEYS;
  return [
    { name: columns.name, cell: ({ name }) => name, heads: true },
    { name: columns.does, cell: ({ bouncer }) => (bouncer === undefined ? KEYS.sends : KEYS.reads(bouncer)) },
    { name: columns.by, cell: ({ madeBy }) => nameOf(madeBy, names) },
    { name: columns.made, cell: ({ made }) => <Moment iso={made} /> },
    { name: columns.used, cell: ({ used }) => (used === null ? KEYS.never : <Moment iso={used} />) },
    ...(mayChange
      ? [
          {
            name: columns.change,
            cell: ({ id, name, bouncer }: KeyRow) => (
              <div className="buttons">
                {bouncer !== undefined && (
                  <Act
                    name={certificate.name}
                    of={name}
                    says={certificate.says(name)}
                    why={certificate.ask}
                    field={REQUEST}
                    confirm={certificate.confirm}
                    act={async (request) => onCertified({ name, ...(await askCertificate(id, request)) })}
                    onDone={() => {}}
                  />
                )}
                <Act
                  name={withdraw.name}
                  of={name}
                  says={withdraw.says(name)}
                  why={withdraw.why}
                  confirm={withdraw.confirm}
                  act={(why) => withdrawKey(id, why)}
                  onDone={() => onWithdrawn(name)}
                />
              </div>
            ),
          },
        ]
      : []),
  ];
}

function MadeKeyBox({
  made: { key, name, readsBlocks },
  place,
  onClose,
}: {
  readonly made: Shown;
  readonly place: string;
  readonly onClose: () => void;
}) {
  const head = useRef<HTMLHeadingElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const words = KEYS.made;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is read from the beginning
  useEffect(() => head.current?.focus(), [key]);
  const copy = () =>
    void navigator.clipboard.writeText(key).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="new-key">
      <h3 ref={head} tabIndex={-1}>
        {words.title(name)}
      </h3>
      <p>{readsBlocks ? words.onceBouncer : words.once}</p>
      <Copy label={words.region(words.key)} text={key} />
      <div className="buttons">
        {navigator.clipboard !== undefined && (
          <button type="button" className="usa-button" onClick={copy}>
            {words.copy}
          </button>
        )}
        <button type="button" className="usa-button usa-button--outline" onClick={onClose}>
          {words.close}
        </button>
      </div>
      <p role="status">{copied === true ? words.copied : copied === false ? words.notCopied : ''}</p>
      {readsBlocks ? (
        <p>{words.bouncer}</p>
      ) : (
        <>
          <h4>{words.curl}</h4>
          <p>{words.curlText}</p>
          <Copy label={words.region(words.curl)} text={curlWithKey(key, place, location.origin)} />
          <p>{words.others}</p>
        </>
      )}
    </div>
  );
}
