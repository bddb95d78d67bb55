/** What was just done, said where the reader is: whoever listens to the page hears it, and goes on from there. */
import { type ReactNode, useEffect, useRef, useState } from 'react';

export function Done({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} className="notice notice--good" role="status" tabIndex={-1}>
      <p>{children}</p>
    </div>
  );
}

/** The notice of a page, and what sets it; an empty text takes it away. The same text said twice is a new notice. */
export function useDone(): readonly [ReactNode, (text: string) => void] {
  const [said, setSaid] = useState({ text: '', number: 0 });
  const say = (text: string) => setSaid(({ number }) => ({ text, number: number + 1 }));
  return [said.text === '' ? null : <Done key={said.number}>{said.text}</Done>, say];
}
