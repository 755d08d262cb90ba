import { groupTicks, type Tick } from './tick-counts.ts'

/** Ticks say nothing to a screen reader: the words beside them do. */
export const Ticks = ({ ticks, fill = false }: { ticks: readonly Tick[]; fill?: boolean }) => (
  <span className={fill ? 'ticks fill' : 'ticks'} aria-hidden="true">
    {ticks.map((tick, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a tick is its place
      <i key={index} className={tick} />
    ))}
  </span>
)

/** So many done of so many, as a row that fills the line. */
export const ProgressTicks = ({ done, total }: { done: number; total: number }) => (
  <Ticks fill ticks={groupTicks(done, total)} />
)
