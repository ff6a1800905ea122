import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

const HEIGHT = 140;

/** Invoices a minute over the last hour. A canvas: the words and the table beside it are for everybody. */
export default function ThroughputPlot({ counts }: { counts: number[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  // A step is drawn up to the next point, so the last minute needs one at its end.
  const data: uPlot.AlignedData = [[...counts.map((_, minute) => minute - counts.length), 0], [...counts, counts.at(-1) ?? 0]];
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(options(element), latest.current, element);
    plot.current = made;
    const sized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      made.destroy();
    };
    // The colours are read once when the plot is made, so another scheme needs another plot.
  }, [scheme]);
  useEffect(() => plot.current?.setData(latest.current), [counts]);
  return <div ref={box} />;
}

function options(element: HTMLElement): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = { stroke: colour('--tb-ink-2'), grid: { stroke: colour('--tb-line'), width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
    axes: [
      { ...axis, size: 30, values: (_, ticks) => ticks.map((tick) => (tick === 0 ? 'now' : `${-tick} min`)), space: 60 },
      { ...axis, size: 36, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : '')) },
    ],
    series: [
      {},
      { stroke: colour('--tb-accent-ink'), width: 2, fill: colour('--tb-accent-soft'), points: { show: false }, paths: uPlot.paths.stepped?.({ align: 1 }) },
    ],
  };
}
