/** The files of a PAI that a run makes under the PAA: in a folder that bears the PAI's key identifier, so none replaces another. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { certificatePem, keyIdentifier } from '../matter/certificate-issue.ts'
import type { MadePai } from './attestation-input.ts'
import { dacKeyPem } from './dac-key-files.ts'

/** The key cannot be made again: it is on the disk before the first DAC is signed. An interrupted run may have written it already. */
const write = (path: string, bytes: Uint8Array | string, mode: number): void => {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(bytes as string))) return
  const descriptor = openSync(path, 'wx', mode)
  try {
    writeSync(descriptor, typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * @param keyFile is the private key written?
 * @returns the folder
 */
export const writeMadePai = (folder: string, { certificate, key }: MadePai, keyFile: boolean): string => {
  const identifier = Buffer.from(keyIdentifier(key.publicKey)).toString('hex')
  const place = join(folder, `pai-${identifier.slice(0, 8)}`)
  makeFolder(place)
  write(join(place, 'PAI_cert.der'), certificate, 0o644)
  write(join(place, 'PAI_cert.pem'), certificatePem(certificate), 0o644)
  if (keyFile) write(join(place, 'PAI_key.pem'), dacKeyPem(key), 0o600)
  return place
}
