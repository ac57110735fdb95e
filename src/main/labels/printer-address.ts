/** How a printer is named in settings and at the terminal. */

export type PrinterAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'usb'; readonly path: string }
  /** pdf: the queue's driver draws a page in true size; raw: a queue without a driver passes ZPL on. */
  | { readonly kind: 'cups'; readonly queue: string; readonly form: 'pdf' | 'raw' }
  /** A printer of the operating system by its name there; the Imprint window prints to it. */
  | { readonly kind: 'system'; readonly name: string }

const RAW_PORT = 9100

export class PrinterAddressError extends Error {
  constructor(address: string) {
    super(
      `'${address}' is no printer address; tcp://HOST:9100, usb:/dev/usb/lp0, cups:QUEUE, cups-raw:QUEUE, system:NAME and folder:PATH are`,
    )
    this.name = 'PrinterAddressError'
  }
}

const parseTcp = (address: string): PrinterAddress => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const bare = url && url.username === '' && url.password === '' && /^\/?$/u.test(url.pathname) && url.search === ''
  if (!bare || url.hostname === '' || url.hash !== '') throw new PrinterAddressError(address)
  const port = url.port === '' ? RAW_PORT : Number(url.port)
  if (port === 0) throw new PrinterAddressError(address)
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/gu, ''), port }
}

/** @throws PrinterAddressError saying what is allowed */
export const parsePrinterAddress = (address: string): PrinterAddress => {
  const [, scheme, rest = ''] = /^([a-z-]+):(.*)$/su.exec(address) ?? []
  if (scheme === 'tcp') return parseTcp(address)
  if (scheme === 'folder' && rest !== '') return { kind: 'folder', path: rest }
  if (scheme === 'usb' && rest.startsWith('/dev/')) return { kind: 'usb', path: rest }
  // CUPS: a queue's name holds no space, slash or number sign.
  if ((scheme === 'cups' || scheme === 'cups-raw') && /^[^\s/#-][^\s/#]{0,126}$/u.test(rest))
    return { kind: 'cups', queue: rest, form: scheme === 'cups' ? 'pdf' : 'raw' }
  if (scheme === 'system' && /^[^\p{Cc}]{1,200}$/u.test(rest) && rest.trim() !== '')
    return { kind: 'system', name: rest }
  throw new PrinterAddressError(address)
}
