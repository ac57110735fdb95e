/** The manufacturing partition of one unit: its identity and what its product has in common. */
import { factoryEntries } from '../espressif/factory-partition.ts'
import { writeNvs } from '../espressif/nvs-write.ts'
import type { IdentitySecrets } from './identity.ts'

/** What all units of a product hold. */
export interface FactoryProduct {
  readonly vendorId: number
  readonly vendorName: string
  readonly productId: number
  readonly productName: string
  readonly hardwareVersion: number
  readonly hardwareVersionString: string
  readonly paiCertificate: Uint8Array
  readonly certificationDeclaration: Uint8Array | null
}

/**
 * The partition's bytes: the same for the same identity and product, whenever it is asked for. The passcode is not among them.
 *
 * @param size of the partition, bytes
 * @throws NvsError when the data does not fit
 */
export const factoryImage = (secrets: IdentitySecrets, product: FactoryProduct, size: number): Uint8Array =>
  writeNvs(
    factoryEntries({
      vendorId: product.vendorId,
      vendorName: product.vendorName,
      productId: product.productId,
      productName: product.productName,
      hardwareVersion: product.hardwareVersion,
      hardwareVersionString: product.hardwareVersionString,
      discriminator: secrets.discriminator,
      iterations: secrets.iterations,
      salt: secrets.salt,
      verifier: secrets.verifier,
      rotatingId: secrets.rotatingId,
      serialNumber: secrets.serial,
      manufacturingDate: secrets.madeOn,
      attestation: {
        dacCertificate: secrets.dacCertificate,
        dacPrivateKey: secrets.dacPrivateKey,
        dacPublicKey: secrets.dacPublicKey,
        paiCertificate: product.paiCertificate,
      },
      certificationDeclaration: product.certificationDeclaration ?? undefined,
    }),
    { size, version: 2 },
  )
