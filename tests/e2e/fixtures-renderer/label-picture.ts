/** A picture in the shape of a 40 × 20 mm label at 203 dpi, with a real QR code, as a data: URL of a PNG. */
import { PNG } from 'pngjs'
import qrcode from 'qrcode'

const WIDTH = 320
const HEIGHT = 160
const MODULE = 5

export const labelPicture = (payload: string): string => {
  const { modules } = qrcode.create(payload, { errorCorrectionLevel: 'M' })
  const picture = new PNG({ width: WIDTH, height: HEIGHT, colorType: 0 })
  picture.data.fill(255)
  const margin = Math.floor((HEIGHT - modules.size * MODULE) / 2)
  const isInk = (x: number, y: number): boolean => {
    const [column, row] = [Math.floor((x - margin) / MODULE), Math.floor((y - margin) / MODULE)]
    return column >= 0 && row >= 0 && column < modules.size && row < modules.size && modules.get(row, column) === 1
  }
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) if (isInk(x, y)) picture.data.fill(0, (y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 3)
  return `data:image/png;base64,${PNG.sync.write(picture).toString('base64')}`
}
