/**
 * How long the simulated flash takes, milliseconds: typical values of a 4 MB part (Winbond W25Q32JV data sheet, section 9.6: page
 * program 0.4–0.7 ms typical to often measured, sector erase 45 ms typical, 64 kB block erase 150 ms typical).
 */
export const PAGE_PROGRAM = 0.5
export const SECTOR_ERASE = 45
export const BLOCK_ERASE = 150

const PAGE = 256
const SECTORS_PER_BLOCK = 16

export const programTime = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE_PROGRAM

/** Sectors in a row are erased by blocks where they fill one. */
export const eraseTime = (sectors: number): number =>
  Math.floor(sectors / SECTORS_PER_BLOCK) * BLOCK_ERASE + (sectors % SECTORS_PER_BLOCK) * SECTOR_ERASE
