/** The options of `imprint generate`, before they are read. */
import type { ListOptions } from './cluster-lists.ts'

/** As the command line gives them; texts are not checked yet. */
export interface GenerateOptions extends ListOptions {
  readonly count?: string
  readonly target: string
  readonly size: string
  readonly encrypt?: true
  readonly outdir: string
  readonly bin: boolean
  readonly secureCertBin: boolean
  readonly privateKeys: boolean
  readonly passcode?: string
  readonly discriminator?: string
  readonly commissioningFlow: string
  readonly discoveryMode: string
  readonly enableDynamicPasscode?: true
  readonly salt?: string
  readonly verifier?: string
  readonly iterationCount: string
  readonly commissionableDataInSecureCert?: true
  readonly dacInSecureCert?: true
  readonly lifetime?: string
  readonly validFrom?: string
  readonly cnPrefix: string
  readonly cert?: string
  readonly key?: string
  readonly certDclrn?: string
  readonly cdSigner?: string
  readonly dacCert?: string
  readonly dacKey?: string
  readonly dacs?: string
  readonly dsPeripheral?: true
  readonly efuseKeyId: string
  readonly port?: string
  readonly password?: string
  readonly paa?: true
  readonly pai?: true
  readonly paaCert?: string
  readonly vendorId: string
  readonly productId: string
  readonly enableRotatingDeviceId?: true
  readonly rdIdUidInSecureCert?: true
  readonly serialNum?: string
  readonly rdIdUid?: string
  readonly csv?: string
  readonly mcsv?: string
}
