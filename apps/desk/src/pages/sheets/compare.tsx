/** The four words, large; and the choice between signing and calling. */
import type { SheetAnswer, SheetSummary } from '@bellwether/api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { HubProblem } from '../../api/ask.ts';
import { withStepUp } from '../../api/step-up.ts';
import { giveAway } from '../../ui/give-away.ts';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { NoSigner } from './no-signer.tsx';
import type { SheetRef } from './queries.ts';
import { sheetFile } from './sheet-file.ts';
import { SIGNER_UNKNOWN, signSheet } from './sign.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.compare;

export function Compare({
  of,
  answer,
  maySign,
  onSigned,
  onBack,
}: {
  readonly of: SheetRef;
  readonly answer: SheetAnswer;
  readonly maySign: boolean;
  readonly onSigned: (sheet: SheetSummary) => void;
  readonly onBack: () => void;
}) {
  const [differ, setDiffer] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes on by keyboard is led to what is next
  useEffect(() => box.current?.focus(), [differ]);
  const sign = useMutation({
    mutationFn: () => withStepUp(() => signSheet(of, answer)),
    onSuccess: onSigned,
  });
  const save = useMutation({
    mutationFn: () => sheetFile(of),
    onSuccess: ({ file, name }) => giveAway(file, name),
  });
  if (differ) {
    return (
      <div ref={box} tabIndex={-1}>
        <Panel id="differ" title={SHEETS.differ.title}>
          <p className="large">{SHEETS.differ.text}</p>
          <CodeWords of={answer.words} />
          <p>{SHEETS.differ.say}</p>
          <div className="buttons panel__acts">
            <button type="button" className="usa-button usa-button--outline" onClick={() => setDiffer(false)}>
              {SHEETS.differ.back}
            </button>
          </div>
        </Panel>
      </div>
    );
  }
  return (
    <div ref={box} tabIndex={-1} className="unprinted">
      <Panel id="compare" title={words.title}>
        <CodeWords of={answer.words} />
        <p className="large">{words.text}</p>
        <div className="buttons panel__acts">
          <button
            type="button"
            className="usa-button usa-button--outline"
            aria-disabled={save.isPending}
            onClick={() => save.isPending || save.mutate()}
          >
            {save.isPending ? words.saving : words.save}
          </button>
          <button type="button" className="usa-button usa-button--outline" onClick={() => window.print()}>
            {words.print}
          </button>
        </div>
        <p>{words.saveHint}</p>
        {save.error !== null && <Refused error={save.error} />}
        {answer.sheet.needsSecond && <p>{words.second}</p>}
        {sign.error !== null && <Could error={sign.error} office={of.office} until={answer.sheet.until} />}
        <div className="buttons panel__acts">
          {maySign ? (
            <>
              <button
                type="button"
                className="usa-button button-large"
                aria-disabled={sign.isPending}
                onClick={() => sign.isPending || sign.mutate()}
              >
                {sign.isPending ? words.signing : words.same}
              </button>
              <button
                type="button"
                className="usa-button usa-button--outline button-large"
                onClick={() => setDiffer(true)}
              >
                {words.differ}
              </button>
            </>
          ) : (
            <p>{words.reader}</p>
          )}
          <button type="button" className="usa-button usa-button--unstyled" onClick={onBack}>
            {words.back}
          </button>
        </div>
      </Panel>
    </div>
  );
}

/** Four words in their order, large. */
export function CodeWords({ of }: { readonly of: readonly string[] }) {
  return (
    <ol className="code-words" aria-label={words.label}>
      {of.map((word, index) => (
        // Two of the four may be the same word.
        // biome-ignore lint/suspicious/noArrayIndexKey: their place is what tells them apart
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}

function Could({
  error,
  office,
  until,
}: {
  readonly error: unknown;
  readonly office: string;
  readonly until: string;
}) {
  if (error instanceof HubProblem && error.problem.code === SIGNER_UNKNOWN)
    return <NoSigner office={office} />;
  return (
    <>
      <h3>{SHEETS.could.title}</h3>
      <Refused error={error} />
      <p>
        {SHEETS.could.call} <Moment iso={until} how="full" />.
      </p>
    </>
  );
}
