/** A file that the station made, as it comes over the contract. */
interface MadeFile {
  readonly name: string
  /** Media type. */
  readonly type: string
  /** Base64. */
  readonly content: string
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))

/** Gives the file to the browser to save. */
export const saveFile = ({ name, type, content }: MadeFile): void => {
  const address = URL.createObjectURL(new Blob([bytesOf(content)], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
