/** The first product, release and order of a station, from what its set-up says. */
import type { ProductDefinition, SetUpCheck, SetUpInput } from '../../../contract/index.ts'
import { plainScheme } from '../../../contract/index.ts'
import { readRelease } from '../../firmware/release.ts'
import type { ProductTable } from '../../records/schema.ts'
import { labelsOf } from '../orders/orders.ts'
import type { OrderRequest } from '../orders/prepare-order.ts'
import {
  attestationPart,
  definitionOf,
  passwordOf,
  productPart,
  saveProduct,
  type ProductKeeping,
} from '../orders/products.ts'
import { registerRelease } from '../orders/releases.ts'

const productOf = async (
  { records }: ProductKeeping,
  { product }: Pick<SetUpCheck, 'product'>,
): Promise<ProductTable | undefined> => (await records.ask('products')).find(({ name }) => name === product?.name)

/** The set-up's product; what the set-up does not ask stays as it was entered with the product. */
const definitionFor = (
  input: SetUpInput,
  known: ProductDefinition | undefined,
  chip: ProductDefinition['chips'][number] | undefined,
): ProductDefinition => {
  const { serialPrefix, ...product } = input.product
  const chips = [...new Set([...(known?.chips ?? []), ...(chip ? [chip] : [])])]
  return {
    ...product,
    chips,
    serial: known ? { ...known.serial, prefix: serialPrefix } : plainScheme(serialPrefix),
    attestation: { kind: 'pai', certificate: input.paiCertificate, key: input.paiKey },
    certificationDeclaration: input.certificationDeclaration,
    labels: input.labels,
    boards: input.boards,
    testBuild: input.testBuild,
  }
}

/** The password given now, or the one kept with the product. */
export const passwordOfSetUp = async (
  keeping: ProductKeeping,
  input: Pick<SetUpCheck, 'product' | 'paiPassword'>,
): Promise<string | undefined> => {
  const known = await productOf(keeping, input)
  return input.paiPassword ?? (known && passwordOf(keeping.vault, known))
}

/** As it would be ordered; the password is the one given, or the one kept with the product. */
export const orderOfSetUp = async (keeping: ProductKeeping, input: SetUpInput): Promise<OrderRequest> => {
  const known = await productOf(keeping, input)
  const password = await passwordOfSetUp(keeping, input)
  const definition = definitionFor(input, known && definitionOf(known), undefined)
  return {
    number: input.orderNumber,
    quantity: input.quantity,
    ...productPart(definition),
    ...attestationPart(definition, password),
    labels: await labelsOf(keeping.templates, input),
    // The release decides the chip here.
    chips: undefined,
    releaseFolder: input.releaseFolder,
    factoryPartition: input.factoryPartition,
    baud: input.baud,
    simulated: false,
    dpi: input.printerDpi,
  }
}

/** Keeps product and release of a set-up. @throws RequestRefusal */
export const orderSourceOfSetUp = async (
  keeping: ProductKeeping,
  input: SetUpInput,
  who: string,
): Promise<{ productId: string; releaseId: string }> => {
  const release = { folder: input.releaseFolder, factoryPartition: input.factoryPartition }
  const releaseId = await registerRelease(keeping.records, release, who)
  const { chip } = await readRelease(input.releaseFolder, { factoryLabel: input.factoryPartition ?? undefined })
  const known = await productOf(keeping, input)
  const definition = definitionFor(input, known && definitionOf(known), chip.name)
  const entry = { id: known?.id ?? null, definition, password: input.paiPassword ?? undefined }
  return { productId: await saveProduct(keeping, entry, false, who), releaseId }
}
