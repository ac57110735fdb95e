/** A DAC's private key as SEC1 (RFC 5915) and as PKCS#8 (RFC 5958): written by hand, because one of each is made per device. */
import type { Dac } from './plan.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Everything is of fixed length but the key itself, so the forms are heads with holes: version 1, key, P-256, public key. */
const SEC1 = {
  head: hex('30 77 02 01 01 04 20'),
  curve: hex('a0 0a 06 08 2a8648ce3d030107'),
  point: hex('a1 44 03 42 00'),
}
const PKCS8 = {
  head: hex('30 81 87 02 01 00 30 13 06 07 2a8648ce3d0201 06 08 2a8648ce3d030107 04 6d 30 6b 02 01 01 04 20'),
  point: hex('a1 44 03 42 00'),
}

/** SEC1, 121 bytes. */
export const dacKeyDer = ({ privateKey, publicKey }: Omit<Dac, 'certificate'>): Uint8Array =>
  Buffer.concat([SEC1.head, privateKey, SEC1.curve, SEC1.point, publicKey])

/** PKCS#8. */
export const dacKeyPem = ({ privateKey, publicKey }: Omit<Dac, 'certificate'>): string => {
  const body = Buffer.concat([PKCS8.head, privateKey, PKCS8.point, publicKey]).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${(body.match(/.{1,64}/gu) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`
}
