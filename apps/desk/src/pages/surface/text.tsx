/** The surface as text: to read line by line, and to edit. What is wrong is shown by line, and nothing is saved then. */
import type { SurfaceAnswer, SurfaceChange } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { SurfaceRefused, tell } from '../../api/ask.ts';
import { useMay } from '../../api/me.ts';
import { withStepUp } from '../../api/step-up.ts';
import { Trouble } from '../../frame/trouble.tsx';
import { Field } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { count } from '../../words/formats.ts';
import { SURFACE } from './texts.ts';

const words = SURFACE.text;

export function SurfaceText({ surface }: { readonly surface: SurfaceAnswer }) {
  const [editing, setEditing] = useState(false);
  const mayWrite = useMay('surface.write');
  return (
    <Panel
      id="text"
      title={words.title}
      aside={
        mayWrite &&
        !editing && (
          <button type="button" className="usa-button usa-button--outline" onClick={() => setEditing(true)}>
            {words.edit}
          </button>
        )
      }
    >
      {surface.since !== null && (
        <p className="soft">
          {words.version(count(surface.version))}, {words.since} <Moment iso={surface.since} how="full" />
        </p>
      )}
      {editing ? <Edit yaml={surface.yaml} done={() => setEditing(false)} /> : <Read yaml={surface.yaml} />}
    </Panel>
  );
}

function Read({ yaml }: { readonly yaml: string }) {
  if (yaml.trim() === '') return <p className="nothing">{words.empty}</p>;
  const lines = yaml.trimEnd().split('\n');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide lines scroll inside it, by keyboard too
    <section className="copy copy--lines" aria-label={words.label} tabIndex={0}>
      <ol>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <li key={index}>
            <code>{line === '' ? ' ' : line}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Edit({ yaml, done }: { readonly yaml: string; readonly done: () => void }) {
  const [text, setText] = useState(yaml);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (body: SurfaceChange) => withStepUp(() => tell<SurfaceAnswer>('PUT', 'surface', body)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['surface'] });
      done();
    },
  });
  const refused = save.error instanceof SurfaceRefused ? save.error.problems : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ yaml: text });
      }}
    >
      <Field label={words.field} hint={words.hint} hintBelow>
        {(tied) => (
          <textarea
            {...tied}
            className="usa-input text-area text-area--code"
            rows={24}
            spellCheck={false}
            value={text}
            aria-describedby={`${tied['aria-describedby']} surface-problems`}
            aria-invalid={refused !== undefined}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      <div id="surface-problems">
        {refused !== undefined && (
          <div className="notice notice--bad" role="alert">
            <p className="strong">{words.wrong}</p>
            <ul>
              {refused.map(({ line, message }) => (
                <li key={`${line} ${message}`}>
                  <span className="strong">{words.line(count(line))}: </span>
                  {message}
                </li>
              ))}
            </ul>
          </div>
        )}
        {save.error !== null && refused === undefined && <Trouble error={save.error} />}
      </div>
      <div className="buttons">
        <button type="submit" className="usa-button" disabled={save.isPending}>
          {save.isPending ? words.saving : words.save}
        </button>
        <button type="button" className="usa-button usa-button--outline" onClick={done}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
