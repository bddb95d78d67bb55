/** Step 4: how the hub is reached from other computers; and, once it is, what has to be done there. */
import type { PhoneCode, SetUpAnswer } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { address, tell } from '../../api/ask.ts';
import { useMe } from '../../api/me.ts';
import { withStepUp } from '../../api/step-up.ts';
import { Field } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Ways } from '../../ui/ways.tsx';
import { StepForm } from './form.tsx';
import { type HttpsField, type HttpsFields, httpsWish, NO_FIELDS } from './https-wish.ts';
import { useStep } from './step.ts';
import { SET_UP } from './texts.ts';

const words = SET_UP.https;

type How = SetUpAnswer['https']['how'];

const WAYS = ['off', 'given', 'acme', 'own'] as const satisfies readonly How[];

/** Fields of each way, in their order. */
const FIELDS: Readonly<Record<How, readonly HttpsField[]>> = {
  off: [],
  given: ['name', 'certificate', 'key', 'host', 'port'],
  acme: ['name', 'host', 'port', 'directory', 'contact'],
  own: ['name', 'host', 'port'],
};

const LABELS: Readonly<Record<HttpsField, { readonly label: string; readonly hint: string }>> = {
  name: { label: words.name, hint: words.nameHint },
  host: { label: words.host, hint: words.hostHint },
  port: { label: words.port, hint: words.portHint },
  certificate: { label: words.certificate, hint: words.certificateHint },
  key: { label: words.key, hint: words.keyHint },
  directory: { label: words.directory, hint: words.directoryHint },
  contact: { label: words.contact, hint: words.contactHint },
};

export function HttpsStep({
  answer: { https },
  onDone,
}: {
  readonly answer: SetUpAnswer;
  readonly onDone: () => void;
}) {
  const [how, setHow] = useState<How>(https.how);
  const [fields, setFields] = useState<HttpsFields>({ ...NO_FIELDS, name: https.name ?? '' });
  const [isTried, setTried] = useState(false);
  const step = useStep(onDone);
  const { body, faults } = httpsWish(how, fields);
  const restarts = how !== 'off' || https.how !== 'off';
  return (
    <>
      <HttpsState https={https} />
      <StepForm
        step={step}
        save={words.save}
        restarts={restarts}
        onSubmit={() => {
          setTried(true);
          return body === undefined ? undefined : { method: 'PUT', path: 'set-up/https', body, restarts };
        }}
      >
        <Ways
          legend={words.legend}
          name="https"
          value={how}
          onChange={(chosen) => {
            setHow(chosen);
            setTried(false);
          }}
          ways={WAYS.map((value) => ({ value, ...words.ways[value] }))}
        />
        {FIELDS[how].map((field) => (
          <Field key={field} {...LABELS[field]} fault={isTried ? faults[field] : undefined}>
            {(tied) => (
              <input
                {...tied}
                className="usa-input"
                autoComplete="off"
                spellCheck={false}
                inputMode={field === 'port' ? 'numeric' : 'text'}
                value={fields[field]}
                onChange={({ target }) => setFields({ ...fields, [field]: target.value })}
              />
            )}
          </Field>
        ))}
      </StepForm>
    </>
  );
}

/** Where it is reached, or why it is not yet; and what other computers need. */
export function HttpsState({ https }: { readonly https: SetUpAnswer['https'] }) {
  const isPerson = useMe().who === 'person';
  if (https.how === 'off') return null;
  return (
    <div className="stack">
      <dl className="facts facts--stacked">
        {https.address !== null && (
          <div>
            <dt>{words.address}</dt>
            <dd className="address">{https.address}</dd>
          </div>
        )}
        {https.waiting !== null && (
          <div>
            <dt>{words.waiting}</dt>
            <dd>{https.waiting}</dd>
          </div>
        )}
        {https.fingerprint !== null && (
          <div>
            <dt>{words.fingerprint}</dt>
            <dd className="address fingerprint">{https.fingerprint}</dd>
          </div>
        )}
      </dl>
      {https.fingerprint !== null && (
        <details className="twin">
          <summary>{words.trustTitle}</summary>
          <ol className="twin__body">
            {words.trust.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
          <p className="twin__body">
            <a className="usa-button usa-button--outline" href={address('set-up/https/ca.pem')} download>
              {words.saveCertificate}
            </a>
          </p>
        </details>
      )}
      {https.address !== null && isPerson && <SecondPasskey address={https.address} />}
    </div>
  );
}

/** A code for a passkey under the name of the hub: the one of this computer's address does not work there. */
function SecondPasskey({ address: where }: { readonly address: string }) {
  const make = useMutation({
    mutationFn: () => withStepUp(() => tell<PhoneCode>('POST', 'set-up/https/code', {})),
  });
  // Who came by that address has a passkey there.
  if (window.location.origin === where) return null;
  return (
    <div className="stack">
      <h3>{words.codeTitle}</h3>
      <p>{words.codeText}</p>
      {make.data !== undefined && (
        <p role="status">
          {words.code(where)} <code className="big-code">{make.data.code}</code>
        </p>
      )}
      {make.error !== null && <Refused error={make.error} />}
      <button
        type="button"
        className="usa-button usa-button--outline"
        aria-disabled={make.isPending}
        onClick={() => make.isPending || make.mutate()}
      >
        {words.codeButton}
      </button>
    </div>
  );
}
