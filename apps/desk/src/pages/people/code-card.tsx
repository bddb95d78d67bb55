/** A code to be read over the phone: very large, with what to say, and how long it works. It is shown this once. */
import type { PhoneCode } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef } from 'react';
import { useMe } from '../../api/me.ts';
import { withStepUp } from '../../api/step-up.ts';
import { useZone } from '../../ui/moment.tsx';
import { Refused } from '../../ui/refused.tsx';
import { useTimeLeft } from '../../ui/time-left.ts';
import { clockTime } from '../../words/formats.ts';
import { clockOf, groupsOf, saidOf, spokenDigits } from './code-clock.ts';
import { PHONE_CODE } from './texts.ts';

/** Names under which a computer reaches a hub on itself, and nobody else does. */
const OWN_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const FULL = 'usa-button';
const OUTLINE = 'usa-button usa-button--outline';

export type CodeCardProps = {
  readonly made: PhoneCode;
  readonly name: string;
  readonly phone: string | null;
  /** Whether the hub says that it was used. */
  readonly used: boolean;
  readonly onAgain: () => Promise<unknown>;
  readonly onWithdraw: () => Promise<unknown>;
  readonly onClose: () => void;
};

export function CodeCard({ made, name, phone, used, onAgain, onWithdraw, onClose }: CodeCardProps) {
  const id = useId();
  const head = useRef<HTMLHeadingElement>(null);
  const left = useTimeLeft(made.until);
  const over = left <= 0;
  const words = PHONE_CODE;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new code is read from the beginning
  useEffect(() => head.current?.focus(), [made.code]);
  const again = useMutation({ mutationFn: () => withStepUp(onAgain) });
  const withdraw = useMutation({ mutationFn: () => withStepUp(onWithdraw) });
  const error = again.error ?? withdraw.error;
  return (
    <section className="panel phone-code" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} ref={head} tabIndex={-1}>
        {used || over ? words.codeOf(name) : words.title(name)}
      </h2>
      <div role="status">
        {used && (
          <div className="notice notice--good">
            <p className="strong">{words.used(name)}</p>
            <p>{words.usedText}</p>
          </div>
        )}
        {over && !used && (
          <div className="notice">
            <p className="strong">{words.over}</p>
            <p>{words.overText}</p>
          </div>
        )}
        {!over && !used && <span className="unseen">{saidOf(left)}</span>}
      </div>
      {!over && !used && (
        <>
          <Script until={made.until} name={name} phone={phone} />
          <Digits code={made.code} />
          <p className="phone-code__left">
            {words.left}{' '}
            <span role="timer" className="phone-code__clock">
              {clockOf(left)}
            </span>{' '}
            <span className="soft">{words.once}</span>
          </p>
        </>
      )}
      {error !== null && <Refused error={error} />}
      <div className="buttons">
        <button type="button" className={over && !used ? OUTLINE : FULL} onClick={onClose}>
          {words.close}
        </button>
        {!used && (
          <button
            type="button"
            className={over ? FULL : OUTLINE}
            aria-disabled={again.isPending}
            onClick={() => again.isPending || again.mutate()}
          >
            {words.again}
          </button>
        )}
        {!used && !over && (
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-disabled={withdraw.isPending}
            onClick={() => withdraw.isPending || withdraw.mutate()}
          >
            {words.withdraw}
          </button>
        )}
      </div>
    </section>
  );
}

function Script({ until, name, phone }: Pick<CodeCardProps, 'name' | 'phone'> & { readonly until: string }) {
  const { person, address: elsewhere } = useMe();
  const zone = useZone();
  const { steps } = PHONE_CODE;
  // At the hub's own computer its name in the network is what others type.
  const origin = OWN_NAMES.has(location.hostname) ? elsewhere : location.origin;
  const address = origin === null ? steps.hubAddress : `${origin}/code`;
  return (
    <ol className="phone-code__steps">
      <li>{steps.call(phone)}</li>
      <li>
        {steps.sayTitle}
        <blockquote>{steps.say(person?.name ?? null, address, clockTime(until, zone))}</blockquote>
      </li>
      <li>{steps.read}</li>
      <li>{steps.wait(name)}</li>
    </ol>
  );
}

function Digits({ code }: { readonly code: string }) {
  return (
    <p className="phone-code__digits">
      <span className="unseen">
        {PHONE_CODE.code}: {spokenDigits(code)}
      </span>
      {groupsOf(code).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups may be the same, and never move
        <span key={index} aria-hidden="true">
          {group}
        </span>
      ))}
    </p>
  );
}
