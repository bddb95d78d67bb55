/** From margins to bits, on messages that were not learned from. */

/** A margin, and what the message was. */
type Margin = { readonly margin: number; readonly isBad: boolean };

/** Bits that hold a message by themselves: `HOLD_POINTS` of `decide/`, which may not be asked from here. */
export const HOLDING_BITS = 6;

/** The share of good messages that may reach it: a third of the half per cent that is allowed to the whole. */
const FALSE_ALARMS = 0.0015;

/** Keeps the line finite where both kinds can be told apart without a mistake. */
const RIDGE = 0.002;

/** Newton's steps; it settles within ten. */
const STEPS = 30;

/**
 * Line from margins to bits: the logistic fit of Platt (1999), lowered where more good messages would be held than may be. Good and bad
 * weigh alike.
 */
export function calibrated(margins: readonly Margin[]): { readonly slope: number; readonly offset: number } {
  let slope = 1;
  let offset = 0;
  const bad = margins.filter(({ isBad }) => isBad).length;
  const good = margins.length - bad;
  for (let step = 0; step < STEPS; step++) {
    let [gs, go, hss, hso, hoo] = [slope * RIDGE, 0, RIDGE, 0, 1e-6];
    for (const { margin, isBad } of margins) {
      const weight = 1 / (isBad ? bad : good);
      const share = 1 / (1 + Math.exp(-(slope * margin + offset)));
      const miss = (share - (isBad ? 1 : 0)) * weight;
      const curve = share * (1 - share) * weight;
      gs += miss * margin;
      go += miss;
      hss += curve * margin * margin;
      hso += curve * margin;
      hoo += curve;
    }
    const determinant = hss * hoo - hso * hso;
    if (!(determinant > 1e-12)) break;
    slope -= (gs * hoo - go * hso) / determinant;
    offset -= (go * hss - gs * hso) / determinant;
  }
  const toBits = 1 / Math.LN2;
  const line = { slope: slope * toBits, offset: offset * toBits };
  const bits = margins
    .filter(({ isBad }) => !isBad)
    .map(({ margin }) => line.slope * margin + line.offset)
    .sort((a, b) => b - a);
  const allowed = bits[Math.floor(bits.length * FALSE_ALARMS)] ?? 0;
  return { slope: line.slope, offset: line.offset - Math.max(0, allowed + 1e-6 - HOLDING_BITS) };
}
