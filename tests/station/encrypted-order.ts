/** What an order for boards with flash encryption and encrypted NVS needs: a release with a keys partition, and both key files. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { USUAL_CHECKS, type BoardChecks } from '../../src/contract/index.ts'
import {
  DATA_SUBTYPE,
  parsePartitionTable,
  PARTITION_TYPE,
  writePartitionTable,
} from '../../src/main/espressif/partition-table.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'

export interface EncryptedOrder {
  /** Build folder. */
  readonly release: string
  readonly boards: BoardChecks & { readonly flashKey: string; readonly nvsKeys: string }
}

const bytes = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 41 + seed * 97 + (index >> 3)) & 0xff)

export const encryptedOrder = async (folder: string): Promise<EncryptedOrder> => {
  const release = join(folder, 'build')
  await writeDemoRelease(release, { appSize: 40_000 })
  const table = join(release, 'partition_table', 'partition-table.bin')
  const keys = {
    ...{ label: 'nvs_keys', type: PARTITION_TYPE.data, subtype: DATA_SUBTYPE.nvsKeys },
    ...{ offset: 0x3f0000, size: 0x1000, encrypted: true },
  }
  writeFileSync(table, writePartitionTable([...parsePartitionTable(readFileSync(table)), keys]))
  const file = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  return {
    release,
    boards: {
      ...USUAL_CHECKS,
      security: { secureBoot: false, flashEncryption: true },
      flashKey: file('flash.key', bytes(32, 1)),
      nvsKeys: file('nvs.keys', bytes(64, 2)),
    },
  }
}
