/** Products and their label templates as another station's file has them. */
import type {
  FileFault,
  LabelTemplate,
  ProductDefinition,
  SettingsChange,
  StationFile,
} from '../../../contract/index.ts'
import type { TemplateLibrary } from '../../labels/template-library.ts'
import type { SavedProduct } from '../../records/product-records.ts'
import type { Station } from '../../station.ts'
import { faultsOf, fieldChanges, same, type Part } from './file-part.ts'
import { definitionOf, keepingOf, productToSave } from '../orders/products.ts'
import { RequestRefusal } from '../request-refusal.ts'

const unversioned = (template: LabelTemplate): LabelTemplate => ({ ...template, version: 0 })

export const templatesPart = async (
  { templates: library }: Station,
  { templates }: StationFile,
): Promise<Part | null> => {
  if (templates.length === 0) return null
  const here = new Map((await library.list()).map((listed) => [listed.latest.name, listed]))
  const next = templates.flatMap((template) => {
    const known = here.get(template.name)
    if (known && same(unversioned(known.latest), unversioned(template))) return []
    return [{ ...template, version: (known?.latest.version ?? 0) + 1 }]
  })
  const faults = next
    .filter(({ name }) => here.get(name)?.builtIn)
    .map(({ name }): FileFault => ({ field: `templates.${name}`, reason: 'template-built-in', values: { name } }))
  return {
    part: 'templates',
    changes: next.map(({ name, version }) => ({
      field: 'template',
      subject: name,
      before: here.get(name)?.latest.version ?? null,
      after: version,
    })),
    faults,
    left: [],
    templates: next,
  }
}

/** The library as it will be. */
const libraryWith = (library: TemplateLibrary, taken: readonly LabelTemplate[]): TemplateLibrary => ({
  ...library,
  get: (name, version) => {
    const own = taken.find(
      (template) => template.name === name && (version === undefined || version === template.version),
    )
    return own ? Promise.resolve(own) : library.get(name, version)
  },
})

/** A template that the file holds has another version here than there. */
const repinned = (
  definition: ProductDefinition,
  file: StationFile,
  versionHere: (name: string) => number | undefined,
): ProductDefinition => {
  const pin = <T extends { name: string; version: number | null }>(wanted: T): T => {
    const given = file.templates.find(({ name }) => name === wanted.name)
    if (wanted.version === null || !given) return wanted
    if (given.version !== wanted.version)
      throw new RequestRefusal('invalid', 'template-version-missing', { name: wanted.name, version: wanted.version })
    return { ...wanted, version: versionHere(wanted.name) ?? wanted.version }
  }
  const { labels } = definition
  const carton = labels.carton && { ...labels.carton, template: pin(labels.carton.template) }
  return { ...definition, labels: { ...labels, template: pin(labels.template), carton } }
}

/** A product that cannot be taken over, as its files are not here, is left out: the others are not its concern. Where none can be, the part cannot. */
export const productsPart = async (
  station: Station,
  file: StationFile,
  taken: readonly LabelTemplate[],
  who: string,
): Promise<Part | null> => {
  if (file.products.length === 0) return null
  const { records } = station.data
  const keeping = { ...keepingOf(station), templates: libraryWith(station.templates, taken) }
  const own = new Map((await station.templates.list()).map(({ latest }) => [latest.name, latest.version]))
  for (const { name, version } of taken) own.set(name, version)
  const here = new Map((await records.ask('products')).map((product) => [product.name, product]))
  const changes: SettingsChange[] = []
  const left: FileFault[] = []
  const products: SavedProduct[] = []
  for (const given of file.products)
    left.push(
      ...(await faultsOf(given.name, async () => {
        const definition = repinned(given, file, (name) => own.get(name))
        const known = here.get(definition.name)
        const before = known ? definitionOf(known) : null
        if (same(before, definition)) return
        const entry = { id: known?.id ?? null, definition }
        products.push(await productToSave(keeping, entry, station.view().station.simulated, who))
        changes.push(
          ...(before
            ? fieldChanges('product', before, definition)
            : [{ field: 'product', before: null, after: true }]
          ).map((change) => ({ ...change, subject: definition.name })),
        )
      })),
    )
  return products.length > 0 || left.length === 0
    ? { part: 'products', changes, faults: [], left, products }
    : {
        part: 'products',
        changes,
        faults: left.map((fault) => ({ ...fault, field: `products.${fault.field}` })),
        left: [],
        products,
      }
}
