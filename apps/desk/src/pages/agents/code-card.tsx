/** The code of an agent, to be read over the phone: in groups, with a word for each letter, the lines to type, and its end. */
import type { MadeAgentCode } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef } from 'react';
import { withStepUp } from '../../api/step-up.ts';
import { Copy } from '../../ui/copy.tsx';
import { Refused } from '../../ui/refused.tsx';
import { useTimeLeft } from '../../ui/time-left.ts';
import { clockOf, groupsOf, saidOf } from '../people/code-clock.ts';
import { enrolLine, spelled } from './spelling.ts';
import { AGENTS } from './texts.ts';

const words = AGENTS.code;

const FULL = 'usa-button';
const OUTLINE = 'usa-button usa-button--outline';

export function AgentCodeCard({
  made,
  office,
  name,
  used,
  onAgain,
  onClose,
}: {
  readonly made: MadeAgentCode;
  /** Name of the office. */
  readonly office: string;
  /** Name of the computer. */
  readonly name: string;
  /** Whether the computer is in. */
  readonly used: boolean;
  readonly onAgain: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const id = useId();
  const head = useRef<HTMLHeadingElement>(null);
  const left = useTimeLeft(made.until);
  const over = left <= 0 && !used;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new code is read from the beginning
  useEffect(() => head.current?.focus(), [made.code]);
  const again = useMutation({ mutationFn: () => withStepUp(onAgain) });
  return (
    <section className="panel phone-code" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} ref={head} tabIndex={-1}>
        {used || over ? words.codeOf(name, office) : words.title(office)}
      </h2>
      <div role="status">
        {used && (
          <div className="notice notice--good">
            <p className="strong">{words.used(name, office)}</p>
            <p>{words.usedText}</p>
          </div>
        )}
        {over && (
          <div className="notice">
            <p className="strong">{words.over}</p>
            <p>{words.overText}</p>
          </div>
        )}
        {!over && !used && <span className="unseen">{saidOf(left)}</span>}
      </div>
      {!over && !used && <Steps made={made} name={name} left={left} />}
      {again.error !== null && <Refused error={again.error} />}
      <div className="buttons">
        <button type="button" className={over ? OUTLINE : FULL} onClick={onClose}>
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
      </div>
    </section>
  );
}

function Steps({
  made,
  name,
  left,
}: {
  readonly made: MadeAgentCode;
  readonly name: string;
  readonly left: number;
}) {
  const groups = groupsOf(made.code);
  return (
    <ol className="phone-code__steps">
      <li>{words.call}</li>
      <li>
        {words.type}
        <Copy label={words.line} text={enrolLine(made.hub, groups)} />
      </li>
      <li>
        {words.read}
        <ol className="spelled" aria-label={words.code}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups may be the same, and never move
            <li key={index}>
              <span aria-hidden="true" className="spelled__group">
                {group}
              </span>
              <span className="spelled__words">{spelled(group)}</span>
            </li>
          ))}
        </ol>
        <p className="phone-code__left">
          {words.left}{' '}
          <span role="timer" className="phone-code__clock">
            {clockOf(left)}
          </span>{' '}
          <span className="soft">{words.once}</span>
        </p>
      </li>
      <li>
        {words.wait(name)}
        <Copy label={words.startLabel} text={words.start} />
      </li>
    </ol>
  );
}
