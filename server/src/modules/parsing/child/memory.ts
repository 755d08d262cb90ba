import { readFileSync } from 'node:fs'

/** Between two looks a child can fill some 100 MB; more looks would cost more than they save. */
const lookEveryMs = 50

/**
 * Resident memory of a process in bytes, buffers included (V8's own limit does not count them); undefined when the
 * process is gone, or where there is no /proc: there the child's own guard thread acts.
 */
export const residentBytes = (pid: number): number | undefined => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

/** Calls `onExceeded` once when the process grows beyond the limit. Returns the function that stops looking. */
export const watchMemory = (pid: number, limitMb: number, onExceeded: () => void): (() => void) => {
  const timer = setInterval(() => {
    if ((residentBytes(pid) ?? 0) <= limitMb * 1_000_000) return
    clearInterval(timer)
    onExceeded()
  }, lookEveryMs)
  return () => clearInterval(timer)
}
