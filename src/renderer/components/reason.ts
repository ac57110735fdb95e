/** Does the contract take this as a reason? */
export const isReason = (text: string): boolean => {
  const { length } = text.trim()
  return length >= 3 && length <= 200
}
