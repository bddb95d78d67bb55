/** For the state: how many planted changes were noticed, and what that says. */
import type { RollsAnswer } from '@bellwether/api';
import { Panel } from '../../ui/page.tsx';
import { ROLLS } from './texts.ts';

const words = ROLLS.planted;

/** Whole per cent, outwards: a range that is rounded inwards says too much. */
export function percentsOf({ low, high }: { readonly low: number; readonly high: number }): [number, number] {
  return [Math.floor(low * 100), Math.ceil(high * 100)];
}

export function Planted({ of }: { readonly of: NonNullable<RollsAnswer['planted']> }) {
  return (
    <Panel id="planted" title={words.title} intro={words.intro}>
      <div className="stack">
        <p className="large">{words.lead(of.planted, of.noticed)}</p>
        <p>{words.after(...percentsOf(of))}</p>
        <p className="soft">{words.whose}</p>
      </div>
    </Panel>
  );
}
