/** The search form. */
import { useNavigate } from '@tanstack/react-router';
import type { Search } from '../../api/queries.ts';
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
        <div className="field">
          <label className="usa-label" htmlFor="source">
            {words.source}
          </label>
          <input
            className="usa-input"
            id="source"
            name="source"
            maxLength={64}
            defaultValue={search.source ?? ''}
            aria-describedby="source-hint"
            autoComplete="off"
            spellCheck={false}
          />
          <p id="source-hint" className="hint">
            {words.sourceHint}
          </p>
        </div>
        <OfficeChoice
          verb="contacts.read"
          id="authority"
          name="authority"
          label={words.office}
          any={words.anyOffice}
          state={words.state}
          defaultValue={search.authority ?? ''}
        />
        <div className="field field--short">
          <label className="usa-label" htmlFor="port">
            {words.port}
          </label>
          <input
            className="usa-input"
            id="port"
            name="port"
            inputMode="numeric"
            pattern="[0-9]{1,5}"
            title={words.portHint}
            defaultValue={search.port ?? ''}
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label className="usa-label" htmlFor="disposition">
            {words.disposition}
          </label>
          <select
            className="usa-input"
            id="disposition"
            name="disposition"
            defaultValue={search.disposition ?? ''}
          >
            <option value="">{words.any}</option>
            {DISPOSITIONS.map((name) => (
              <option key={name} value={name}>
                {DISPOSITION_WORDS[name].name}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label className="usa-label" htmlFor="from">
            {words.from}
          </label>
          <input
            className="usa-input"
            id="from"
            name="from"
            type="datetime-local"
            defaultValue={fieldOf(search.from)}
          />
        </div>
        <div className="field">
          <label className="usa-label" htmlFor="to">
            {words.to}
          </label>
          <input
            className="usa-input"
            id="to"
            name="to"
            type="datetime-local"
            defaultValue={fieldOf(search.to)}
          />
        </div>
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
