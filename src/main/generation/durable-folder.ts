/** Whether what was written has reached the disk. */
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync } from 'node:fs'

/** The names in the folder are on the disk when it returns; where a folder cannot be synced (Windows), the system keeps them itself. */
export const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Everything in the folder, with its content, is on the disk when it returns, as far as the system can be asked for that at once:
 * a dozen small files for each device, synced one by one, would take longer than all the rest.
 */
export const flushFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const { status } = spawnSync('sync', ['-f', folder], { stdio: 'ignore' })
  if (status !== 0) spawnSync('sync', [], { stdio: 'ignore' })
}
