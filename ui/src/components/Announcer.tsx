import { useEffect, useRef, useState } from 'react';

const APART_MS = 10_000;

/** Tells screen readers what changed, at most every ten seconds and never what they were told already. */
export function Announcer({ text }: { text: string }) {
  const [told, setTold] = useState('');
  const lastAt = useRef(-Infinity);
  useEffect(() => {
    const wait = Math.max(0, lastAt.current + APART_MS - performance.now());
    const timer = setTimeout(() => {
      lastAt.current = performance.now();
      setTold(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text]);
  return <p className="hidden-text" role="status">{told}</p>;
}
