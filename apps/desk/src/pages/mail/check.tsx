/** A message that somebody has and does not trust: pasted or chosen, and what we think of it. */
import type { MailChecked, MailCheckWish } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { checkMail } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.check;

/** Largest file: what the hub takes, bytes. */
const MOST_BYTES = 10_000_000;

export function CheckMessage() {
  const [text, setText] = useState('');
  const [file, setFile] = useState<File>();
  const [fault, setFault] = useState<string>();
  const area = useRef<HTMLTextAreaElement>(null);
  const check = useMutation({ mutationFn: async () => checkMail(await wishOf(text, file)) });
  const submit = () => {
    if (check.isPending) return;
    const wrong =
      file === undefined && text.trim() === ''
        ? words.missing
        : (file?.size ?? text.length) > MOST_BYTES
          ? words.tooLarge
          : undefined;
    setFault(wrong);
    if (wrong === undefined) check.mutate();
    else area.current?.focus();
  };
  return (
    <>
      <PageHead
        title={words.title}
        above={
          <p>
            <Link to="/mail">{MAIL.look.back}</Link>
          </p>
        }
      >
        <p>{words.intro}</p>
      </PageHead>
      {check.data !== undefined && <Answer answer={check.data} />}
      <Panel id="check" title={words.paste}>
        <form
          className="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field label={words.paste} hint={words.pasteHint} fault={fault}>
            {(tied) => (
              <textarea
                {...tied}
                ref={area}
                className="usa-input text-area"
                rows={10}
                spellCheck={false}
                value={text}
                onChange={({ target }) => {
                  setText(target.value);
                  setFault(undefined);
                }}
              />
            )}
          </Field>
          <Field label={words.file}>
            {(tied) => (
              <input
                {...tied}
                type="file"
                accept=".eml,message/rfc822"
                onChange={({ target }) => {
                  setFile(target.files?.[0]);
                  setFault(undefined);
                }}
              />
            )}
          </Field>
          {check.error !== null && <Refused error={check.error} />}
          <button type="submit" className="usa-button" aria-disabled={check.isPending}>
            {check.isPending ? words.waiting : words.button}
          </button>
        </form>
      </Panel>
    </>
  );
}

function Answer({
  answer: { outcome, subject, from, reasons, offices, text },
}: {
  readonly answer: MailChecked;
}) {
  return (
    <div role="status">
      <div className={`spoken spoken--${outcome === 'deliver' ? 'calm' : 'care'}`}>
        <p className="spoken__lead">{words.outcomes[outcome]}</p>
        <p className="spoken__after">
          {subject === '' ? MAIL.kept.noSubject : subject}, {from}
        </p>
        {offices > 0 && <p className="spoken__after">{words.others(offices)}</p>}
      </div>
      {reasons.length > 0 && (
        <Panel id="reasons" title={words.reasons}>
          <ul>
            {reasons.map(({ code, text: why }) => (
              <li key={code}>{why}</li>
            ))}
          </ul>
        </Panel>
      )}
      {text.trim() !== '' && (
        <Panel id="words" title={words.text}>
          <p className="said">{text}</p>
        </Panel>
      )}
    </div>
  );
}

/** A file goes as its bytes: reading it as text would change it. */
async function wishOf(text: string, file: File | undefined): Promise<MailCheckWish> {
  if (file === undefined) return { message: text, as: 'text' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return { message: btoa(binary), as: 'base64' };
}
