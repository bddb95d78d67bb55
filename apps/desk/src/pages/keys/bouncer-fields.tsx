/** What a key is for: lines of a sensor, or a firewall or web server that asks what is blocked, and what such a one takes. */
import type { BouncerKey } from '@bellwether/api';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { GUARDS, KEYS, RANGES, SEES } from './texts.ts';

const words = KEYS.make;

/** Most entries that the hub tells a program. */
const MOST_ENTRIES = 400_000;

/** A list of this length fits into a small firewall, and holds more than is ever blocked in a state on one day. */
const USUAL_ENTRIES = '50000';

/** The fields as they stand. */
export type BouncerWish = Required<Omit<BouncerKey, 'most'>> & {
  readonly readsBlocks: boolean;
  readonly most: string;
  /** Somebody tried to send what is no number. */
  readonly isWrong: boolean;
};

/** A key that sends lines; and what is usual for one that reads blocks. Voters are the safe guess. */
export const NO_BOUNCER: BouncerWish = {
  ...{ readsBlocks: false, guards: 'public', sees: 'packets', ranges: 'by-agent' },
  ...{ most: USUAL_ENTRIES, isWrong: false },
};

/** What the hub is told; null for a key that sends lines; undefined if a field is wrong. */
export function bouncerOf({
  readsBlocks,
  guards,
  sees,
  ranges,
  most,
}: BouncerWish): BouncerKey | null | undefined {
  if (!readsBlocks) return null;
  const entries = Number(most.replaceAll(/[\s,]/g, ''));
  const fits = Number.isInteger(entries) && entries >= 1 && entries <= MOST_ENTRIES;
  return fits ? { guards, sees, ranges, most: entries } : undefined;
}

export function BouncerFields({
  wish,
  onChange,
}: {
  readonly wish: BouncerWish;
  readonly onChange: (wish: BouncerWish) => void;
}) {
  return (
    <>
      <Choice
        label={words.does}
        value={wish.readsBlocks ? 'blocks' : 'lines'}
        options={[
          { value: 'lines', label: words.lines },
          { value: 'blocks', label: words.blocks },
        ]}
        onChange={(value) => onChange({ ...wish, readsBlocks: value === 'blocks' })}
      />
      {wish.readsBlocks && (
        <>
          <Choice
            label={words.guards}
            hint={words.guardsHint}
            value={wish.guards}
            options={optionsOf(GUARDS)}
            onChange={(guards) => onChange({ ...wish, guards: guards as BouncerKey['guards'] })}
          />
          <Choice
            label={words.sees}
            hint={words.seesHint}
            value={wish.sees}
            options={optionsOf(SEES)}
            onChange={(sees) => onChange({ ...wish, sees: sees as BouncerWish['sees'] })}
          />
          <Choice
            label={words.ranges}
            value={wish.ranges}
            options={optionsOf(RANGES)}
            onChange={(ranges) => onChange({ ...wish, ranges: ranges as BouncerKey['ranges'] })}
          />
          <Field
            label={words.most}
            hint={words.mostHint}
            fault={wish.isWrong ? words.mostMissing : undefined}
          >
            {(tied) => (
              <input
                {...tied}
                className="usa-input"
                inputMode="numeric"
                autoComplete="off"
                value={wish.most}
                onChange={({ target }) => onChange({ ...wish, most: target.value, isWrong: false })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

/** Each choice as it is said, without its full stop. */
function optionsOf(said: Readonly<Record<string, string>>) {
  return Object.entries(said).map(([value, text]) => ({ value, label: text.replace(/\.$/, '') }));
}
