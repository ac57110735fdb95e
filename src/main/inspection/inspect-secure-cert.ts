/** What an esp_secure_cert image holds. */
import { KEY_FLAG, MATTER_SUBTYPE, SECURE_CERT_TYPE, type SecureCertEntry } from '../espressif/secure-cert-entry.ts'
import { matterContentOf, type FoundSecureCert } from '../espressif/secure-cert-matter.ts'
import { readSecureCert } from '../espressif/secure-cert-read.ts'
import { certificatesIn } from '../matter/certificate-read.ts'
import { KeyError } from '../matter/key-pair.ts'
import { readPrivateKeyFile } from '../matter/private-key-read.ts'
import { verifierFault } from '../matter/spake2p.ts'
import { inspectCertificate } from './inspect-certificate.ts'
import { facts, hex, type Fact, type Inspection, type Problem } from './inspection.ts'

const nameOf = (table: Readonly<Record<string, number>>, value: number): string | undefined =>
  Object.keys(table).find((name) => table[name] === value)

/** `deviceCertificate, 522 bytes` */
const entryWords = ({ type, subtype, data }: SecureCertEntry): string => {
  const isMatter = type === SECURE_CERT_TYPE.matter
  const name = (isMatter ? nameOf(MATTER_SUBTYPE, subtype) : nameOf(SECURE_CERT_TYPE, type)) ?? 'unknown'
  return `${type}/${subtype} ${name}, ${data.length} bytes`
}

const keyPlace = ({ keyFlags, efuseKeyId, privateKey }: FoundSecureCert): string | undefined => {
  if (keyFlags === undefined) return undefined
  if (keyFlags & KEY_FLAG.ecdsaPeripheral)
    return `eFuse key block ${efuseKeyId ?? 'not stated'}, for the ECDSA peripheral`
  if (keyFlags & KEY_FLAG.hmacDerived) return 'derived on the device from its HMAC key'
  if (keyFlags & KEY_FLAG.hmacEncrypted) return 'in the image, encrypted by the HMAC key of the device'
  return privateKey ? 'in the image, in clear' : undefined
}

const factsOf = (found: FoundSecureCert, entries: readonly SecureCertEntry[]): Fact[] => {
  const { privateKey, verifier, salt, rotatingId } = found
  return facts(
    { name: 'entries', label: 'entries', value: entries.map(entryWords) },
    { name: 'keyPlace', label: 'private key', value: keyPlace(found) },
    { name: 'privateKey', label: 'private key', value: privateKey && hex(privateKey), secret: true },
    { name: 'discriminator', label: 'discriminator', value: found.discriminator },
    { name: 'iterations', label: 'iteration count', value: found.iterations },
    { name: 'salt', label: 'salt', value: salt && hex(salt) },
    { name: 'verifier', label: 'verifier', value: verifier && hex(verifier), secret: true },
    { name: 'rotatingId', label: 'unique id for rotating ids', value: rotatingId && hex(rotatingId), secret: true },
  )
}

const keyEvidence = (found: FoundSecureCert): { publicKeys: Uint8Array[]; problems: Problem[] } => {
  const inClear = found.privateKey && !((found.keyFlags ?? 0) & (KEY_FLAG.hmacEncrypted | KEY_FLAG.hmacDerived))
  if (!found.privateKey || !inClear) return { publicKeys: [], problems: [] }
  try {
    return { publicKeys: [readPrivateKeyFile(found.privateKey, 'the private key').publicKey], problems: [] }
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    return { publicKeys: [], problems: [{ severity: 'error', code: 'key', message: error.message }] }
  }
}

/** @param image that `isSecureCert` recognises */
export const inspectSecureCert = (image: Uint8Array, now: Date): Inspection => {
  const { format, entries, findings } = readSecureCert(image)
  const found = matterContentOf(entries)
  const { publicKeys, problems } = keyEvidence(found)
  const { dacCertificate, paiCertificate, verifier, discriminator, salt, iterations } = found
  const certificate = (bytes: Uint8Array | undefined, role: 'dac' | 'pai'): Inspection[] =>
    bytes ? certificatesIn(bytes).map((der) => inspectCertificate(der, now, role)) : []
  const fault = verifier && verifierFault(verifier)
  return {
    kind: 'esp-secure-cert',
    title: `esp_secure_cert image, ${image.length} bytes${format === 'cust-flash' ? ', older cust_flash layout' : ''}`,
    facts: factsOf(found, entries),
    problems: [
      ...findings,
      ...problems,
      ...(fault === undefined ? [] : [{ severity: 'error', code: 'verifier', message: fault } as const]),
    ],
    parts: [...certificate(dacCertificate, 'dac'), ...certificate(paiCertificate, 'pai')],
    evidence: { publicKeys, ...(verifier ? { commissioning: { discriminator, verifier, salt, iterations } } : {}) },
  }
}
