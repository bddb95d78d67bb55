import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outcome } from '../contact.ts';
import { parseSurface } from './parse.ts';
import { formatSurfaceError, type SurfaceProblem } from './problems.ts';
import { MAX_SURFACE_LENGTH } from './yaml.ts';

const WHOLE = `
networks: [198.18.0.0/15, "2001:db8:4f::/48"]
services:
  - { name: voter-portal, address: 198.18.1.10, port: 443, protocol: tcp, audience: voters, from: 2026-01-01, until: 2027-01-01 }
  - { name: site, sensor: nginx-www, port: 443, protocol: tcp, audience: public }
  - name: office-ssh
    address: [198.18.2.0/24, "2001:db8:4f:2::/64"]
    port: [22, 2200-2299]
    audience: staff
  - { name: ping, address: 198.18.1.10, protocol: icmp, audience: public }
authorised:
  - { who: vendor-a, source: 203.0.113.0/28, services: [office-ssh], from: 2026-03-01T08:00:00-06:00 }
never_block: [192.0.2.53/32]
proxies:
  - { networks: 192.0.2.128/25 }
shared: [ 100.64.0.0/10 ]
sensors:
  - { id: fw1, files: 'netfilter*.log', place: before-nat, timezone: America/Chicago, year: 2026, sampling: 1, completeness: complete, sees: both, prefixes: { 'BLOCK: ': blocked, 'DROP: ': denied, 'ACCEPT: ': accepted }, transport: authenticated, denials_only: false }
  - { id: nginx-www, service: site }
engagements:
  - { name: pentest-q4, source: 203.0.113.200, target: 198.18.0.0/15, from: 2026-10-01, until: 2026-10-15, technique: scan }
`;

/** Stands in a text where its mistake is. */
const HERE = '^';

/**
 * What is wrong; the text (` / ` begins a new line, SERVICE and TEST a file with one entry); the code; words of the
 * reason; words of the help.
 */
const MISTAKES = `
nothing stated              ; ^# later                                                ; KEY_MISSING ; states nothing ; networks
a list of networks alone    ; ^- 198.18.0.0/15                                        ; VALUE_WRONG ; "key: value" ;
an unknown section          ; networks: [198.18.0.0/15] / ^never_blok: []             ; KEY_UNKNOWN ; "never_blok" ; "never_block"
a hyphen for an underscore  ; ^never-block: [192.0.2.1]                               ; KEY_UNKNOWN ; "never-block" ; "never_block"
an unknown key far off      ; SERVICE name: a, address: 198.18.0.1, port: 1, audience: staff, ^colour: red ; KEY_UNKNOWN ; no key "colour" ; A service takes: name
a section twice             ; shared: [100.64.0.0/10] / ^shared: []                   ; KEY_TWICE ; "shared" ; one
a section that is no list   ; services: ^{ name: a }                                  ; VALUE_WRONG ; "services" is a list ; "- "
a name for an address       ; networks: [198.18.0.0/15, ^example.gov]                 ; NETWORK_WRONG ; "example.gov" ; 198.51.100.0
bits behind a prefix        ; networks: / - ^198.18.0.5/15                            ; NETWORK_WRONG ; first 15 ; 198.18.0.0/15
half of the internet        ; networks: [^0.0.0.0/1]                                  ; NETWORK_WRONG ; wider than the /8 ; mean
a number for an address     ; networks: [^10]                                         ; NETWORK_WRONG ; "10" ;
a mapping for an address    ; networks: [^{ a: b }]                                   ; VALUE_WRONG ; addresses and networks ;
an address without quotes   ; networks: [^2001:db8:4f::]                              ; VALUE_WRONG ; addresses and networks ;
an empty list               ; shared: ^[]                                             ; VALUE_WRONG ; "shared" is empty ; take the key out
a service without a name    ; SERVICE^ address: 198.18.0.1, port: 1, audience: staff  ; KEY_MISSING ; no "name" ; name:
a service that is nowhere   ; SERVICE^ name: a, port: 1, audience: staff              ; KEY_MISSING ; "a" is nowhere ; address
a service without audience  ; SERVICE^ name: a, address: 198.18.0.1, port: 1          ; KEY_MISSING ; "a" has no "audience" ; audience:
a service without a port    ; SERVICE^ name: a, address: 198.18.0.1, audience: staff  ; KEY_MISSING ; no "port" ; port:
an unknown audience         ; SERVICE name: a, address: 198.18.0.1, port: 1, audience: ^voter ; VALUE_WRONG ; public, voters, staff ; "voters"
a port that is none         ; SERVICE name: a, address: 198.18.0.1, port: ^70000, audience: staff ; VALUE_WRONG ; 1 to 65535 ;
a range that goes down      ; SERVICE name: a, address: 198.18.0.1, port: ^90-80, audience: staff ; VALUE_WRONG ; 8000-8099 ;
a port in words             ; SERVICE name: a, address: 198.18.0.1, port: [22, ^ssh], audience: staff ; VALUE_WRONG ; 1 to 65535 ;
no port in the list         ; SERVICE name: a, address: 198.18.0.1, port: ^[], audience: staff ; VALUE_WRONG ; "port" is empty ; Name a port
a port of ICMP              ; SERVICE name: a, address: 198.18.0.1, port: ^8, protocol: icmp, audience: staff ; VALUE_WRONG ; protocol has none ; Take
TCP and ICMP in one         ; SERVICE name: a, address: 198.18.0.1, port: 8, protocol: ^[tcp, icmp], audience: staff ; VALUE_WRONG ; have ports ; two services
an unknown protocol         ; SERVICE name: a, address: 198.18.0.1, port: 8, protocol: ^tpc, audience: staff ; VALUE_WRONG ; one of: tcp ; "tcp"
an address that is not ours ; SERVICE name: a, address: ^198.51.100.1, port: 8, audience: staff ; CONTRADICTION ; none of our networks ; networks
a name twice                ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff } / - { name: ^a, address: 198.18.0.1, port: 9, audience: staff ; NAME_TWICE ; another service called "a" ; Rename
a sensor that is not listed ; SERVICE name: a, sensor: ^ngnix, port: 8, audience: staff } / sensors: / - { id: nginx ; NAME_UNKNOWN ; "ngnix" ; "nginx"
a day that is none          ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff, from: ^2026-02-30 ; TIME_WRONG ; 2026-02-30 ; 2026-11-03
a time without a zone       ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff, from: ^2026-02-03T10:00 ; TIME_WRONG ; 2026-02-03T10:00 ; 2026-02-03T10:00Z
an offset that is none      ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff, from: ^"2026-02-03T10:00+19:00" ; TIME_WRONG ; 19:00 ;
an hour that is none        ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff, from: ^"2026-02-03T24:00Z" ; TIME_WRONG ; 24:00 ;
an end before the beginning ; SERVICE name: a, address: 198.18.0.1, port: 8, audience: staff, from: 2026-02-03, until: ^2026-02-03 ; TIME_WRONG ; ends before it begins ; after "from"
an unknown service          ; authorised: / - { who: v, source: 192.0.2.1, services: ^[ssh] } ; NAME_UNKNOWN ; "v" refers to the service "ssh" ; add
nobody's source             ; authorised: / - ^who: v                                 ; KEY_MISSING ; "v" has no "source" ; source:
a number for a name         ; authorised: / - { who: ^7, source: 192.0.2.1 }          ; VALUE_WRONG ; "who" is a text ; quotes
a header that is none       ; proxies: / - { networks: 192.0.2.1, header: ^x forwarded } ; VALUE_WRONG ; no name of a header ; x-forwarded-for
too many hops               ; proxies: / - { networks: 192.0.2.1, hops: ^99 }         ; VALUE_WRONG ; 1 to 10 ;
a folder in a pattern       ; sensors: / - { id: a, files: ^"/var/*.log" }            ; VALUE_WRONG ; without their folders ; folder
an unknown zone             ; sensors: / - { id: a, timezone: ^Missouri }             ; VALUE_WRONG ; no time zone ; America/Chicago
an unknown place            ; sensors: / - { id: a, place: ^behind-nad }              ; VALUE_WRONG ; before-nat ; "behind-nat"
a year of two digits        ; sensors: / - { id: a, year: ^26 }                       ; VALUE_WRONG ; 1970 to 9999 ;
sampled and complete        ; sensors: / - { id: a, sampling: 10, completeness: ^complete } ; CONTRADICTION ; one in 10 ; true
a meaning that is none      ; sensors: / - { id: a, prefixes: { "DROP": ^dropped } }  ; VALUE_WRONG ; denied, blocked, accepted ;
an empty prefix             ; sensors: / - { id: a, prefixes: { "": ^denied } }       ; VALUE_WRONG ; every line ; Take
yes for true                ; sensors: / - { id: a, denials_only: ^yes }              ; VALUE_WRONG ; true or false ;
a sensor's unknown service  ; sensors: / - { id: a, service: ^b }                     ; NAME_UNKNOWN ; service "b" ; add
a test without an end       ; TEST^ name: q4, target: 198.18.0.0/16, from: 2026-10-01, technique: scan ; KEY_MISSING ; "q4" has no "until" ; until:
a test without technique    ; TEST^ name: q4, target: 198.18.0.0/16, from: 2026-10-01, until: 2026-10-02 ; KEY_MISSING ; "technique" ; technique:
a test of others            ; TEST name: q4, target: ^198.51.100.0/24, from: 2026-10-01, until: 2026-10-02, technique: any ; CONTRADICTION ; "q4" is about 198.51.100.0/24 ; networks
brackets that stay open     ; networks: [198.18.0.0/15 / ^shared: [192.0.2.1]         ; NOT_YAML ; ; brackets
two documents               ; shared: [192.0.2.1] / ^--- / shared: [192.0.2.1]        ; NOT_YAML ; documents ;
a tag                       ; shared: !!binary ^aGVsbG8=                              ; VALUE_WRONG ; tag ; Take
a directive                 ; ^%YAML 1.1 / --- / shared: [192.0.2.1]                  ; NOT_YAML ; directive ; Take
a key that is no text       ; ? ^[a] / : b                                            ; VALUE_WRONG ; plain text ;
a reference to nothing      ; shared: ^*ours                                          ; VALUE_WRONG ; "*ours" refers to nothing ;
`
  .trim()
  .split('\n')
  .map((row): [string, string, string, string, string] => {
    const [what = '', text = '', code = '', reason = '', help = ''] = row.split(/\s*;\s*/);
    const yaml = text
      .replace(/^SERVICE(\^?) (.*)$/, 'networks: [198.18.0.0/15] / services: / - $1{ $2 }')
      .replace(/^TEST(\^?) (.*)$/, 'networks: [198.18.0.0/15] / engagements: / - $1{ source: 192.0.2.1, $2 }')
      .replaceAll(' / - ', '\n  - ')
      .replaceAll(' / ', '\n');
    return [what, `${yaml}\n`, `SURFACE_${code}`, reason, help];
  });

/** The problems of a text that has some. */
function problems(text: string): readonly SurfaceProblem[] {
  const parsed = parseSurface(text);
  if (parsed.isOk()) throw new Error('there should be a mistake in it');
  return parsed.error.problems;
}

describe('a surface', () => {
  it('is read, with its defaults', () => {
    const surface = parseSurface(WHOLE).okOrThrow();

    expect(surface.networks).toHaveLength(2);
    expect(surface.services.map(({ name }) => name)).toEqual(['voter-portal', 'site', 'office-ssh', 'ping']);
    expect(surface.services[0]).toMatchObject({
      addresses: [{ family: 4, bits: 32 }],
      sensor: null,
      ports: [{ low: 443, high: 443 }],
      protocols: [6],
      audience: 'voters',
      from: Date.UTC(2026, 0, 1),
      until: Date.UTC(2027, 0, 1),
    });
    expect(surface.services[1]).toMatchObject({
      addresses: [],
      sensor: 'nginx-www',
      from: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
    });
    expect(surface.services[2]!.ports).toEqual([
      { low: 22, high: 22 },
      { low: 2200, high: 2299 },
    ]);
    expect(surface.services[3]).toMatchObject({ ports: [{ low: 0, high: 65_535 }], protocols: [1, 58] });
    expect(surface.authorised[0]).toMatchObject({
      services: ['office-ssh'],
      from: Date.UTC(2026, 2, 1, 14),
      until: Number.POSITIVE_INFINITY,
    });
    expect(surface.proxies[0]).toMatchObject({ header: 'x-forwarded-for', hops: 1 });
    expect(surface.sensors[0]).toEqual({
      id: 'fw1',
      files: ['netfilter*.log'],
      place: 'before-nat',
      timezone: 'America/Chicago',
      year: 2026,
      sampling: 1,
      completeness: 'complete',
      sees: 'both',
      service: null,
      prefixes: [
        { text: 'BLOCK: ', outcome: Outcome.blocked },
        { text: 'DROP: ', outcome: Outcome.denied },
        { text: 'ACCEPT: ', outcome: Outcome.accepted },
      ],
      transport: 'authenticated',
      denialsOnly: false,
    });
    expect(surface.sensors[1]).toEqual({
      id: 'nginx-www',
      files: ['nginx-www*'],
      place: 'before-nat',
      timezone: null,
      year: null,
      sampling: 1,
      completeness: 'best-effort',
      sees: null,
      service: 'site',
      prefixes: [],
      transport: null,
      denialsOnly: null,
    });
    expect(surface.engagements[0]).toMatchObject({ name: 'pentest-q4', technique: 'scan' });
  });

  it('may name a list once and refer to it', () => {
    const text = 'networks: &ours [198.18.0.0/15]\nshared: *ours\n';
    expect(parseSurface(text).okOrThrow().shared).toHaveLength(1);
  });

  it.each(MISTAKES)('with a mistake is refused, by line: %s', (_, marked, code, reason, help) => {
    const at = marked.indexOf(HERE);
    const before = marked.slice(0, at).split('\n');

    const [first, ...more] = problems(marked.replace(HERE, ''));

    expect(at).not.toBe(-1);
    expect(first).toMatchObject({ line: before.length, column: before.at(-1)!.length + 1, code });
    expect(first!.reason).toContain(reason);
    expect(first!.help).toContain(help);
    // Broken YAML is often broken in several ways; of everything else there is one mistake in each text.
    expect(more.filter((each) => each.code !== 'SURFACE_NOT_YAML')).toEqual([]);
  });

  it('tells every mistake at once, in the order of the file, and at most twenty', () => {
    const bad = Array.from({ length: 30 }, (_, i) => `  - { id: s${i}, year: 26, colour: red }`);
    const parsed = parseSurface(['sensors:', ...bad].join('\n'));

    expect(parsed).toMatchObject({ error: { code: 'SURFACE_REFUSED', more: 40 } });
    if (parsed.isOk()) throw new Error('there should be mistakes in it');
    expect(parsed.error.problems.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, i) => 2 + Math.floor(i / 2)),
    );
    const text = formatSurfaceError(parsed.error, 'surface.yaml');
    expect(text).toMatch(/^surface\.yaml:2:\d+: "year" is a whole number from 1970 to 9999\. \p{Lu}/u);
    expect(text.split('\n').at(-1)).toBe('surface.yaml: and 40 more');
  });

  it('is refused beyond its size before it is read', () => {
    const long = `# ${'x'.repeat(MAX_SURFACE_LENGTH)}\nnetworks: [198.18.0.0/15]\n`;
    expect(problems(long)).toMatchObject([{ code: 'SURFACE_TOO_LARGE', line: 1, column: 1 }]);
  });

  it.each([
    ['references that multiply', bomb(), 'SURFACE_KEY_UNKNOWN'],
    [
      'a long list that is referred to often',
      `networks: &a [${'192.0.2.1, '.repeat(2_000)}]\nsensors: [${'{ id: a, files: *a }, '.repeat(60)}]\n`,
      'SURFACE_TOO_COMPLEX',
    ],
    [
      'very many references',
      `networks: &a [192.0.2.0/24]\nauthorised: [${'{ who: a, source: *a }, '.repeat(300)}]\n`,
      'SURFACE_TOO_COMPLEX',
    ],
    ['brackets within brackets', '['.repeat(500_000), 'SURFACE_TOO_COMPLEX'],
    ['dashes behind dashes', '- '.repeat(500_000), 'SURFACE_TOO_COMPLEX'],
    [
      'indentation',
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'SURFACE_TOO_COMPLEX',
    ],
    ['very many keys', Array.from({ length: 110_000 }, (_, i) => `a${i}:`).join('\n'), 'SURFACE_TOO_COMPLEX'],
  ])('cannot be made to grow beyond its text: %s', (_, text, code) => {
    expect(problems(text).map((problem) => problem.code)).toContain(code);
  });

  it('never throws, and names a line of the text, whatever the text is', () => {
    const pieces = WHOLE.split(/(?<=[\s,[\]{}:])/);
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(...pieces),
            fc.constantFrom('*a', '&a ', '- ', '? ', '!!x ', '"', "'", '\t', '|', '\u0000'),
          ),
          { maxLength: 60 },
        ),
        (parts) => {
          const text = parts.join('');
          const parsed = parseSurface(text);
          if (parsed.isOk()) return;
          const lines = text.split(/\r?\n/).length;
          for (const { line, column } of parsed.error.problems) {
            expect(line >= 1 && line <= lines && column >= 1).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** "A billion laughs": each line has nine of the line before. */
function bomb(): string {
  const letters = [...'abcdefghi'];
  return letters
    .map((letter, i) => {
      const of = i === 0 ? '192.0.2.1' : `*${letters[i - 1]}`;
      return `x${letter}: &${letter} [${Array(9).fill(of).join(', ')}]`;
    })
    .join('\n');
}
