/** Who is signed in, and what they can do about it: a menu of its own on a wide screen, a part of the menu on a narrow one. */
import type { MeAnswer } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { tell } from '../api/ask.ts';
import { may } from '../api/me.ts';
import { Refused } from '../ui/refused.tsx';
import { forget } from './leaving.ts';
import { useMenu } from './menu.ts';
import { FRAME } from './texts.ts';

const words = FRAME.account;

/** What each of the two ways out asks of the hub, and what is said afterwards. */
const WAYS_OUT = {
  here: { path: 'sign-out', why: 'SIGNED_OUT' },
  everywhere: { path: 'sign-out/everywhere', why: 'SIGNED_OUT_EVERYWHERE' },
} as const;

export function Account({ me, path }: { readonly me: MeAnswer; readonly path: string }) {
  const { open, setOpen, button } = useMenu(path);
  const box = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    if (!open) return;
    const elsewhere = ({ target }: Event) => {
      if (target instanceof Node && box.current?.contains(target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, [open, setOpen]);
  const leave = useMutation({
    mutationFn: (way: keyof typeof WAYS_OUT) => tell('POST', WAYS_OUT[way].path, {}),
    onSuccess: async (_, way) => {
      await navigate({ to: '/sign-in', search: { why: WAYS_OUT[way].why } });
      forget(client);
    },
  });
  const isPerson = me.person !== null;
  return (
    <div className={open ? 'account account--open' : 'account'} ref={box}>
      <p className="account__who">
        {words.signedInAs} <span className="strong">{me.person?.name ?? words.machine}</span>
      </p>
      <button
        type="button"
        ref={button}
        className="account__button"
        aria-expanded={open}
        aria-controls="account"
        onClick={() => setOpen(!open)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="6.5" r="3.5" />
          <path d="M3 18c0-4 3-6.5 7-6.5s7 2.5 7 6.5z" />
        </svg>
        <span className="unseen">{words.signedInAs} </span>
        {me.person?.name ?? words.machine}
      </button>
      <div id="account" className="account__menu">
        <ul>
          {isPerson && (
            <li>
              <Link to="/own" className="account__item">
                {words.own}
              </Link>
            </li>
          )}
          {(me.needsSetUp || may(me, 'state.configure')) && (
            <li>
              <Link to="/set-up" className="account__item">
                {words.setUp}
              </Link>
            </li>
          )}
          {isPerson &&
            (['here', 'everywhere'] as const).map((way) => (
              <li key={way}>
                <button
                  type="button"
                  className="account__item"
                  disabled={leave.isPending}
                  onClick={() => leave.mutate(way)}
                >
                  {words[way]}
                </button>
              </li>
            ))}
        </ul>
        {leave.error !== null && <Refused error={leave.error} />}
      </div>
    </div>
  );
}
