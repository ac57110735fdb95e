/** Undo and redo over whole values: what was is kept, what comes after an undone step goes. */
export interface History<T> {
  readonly values: readonly T[]
  /** Of the value that is shown. */
  readonly at: number
}

const KEPT = 200

export const begun = <T>(value: T): History<T> => ({ values: [value], at: 0 })

export const pushed = <T>({ values, at }: History<T>, value: T): History<T> => {
  const next = [...values.slice(0, at + 1), value].slice(-KEPT)
  return { values: next, at: next.length - 1 }
}

export const undone = <T>(history: History<T>): History<T> => ({ ...history, at: Math.max(0, history.at - 1) })

export const redone = <T>(history: History<T>): History<T> => ({
  ...history,
  at: Math.min(history.values.length - 1, history.at + 1),
})
