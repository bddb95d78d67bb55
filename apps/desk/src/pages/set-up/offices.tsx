/** Step 3: the offices of the state, from a file that is looked at before it is sent. */
import type { SetUpAnswer, SetUpOffices } from '@bellwether/api';
import { useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { Table } from '../../ui/table.tsx';
import { Ways } from '../../ui/ways.tsx';
import { count } from '../../words/formats.ts';
import { LARGEST, type Preview, previewOf } from './csv.ts';
import { StepForm } from './form.tsx';
import { useStep } from './step.ts';
import { SET_UP } from './texts.ts';

const words = SET_UP.offices;

/** A file that was chosen: its text, and what was seen in it. */
type Chosen = { readonly csv: string; readonly preview: Preview };

export function OfficesStep({
  answer,
  onDone,
}: {
  readonly answer: SetUpAnswer;
  readonly onDone: () => void;
}) {
  const hasSome = answer.offices > 0;
  const [way, setWay] = useState<'keep' | 'file'>(hasSome ? 'keep' : 'file');
  const [chosen, setChosen] = useState<Chosen>();
  const [fault, setFault] = useState<string>();
  const step = useStep(onDone);
  const isFile = way === 'file';
  const choose = async (file: File | undefined) => {
    setChosen(undefined);
    setFault(undefined);
    if (file === undefined) return;
    // Bounded before it is read, and again as characters, which is how the hub counts.
    if (file.size > LARGEST) return setFault(words.tooLarge);
    const csv = await file.text();
    setChosen({ csv, preview: previewOf(csv) });
  };
  return (
    <StepForm
      step={step}
      save={words.save}
      restarts={isFile}
      onSubmit={() => {
        const body: SetUpOffices = isFile ? { csv: chosen?.csv ?? '' } : { csv: '', keep: true };
        if (isFile && chosen === undefined) setFault(words.noFile);
        if (isFile && chosen?.preview.faults.length !== 0) return undefined;
        return { method: 'PUT', path: 'set-up/offices', body, restarts: isFile };
      }}
    >
      {hasSome && (
        <Ways
          legend={words.legend}
          name="offices"
          value={way}
          onChange={setWay}
          ways={[
            { value: 'keep', label: words.keep(count(answer.offices)), hint: words.keepHint },
            { value: 'file', label: words.file, hint: words.fileHint },
          ]}
        />
      )}
      {isFile && (
        <Field label={words.choose} hint={words.chooseHint} fault={fault}>
          {(tied) => (
            <input
              {...tied}
              className="file-input"
              type="file"
              accept=".csv,text/csv,text/plain"
              onChange={({ target }) => void choose(target.files?.[0])}
            />
          )}
        </Field>
      )}
      {isFile && chosen !== undefined && <Seen preview={chosen.preview} />}
    </StepForm>
  );
}

function Seen({ preview: { count: found, first, faults } }: { readonly preview: Preview }) {
  if (faults.length > 0) {
    return (
      <div className="notice notice--bad" role="alert">
        <p className="strong">{words.faults}</p>
        <ul>
          {faults.map(({ line, what, text }) => (
            <li key={line}>
              <span className="strong">{words.line(count(line))}: </span>
              {words.fault[what](text)}
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <div className="seen" role="status">
      <p className="strong">{words.found(count(found))}</p>
      <Table
        caption={words.found(count(found))}
        rows={first}
        keyOf={({ leaId }) => leaId}
        columns={[
          { name: words.columns.leaId, cell: ({ leaId }) => leaId },
          { name: words.columns.name, cell: ({ name }) => name, heads: true },
        ]}
      />
    </div>
  );
}
