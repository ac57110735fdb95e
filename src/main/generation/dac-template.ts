/**
 * The DACs of one run differ in four values of fixed length: serial number, common name, public key and its identifier. So the part
 * that is signed is built once, and each device's values are put into a copy of it.
 */
import type { KeyObject } from 'node:crypto'
import { keyIdentifier, toBeSigned } from '../matter/certificate-issue.ts'
import { bits, oid, sequence } from '../matter/der.ts'
import { ecdsaSign } from '../matter/key-pair.ts'
import type { DacIssuer } from './plan.ts'

export interface DacValues {
  /** 20 bytes, of which the first is between 0x40 and 0x7f. */
  readonly serialNumber: Uint8Array
  /** A UUID. */
  readonly commonName: string
  /** 65 bytes. */
  readonly publicKey: Uint8Array
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

/** Values that stand nowhere else in a certificate. */
const SAMPLE: DacValues = {
  serialNumber: new Uint8Array(20).fill(0x5a),
  commonName: '~'.repeat(36),
  publicKey: Uint8Array.of(4, ...new Uint8Array(64).fill(0xa5)),
}

/** @throws Error when the sample's values cannot be told from the rest */
const placeOf = (tbs: Buffer, value: Uint8Array): number => {
  const at = tbs.indexOf(value)
  if (at < 0 || tbs.lastIndexOf(value) !== at) throw new Error('a value of the DAC stands in it twice, or not at all')
  return at
}

/** Issues DACs for one product, DER, as `issueCertificate` does. */
export const dacIssuing = (
  issuer: Pick<DacIssuer, 'subject' | 'keyIdentifier' | 'validity'>,
  product: { readonly vendorId: number; readonly productId: number },
  key: KeyObject,
): ((values: DacValues) => Uint8Array) => {
  const { serialNumber, commonName, publicKey } = SAMPLE
  const template = Buffer.from(
    toBeSigned(
      {
        role: 'dac',
        subject: { commonName, vendorId: product.vendorId, productId: product.productId },
        publicKey,
        serialNumber,
        validity: issuer.validity,
      },
      issuer,
    ),
  )
  const places = {
    serialNumber: placeOf(template, serialNumber),
    commonName: placeOf(template, Buffer.from(commonName)),
    publicKey: placeOf(template, publicKey),
    keyIdentifier: placeOf(template, keyIdentifier(publicKey)),
  }
  return (values) => {
    const tbs = Buffer.from(template)
    tbs.set(values.serialNumber, places.serialNumber)
    tbs.write(values.commonName, places.commonName, 'latin1')
    tbs.set(values.publicKey, places.publicKey)
    tbs.set(keyIdentifier(values.publicKey), places.keyIdentifier)
    return sequence(tbs, ECDSA_WITH_SHA256, bits(ecdsaSign(key, tbs)))
  }
}
