/** What a device's manufacturing partition holds, apart from how it holds it. */

/** The attestation part: DER certificates, the key as a 32-byte scalar, the public key uncompressed (65 bytes). */
export interface FactoryAttestation {
  readonly dacCertificate: Uint8Array
  readonly dacPrivateKey: Uint8Array
  readonly dacPublicKey: Uint8Array
  readonly paiCertificate: Uint8Array
}

/** One selectable mode of a Mode Select cluster. */
export interface SupportedMode {
  readonly endpoint: number
  readonly label: string
  readonly mode: number
  readonly tags: readonly { readonly value: number; readonly manufacturerCode: number }[]
}

export interface FixedLabel {
  readonly endpoint: number
  readonly label: string
  readonly value: string
}

/** What one device's partition holds. Everything that is undefined leaves no key. */
export interface FactoryData {
  readonly vendorId: number
  readonly productId: number
  readonly discriminator?: number | undefined
  readonly iterations?: number | undefined
  /** 16 to 32 bytes. */
  readonly salt?: Uint8Array | undefined
  /** w0 ‖ L, 97 bytes. */
  readonly verifier?: Uint8Array | undefined
  readonly vendorName?: string | undefined
  readonly productName?: string | undefined
  readonly hardwareVersion?: number | undefined
  readonly hardwareVersionString?: string | undefined
  /** `YYYY-MM-DD` or `YYYYMMDD` and what the maker likes, 16 bytes at most. */
  readonly manufacturingDate?: string | undefined
  /** 16 bytes, up to 32 where the firmware is built for that. */
  readonly rotatingId?: Uint8Array | undefined
  readonly productFinish?: number | undefined
  readonly productColor?: number | undefined
  readonly partNumber?: string | undefined
  readonly serialNumber?: string | undefined
  readonly attestation?: FactoryAttestation | undefined
  /** CMS, DER. */
  readonly certificationDeclaration?: Uint8Array | undefined
  /** Bit 0 Buddhist … bit 11 Taiwanese. */
  readonly calendarTypes?: number | undefined
  readonly locales?: readonly string[] | undefined
  readonly fixedLabels?: readonly FixedLabel[] | undefined
  readonly supportedModes?: readonly SupportedMode[] | undefined
  readonly productLabel?: string | undefined
  readonly productUrl?: string | undefined
  readonly mqttHost?: string | undefined
  /** 0 indoor, 1 outdoor, 2 both: read by the firmware, not known to the incumbent. */
  readonly locationCapability?: number | undefined
  /** Of the basic information cluster, in a namespace of its own: read by the firmware, not known to the incumbent. */
  readonly uniqueId?: string | undefined
}
