/** A chip's name as Espressif writes it: 'esp32c3' → 'ESP32-C3'. */
export const chipLabel = (name: string): string => name.toUpperCase().replace(/^ESP32(?=.)/, 'ESP32-')
