/** Ten codes for the day when the device is lost: a clean sheet to print, which has to be confirmed before going on. */
import { useId, useState } from 'react';
import { useMe } from '../api/me.ts';
import { longDay } from '../words/formats.ts';
import { FieldFault } from './field.tsx';
import { useZone } from './moment.tsx';
import { RECOVERY } from './recovery-texts.ts';

export function RecoveryCodes({
  codes,
  name,
  onKept,
}: {
  readonly codes: readonly string[];
  /** Whose they are. */
  readonly name: string;
  readonly onKept: () => void;
}) {
  const [kept, setKept] = useState(false);
  const [missed, setMissed] = useState(false);
  const field = useId();
  const { state } = useMe();
  const zone = useZone();
  const today = longDay(new Date().toISOString(), zone);
  return (
    <>
      <section className="sheet" aria-labelledby={`${field}-title`}>
        <h2 id={`${field}-title`}>{RECOVERY.title}</h2>
        <p className="sheet__whose">
          {RECOVERY.whose(name, state ?? RECOVERY.hub)} <span className="soft">{RECOVERY.made(today)}</span>
        </p>
        <p>{RECOVERY.intro}</p>
        <ol className="sheet__codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p className="sheet__where">{RECOVERY.where(location.origin)}</p>
      </section>
      <form
        className="stack unprinted"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (kept) onKept();
          else setMissed(true);
        }}
      >
        <div>
          <button type="button" className="usa-button usa-button--outline" onClick={() => window.print()}>
            {RECOVERY.print}
          </button>
        </div>
        <div className="tick">
          <input
            id={field}
            type="checkbox"
            checked={kept}
            aria-invalid={missed}
            aria-describedby={missed ? `${field}-error` : undefined}
            onChange={({ target }) => {
              setKept(target.checked);
              setMissed(false);
            }}
          />
          <label htmlFor={field}>{RECOVERY.kept}</label>
        </div>
        <FieldFault id={`${field}-error`} fault={missed ? RECOVERY.missed : undefined} />
        <div>
          <button type="submit" className="usa-button">
            {RECOVERY.goOn}
          </button>
        </div>
      </form>
    </>
  );
}
