/** A file that the station made, as it comes over the contract. */
interface MadeFile {
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly content: string
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))

/** Gives the file to the browser to save. `encoding` says how its content is written. */
export const saveFile = ({ name, type, content }: MadeFile, encoding: 'text' | 'base64'): void => {
  const blob = new Blob([encoding === 'base64' ? bytesOf(content) : content], { type })
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
