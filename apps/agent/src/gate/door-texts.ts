/** What people read at the door of a voters' service. Grade 6 words; no word of attacks: who reads it did nothing wrong. */

/** A language of the pages. */
export type DoorLanguage = 'en' | 'es';

/** One page: its words. `way`: how to be let in at once; null where the office named none. */
export type DoorTexts = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly button: string | null;
  readonly early: string;
  readonly waysTitle: string;
  readonly page: (url: string) => string;
  readonly phone: (number: string) => string;
  readonly code: string;
};

/** Kinds of pages. */
export type DoorPage = 'slow' | 'ask' | 'refuse';

/** Seconds are told in the texts, so they come in. */
export function doorTexts(language: DoorLanguage, page: DoorPage, seconds: number): DoorTexts {
  return {
    ...(language === 'es' ? SPANISH : ENGLISH)[page](seconds),
    ...(language === 'es' ? WAYS_ES : WAYS_EN),
  };
}

type Said = Pick<DoorTexts, 'title' | 'lines' | 'button'>;

const ENGLISH: Readonly<Record<DoorPage, (seconds: number) => Said>> = {
  slow: (seconds) => ({
    title: 'One moment, please',
    lines: [
      'Many pages were asked for from your internet address in a short time.',
      `Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then load the page again. Your registration and your vote are not touched by this.`,
    ],
    button: null,
  }),
  ask: (seconds) => ({
    title: 'Please wait, then press the button',
    lines: [
      'Very many pages were asked for from your internet address. You may share it with many people, or with a program that collects pages.',
      `Wait ${seconds} seconds, then press the button. After that you can go on as before.`,
    ],
    button: 'Go on to the page',
  }),
  refuse: (seconds) => ({
    title: 'This page is closed to your internet address for now',
    lines: [
      'Far more pages were asked for from your internet address than a person can read. You may share it with a program that collects pages.',
      `It opens again by itself in ${minutes(seconds)} ${minutes(seconds) === 1 ? 'minute' : 'minutes'}. If you are registered you can vote: this changes nothing about it.`,
    ],
    button: null,
  }),
};

const SPANISH: Readonly<Record<DoorPage, (seconds: number) => Said>> = {
  slow: (seconds) => ({
    title: 'Un momento, por favor',
    lines: [
      'Desde su dirección de internet se pidieron muchas páginas en poco tiempo.',
      `Espere ${seconds} ${seconds === 1 ? 'segundo' : 'segundos'} y vuelva a cargar la página. Esto no afecta su inscripción ni su voto.`,
    ],
    button: null,
  }),
  ask: (seconds) => ({
    title: 'Espere, por favor, y luego presione el botón',
    lines: [
      'Desde su dirección de internet se pidieron muchísimas páginas. Quizá la comparte con muchas personas, o con un programa que recoge páginas.',
      `Espere ${seconds} segundos y presione el botón. Después puede seguir como antes.`,
    ],
    button: 'Seguir a la página',
  }),
  refuse: (seconds) => ({
    title: 'Esta página está cerrada por ahora para su dirección de internet',
    lines: [
      'Desde su dirección de internet se pidieron muchas más páginas de las que una persona puede leer. Quizá la comparte con un programa que recoge páginas.',
      `Se abre de nuevo por sí sola en ${minutes(seconds)} ${minutes(seconds) === 1 ? 'minuto' : 'minutos'}. Si está inscrito puede votar: esto no cambia nada.`,
    ],
    button: null,
  }),
};

const WAYS_EN: Omit<DoorTexts, keyof Said> = {
  early: 'That was a little early. Please press the button again.',
  waysTitle: 'Let me in now',
  page: (url) => `Open ${url} and press “Let me in”. It works at once.`,
  phone: (number) => `Or call ${number} and read them these digits:`,
  code: 'Digits for the telephone',
};

const WAYS_ES: Omit<DoorTexts, keyof Said> = {
  early: 'Fue un poco pronto. Presione el botón otra vez, por favor.',
  waysTitle: 'Quiero entrar ahora',
  page: (url) => `Abra ${url} y presione «Quiero entrar». Funciona de inmediato.`,
  phone: (number) => `O llame al ${number} y lea estas cifras:`,
  code: 'Cifras para el teléfono',
};

function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
