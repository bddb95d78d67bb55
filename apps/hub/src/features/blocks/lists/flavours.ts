/**
 * What firewalls take that fetch a list of addresses by themselves, each as its maker documents it.
 *
 * - Palo Alto (external dynamic list, PAN-OS): one address or network a line, IPv4 and IPv6 mixed. A comment may follow an entry
 *   behind a space; a line that is nothing but a comment is not in the documented form. Smaller models take 50,000.
 * - FortiGate (external feed, IP address): one a line, mixed. Before FortiOS 7.4.4, 131,072 entries or 10 MB for each list;
 *   later, by model.
 * - pfSense and OPNsense (URL table): one a line, `#` begins a comment. A table of pf holds both families; how much, its setting
 *   *Firewall Maximum Table Entries* says.
 */

/** Names of the flavours, as they stand in the address of a list. */
export const FLAVOURS = ['plain', 'palo-alto', 'fortigate', 'pfsense'] as const;
export type FlavourName = (typeof FLAVOURS)[number];

/** What one takes. */
export type Flavour = {
  /** Whether lines that are comments are understood. */
  readonly comments: boolean;
  /** Most entries. */
  readonly most: number;
};

/** Fifty thousand: what the smallest firewalls of the makers here take. */
const USUAL_MOST = 50_000;

/** What FortiOS took in one list, before it counted over all of them. */
const FORTIGATE_MOST = 131_072;

/** By name. */
export const FLAVOUR: Readonly<Record<FlavourName, Flavour>> = {
  plain: { comments: true, most: USUAL_MOST },
  'palo-alto': { comments: false, most: USUAL_MOST },
  fortigate: { comments: false, most: FORTIGATE_MOST },
  pfsense: { comments: true, most: USUAL_MOST },
};

/** Reads a name; undefined if there is none such. */
export function flavourNamed(text: string): FlavourName | undefined {
  return FLAVOURS.find((name) => name === text);
}
