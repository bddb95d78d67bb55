/** The search form. */
import { useNavigate } from '@tanstack/react-router';
import type { Search } from '../../api/queries.ts';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { OfficeChoice } from '../../ui/office-choice.tsx';
import { DISPOSITION_WORDS, DISPOSITIONS } from '../../words/dispositions.ts';
import { fieldOf, searchOf } from './search.ts';
import { CONTACTS } from './texts.ts';

export function SearchForm({ search }: { readonly search: Search }) {
  const navigate = useNavigate();
  const words = CONTACTS.form;
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void navigate({
      to: '/contacts',
      search: searchOf(Object.fromEntries(new FormData(event.currentTarget))),
    });
  };
  return (
    <search>
      <form className="panel fields" aria-label={words.label} onSubmit={submit}>
        <Field label={words.source} hint={words.sourceHint} hintBelow>
          {(tied) => (
            <input
              {...tied}
              className="usa-input"
              name="source"
              maxLength={64}
              defaultValue={search.source ?? ''}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <OfficeChoice
          verb="contacts.read"
          name="authority"
          label={words.office}
          any={words.anyOffice}
          state={words.state}
          defaultValue={search.authority ?? ''}
        />
        <Field label={words.port}>
          {(tied) => (
            <input
              {...tied}
              className="usa-input"
              name="port"
              inputMode="numeric"
              pattern="[0-9]{1,5}"
              title={words.portHint}
              defaultValue={search.port ?? ''}
              autoComplete="off"
            />
          )}
        </Field>
        <Choice
          name="disposition"
          label={words.disposition}
          any={words.any}
          options={DISPOSITIONS.map((name) => ({ value: name, label: DISPOSITION_WORDS[name].name }))}
          defaultValue={search.disposition ?? ''}
        />
        {(['from', 'to'] as const).map((end) => (
          <Field key={end} label={words[end]}>
            {(tied) => (
              <input
                {...tied}
                className="usa-input"
                name={end}
                type="datetime-local"
                defaultValue={fieldOf(search[end])}
              />
            )}
          </Field>
        ))}
        <div className="buttons fields__buttons">
          <button type="submit" className="usa-button">
            {words.search}
          </button>
          <button
            type="button"
            className="usa-button usa-button--outline"
            onClick={() => void navigate({ to: '/contacts', search: {} })}
          >
            {words.clear}
          </button>
        </div>
      </form>
    </search>
  );
}
