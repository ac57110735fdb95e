/** `--cert-dclrn`: the Certification Declaration, held against the product and its PAI before it goes into any partition. */
import { resolve } from 'node:path'
import { certificatesIn, readCertificate } from '../matter/certificate-read.ts'
import { verifyDeclaration } from '../matter/declaration-check.ts'
import type { Authority, Product } from './attestation-input.ts'
import { GenerationError } from './generation-error.ts'
import { asInput, readInput } from './input-file.ts'

export interface DeclarationOptions {
  readonly certDclrn?: string
  /** Certificates that may sign declarations. */
  readonly cdSigner?: string
}

/** @throws GenerationError naming the file and everything that is wrong with it */
export const loadDeclaration = (
  { certDclrn: path, cdSigner }: DeclarationOptions,
  product: Product,
  authority: Authority | undefined,
): { readonly path: string; readonly bytes: Uint8Array } | undefined => {
  if (path === undefined) {
    if (cdSigner !== undefined)
      throw new GenerationError('--cd-signer is given without --cert-dclrn, whose signature it checks')
    return undefined
  }
  const bytes = Uint8Array.from(readInput('--cert-dclrn', path))
  const signers =
    cdSigner === undefined
      ? undefined
      : asInput('--cd-signer', () =>
          certificatesIn(readInput('--cd-signer', cdSigner)).map((der) => readCertificate(der, cdSigner)),
        )
  const faults = verifyDeclaration(bytes, {
    signers,
    product,
    pai: authority?.pai,
    paa: authority?.paa && readCertificate(authority.paa, 'the PAA').subjectKeyIdentifier,
  })
  if (faults.length > 0)
    throw new GenerationError(`--cert-dclrn ${path}: ${faults.map(({ message }) => message).join('; ')}`)
  return { path: resolve(path), bytes }
}
