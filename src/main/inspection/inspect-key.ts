/** What a private key's file or an NVS keys partition is. */
import { readNvsKeys } from '../espressif/nvs-keys.ts'
import { NvsError } from '../espressif/nvs-entry.ts'
import { readKeyFile } from '../matter/key-file.ts'
import { KeyError } from '../matter/key-pair.ts'
import { inspectCertificate } from './inspect-certificate.ts'
import { hex, type Inspection } from './inspection.ts'

export const inspectPrivateKey = (bytes: Uint8Array, now: Date): Inspection => {
  const title = 'private key'
  try {
    const { key, certificates } = readKeyFile(bytes, 'it')
    return {
      kind: 'private-key',
      title: 'private key, P-256',
      facts: [
        { name: 'publicKey', label: 'public key', value: hex(key.publicKey) },
        { name: 'privateKey', label: 'private key', value: hex(key.privateKey), secret: true },
      ],
      problems: [],
      parts: certificates.map((der) => inspectCertificate(der, now)),
      evidence: { publicKeys: [key.publicKey] },
    }
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    const message = error.message.replace(/^it: /u, '')
    return {
      kind: 'private-key',
      title,
      facts: [],
      problems: [{ severity: 'error', code: 'key', message }],
      evidence: {},
    }
  }
}

/** Is it a keys partition, by its checksum? */
export const isNvsKeys = (bytes: Uint8Array): boolean => {
  try {
    return bytes.length === 4096 && readNvsKeys(bytes, 'keys') !== undefined
  } catch (error) {
    if (error instanceof NvsError) return false
    throw error
  }
}

/** @param bytes that `isNvsKeys` recognises */
export const inspectNvsKeys = (bytes: Uint8Array): Inspection => {
  const { encryption, tweak } = readNvsKeys(bytes, 'keys')
  return {
    kind: 'nvs-keys',
    title: 'keys partition of encrypted NVS',
    facts: [
      { name: 'encryptionKey', label: 'encryption key', value: hex(encryption), secret: true },
      { name: 'tweakKey', label: 'tweak key', value: hex(tweak), secret: true },
    ],
    problems: [],
    evidence: {},
  }
}
