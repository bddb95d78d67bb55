/** Light or dark: the system's choice, until the reader makes another. */
import { useEffect, useState } from 'react';

/** The two looks. */
export type Look = 'light' | 'dark';

/** Where the choice is kept, in this browser only. */
const KEY = 'bellwether-look';

/** The look now, and how to turn it. The choice stands on the root element, where the style sheet reads it. */
export function useLook(): readonly [Look, () => void] {
  const [chosen, setChosen] = useState<Look | undefined>(storedLook);
  const [system, setSystem] = useState<Look>(systemLook);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setSystem(systemLook());
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  const look = chosen ?? system;
  useEffect(() => {
    document.documentElement.dataset.look = look;
  }, [look]);
  const turn = () => {
    const next = look === 'dark' ? 'light' : 'dark';
    setChosen(next);
    localStorage.setItem(KEY, next);
  };
  return [look, turn];
}

function systemLook(): Look {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function storedLook(): Look | undefined {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : undefined;
}
