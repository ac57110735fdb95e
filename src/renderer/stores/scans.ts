/** Who gets the next scan: the one who asked last, as an open dialog does, and else the line. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Scan } from '../composables/useScanner/index.ts'

type Taker = (scan: Scan) => void

export const useScans = defineStore('scans', () => {
  const takers = shallowRef<readonly Taker[]>([])

  /** Takes all scans until the returned function is called. */
  const take = (taker: Taker): (() => void) => {
    takers.value = [...takers.value, taker]
    return () => {
      takers.value = takers.value.filter((other) => other !== taker)
    }
  }
  const deliver = (scan: Scan): void => takers.value.at(-1)?.(scan)
  return { take, deliver }
})
