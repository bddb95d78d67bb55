/**
 * Visitors that must never be kept waiting, as far as a web server can see them: what their programs send, how many pages they look
 * at, and how fast. Each stands for people that defences of other services are known to have turned away.
 */
import type { PersonaName } from '../../platform/config-probes.ts';

/** A visitor. */
export type Persona = {
  /** Who it is, in one sentence. */
  readonly who: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pages of one visit, and the pause between two of them, ms. */
  readonly pages: number;
  readonly pause: number;
};

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** All of them. */
export const PERSONAS: Readonly<Record<PersonaName, Persona>> = {
  'overseas-military': {
    who: 'Somebody in service overseas, who asks for a ballot at night of the state’s time, with a browser that was not brought up to date.',
    headers: {
      accept: HTML,
      'accept-language': 'en-US,en;q=0.9,de;q=0.3',
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Firefox/102.0',
    },
    pages: 2,
    pause: 3_000,
  },
  library: {
    who: 'A few people at the computers of a library, who share one address and look things up at the same time.',
    headers: {
      accept: HTML,
      'accept-language': 'en-US,en;q=0.9',
      'user-agent':
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
    },
    pages: 8,
    pause: 250,
  },
  'mobile-carrier': {
    who: 'Somebody with a telephone, behind an address that a carrier gives to hundreds at once.',
    headers: {
      accept: HTML,
      'accept-language': 'es-US,es;q=0.9,en;q=0.8',
      'user-agent':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    },
    pages: 3,
    pause: 1_000,
  },
  'screen-reader': {
    who: 'Somebody who has pages read aloud by a browser for text, which fetches no pictures and runs no scripts.',
    headers: {
      accept: 'text/html, text/plain, */*;q=0.01',
      'accept-language': 'en',
      'user-agent': 'Lynx/2.9.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/3.5.1',
    },
    pages: 4,
    pause: 1_000,
  },
  'search-engine': {
    who: 'The program of a search engine, without which nobody finds where to vote.',
    headers: {
      accept: HTML,
      from: 'crawler@search.example',
      'user-agent': 'Mozilla/5.0 (compatible; ExampleSearchBot/1.0; +https://search.example/bot)',
    },
    pages: 3,
    pause: 2_000,
  },
};
