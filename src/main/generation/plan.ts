/** What a run of `imprint generate` makes: checked once, then the same for all its worker threads (it can be cloned). */
import type { FactoryData } from '../espressif/factory-partition.ts'
import type { NvsItem } from '../espressif/nvs-entry.ts'
import type { CommissioningFlow } from '../matter/onboarding-payload.ts'

/** A DAC and its key. */
export interface Dac {
  /** DER. */
  readonly certificate: Uint8Array
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 65 bytes. */
  readonly publicKey: Uint8Array
}

/** The authority that signs the run's DACs. */
export interface DacIssuer {
  /** DER of its subject name. */
  readonly subject: Uint8Array
  readonly keyIdentifier: Uint8Array
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** Of the DACs. */
  readonly validity: { readonly from: Date; readonly to: Date }
}

export interface AttestationPlan {
  /** DER. */
  readonly paiCertificate: Uint8Array
  /** Undefined when every DAC is given. */
  readonly issuer: DacIssuer | undefined
}

/** What goes into esp_secure_cert in place of the manufacturing partition. */
export interface SecureCertPlan {
  /** Commissioning data and rotating id too, not the DAC alone. */
  readonly commissioning: boolean
  /** The ECDSA peripheral takes the DAC's key from this eFuse key block (0 to 5): then the image does not hold it. */
  readonly efuseKeyId: number | undefined
}

export interface GenerationPlan {
  readonly vendorId: number
  readonly productId: number
  /** The options' values for all devices; a device's own values come before them. */
  readonly common: Partial<FactoryData>
  readonly iterations: number
  readonly flow: CommissioningFlow
  /** Bits of `DISCOVERY`. */
  readonly discovery: number
  /** The firmware makes its passcodes itself: no verifier, no codes. */
  readonly dynamicPasscode: boolean
  readonly withRotatingId: boolean
  readonly attestation: AttestationPlan | undefined
  readonly certificationDeclaration: { readonly path: string; readonly bytes: Uint8Array } | undefined
  readonly secureCert: SecureCertPlan | undefined
  readonly partition: { readonly size: number; readonly encrypt: boolean; readonly image: boolean }
  /** Are files with private keys written? The images always hold what the device needs. */
  readonly keyFiles: boolean
  /** `<outdir>/<vid>_<pid>`, absolute. */
  readonly folder: string
}

/** What is given for one device; everything else is made for it. */
export interface GivenDevice {
  readonly passcode?: number | undefined
  readonly data: Partial<FactoryData>
  readonly dac?: Dac | undefined
  /** Keys of the user's own, in the order of `--csv`. */
  readonly own: readonly OwnItem[]
}

/** An entry as the partition's CSV says it. */
export interface OwnItem {
  readonly item: NvsItem
  /** `data` or `file`, and the encoding, as in `--csv`. */
  readonly type: string
  readonly encoding: string
  readonly value: string
}
